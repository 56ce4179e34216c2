/** One connection that sends a request and reads its answer, with as little work as can be. */
export interface Wire {
  /** Fails unless the answer has one of these statuses; the body is read and thrown away. */
  send(request: Uint8Array): Promise<void>;
  close(): void;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const BUFFER_BYTES = 256 * 1_024;

/**
 * A client that parses an answer's headers costs more than the server that is measured, and more for
 * the side that sends more of them: so this one looks at the status and the length alone.
 */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay(true);
  const buffer = new Uint8Array(BUFFER_BYTES);
  return {
    async send(request) {
      await connection.write(request);
      let filled = 0;
      let needed = Infinity;
      while (filled < needed) {
        const read = await connection.read(buffer.subarray(filled));
        if (read === null) throw new Error("The server closed the connection");
        filled += read;
        if (needed === Infinity) needed = answerBytes(buffer.subarray(0, filled));
      }
    },
    close: () => connection.close(),
  };
}

/** How long the answer is whose beginning this is; infinite while its headers are not whole. */
function answerBytes(start: Uint8Array): number {
  const head = DECODER.decode(start);
  const end = head.indexOf("\r\n\r\n");
  if (end < 0) return Infinity;
  const status = Number(head.slice(9, 12));
  if (status !== 200 && status !== 201) throw new Error(`Answered ${head}`);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error("The answer does not tell its length");
  return end + 4 + Number(length);
}

/** The bytes of a request. */
export function requestBytes(
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const content = body === undefined ? "" : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(content === "" ? [] : ["Content-Type: application/json"]),
    ...(method === "GET" ? [] : [`Content-Length: ${ENCODER.encode(content).length}`]),
  ];
  return ENCODER.encode(`${lines.join("\r\n")}\r\n\r\n${content}`);
}
