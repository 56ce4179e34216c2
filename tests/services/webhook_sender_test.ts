import assert from "node:assert/strict";
import type { lookup } from "node:dns";
import { makeSender, type Send } from "../../domain/services/webhook_sender.ts";
import { AUTHORITY, CERTIFICATE, PRIVATE_KEY } from "../support/certificate.ts";

/** A receiver on this machine that does what the path says. */
interface Local extends AsyncDisposable {
  readonly port: number;
  readonly heard: { readonly path: string; readonly host: string; readonly body: string }[];
}

function listenLocally(tls: Deno.TlsCertifiedKeyPem | object = {}): Local {
  const heard: { path: string; host: string; body: string }[] = [];
  const ending = new AbortController();
  const server = Deno.serve({
    ...tls,
    port: 0,
    hostname: "127.0.0.1",
    signal: ending.signal,
    onListen: () => {},
  }, async (request) => {
    const { pathname } = new URL(request.url);
    const host = request.headers.get("host") ?? "";
    heard.push({ path: pathname, host, body: await request.text() });
    if (pathname === "/redirect") {
      return new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    }
    if (pathname === "/endless") {
      const pull = (controller: ReadableStreamDefaultController): void =>
        controller.enqueue(new Uint8Array(16 * 1_024));
      return new Response(new ReadableStream({ pull }), { status: 202 });
    }
    if (pathname === "/silent") await new Promise(() => {});
    const status = Number(pathname.slice(1)) || 200;
    return new Response(status === 204 ? null : "Thank you", { status });
  });
  return {
    port: server.addr.port,
    heard,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
}

/** A name server that gives these answers one after the other, the last for ever. */
function namesLeadTo(...answers: string[][]): { resolve: typeof lookup; asked: string[] } {
  const asked: string[] = [];
  const resolve = (name: string, _options: unknown, callback: Answered): void => {
    asked.push(name);
    const addresses = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { resolve: resolve as unknown as typeof lookup, asked };
}
type Answered = (error: null, found: { address: string; family: number }[]) => void;

function post(send: Send, url: string, signal?: AbortSignal): ReturnType<Send> {
  const request = { url, headers: { "content-type": "application/json" }, body: '{"a":1}' };
  return send(signal === undefined ? request : { ...request, signal });
}

Deno.test("what is posted arrives whole, and only the status of the answer counts", async () => {
  await using local = listenLocally();
  const send = makeSender(true);
  for (const status of [200, 204, 400, 410, 500]) {
    assert.deepEqual(await post(send, `http://127.0.0.1:${local.port}/${status}`), { status });
  }
  assert.equal(local.heard[0]?.body, '{"a":1}');
});

Deno.test("a redirect is an answer like any other and is not followed", async () => {
  await using local = listenLocally();
  const url = `http://127.0.0.1:${local.port}/redirect`;
  assert.deepEqual(await post(makeSender(true), url), { status: 302 });
  assert.deepEqual(local.heard.map(({ path }) => path), ["/redirect"]);
});

Deno.test("an answer without end is left off after its status", async () => {
  await using local = listenLocally();
  const url = `http://127.0.0.1:${local.port}/endless`;
  assert.deepEqual(await post(makeSender(true), url), { status: 202 });
});

Deno.test("who does not answer, or is not there, is a failure and no exception", async () => {
  await using local = listenLocally();
  const send = makeSender(true);
  const giveUp = AbortSignal.timeout(50);
  const silent = await post(send, `http://127.0.0.1:${local.port}/silent`, giveUp);
  assert.deepEqual(silent, { failure: "unreachable" });
  const spare = listenLocally();
  const { port } = spare;
  await spare[Symbol.asyncDispose]();
  assert.deepEqual(await post(send, `http://127.0.0.1:${port}/`), { failure: "unreachable" });
  assert.deepEqual(await post(send, `https://127.0.0.1:${local.port}/`), {
    failure: "unreachable",
  });
});

Deno.test("an address that is not public is never connected to, however it is named", async () => {
  await using local = listenLocally();
  const { resolve, asked } = namesLeadTo(["127.0.0.1"]);
  const send = makeSender(false, resolve);
  const hosts = ["127.0.0.1", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "hook.test"];
  for (const host of [...hosts, "localhost"]) {
    for (const scheme of ["http", "https"]) {
      assert.deepEqual(await post(send, `${scheme}://${host}:${local.port}/`), {
        failure: "address_refused",
      }, host);
    }
  }
  assert.deepEqual(new Set(asked), new Set(["hook.test", "localhost"]));
  assert.deepEqual(local.heard, []);
});

Deno.test("the machine's own resolver is checked like any other", async () => {
  await using local = listenLocally();
  const outcome = await post(makeSender(false), `http://localhost:${local.port}/`);
  assert.deepEqual(outcome, { failure: "address_refused" });
  assert.deepEqual(local.heard, []);
  const allowed = await post(makeSender(true), `http://localhost:${local.port}/`);
  assert.deepEqual(allowed, { status: 200 });
});

Deno.test("of several addresses of a name those that are not public are left out", async () => {
  const { resolve } = namesLeadTo(["10.0.0.1", "192.168.0.1", "fd00::1", "::ffff:8.8.8.8"]);
  assert.deepEqual(await post(makeSender(false, resolve), "http://hook.test/"), {
    failure: "address_refused",
  });
});

Deno.test("the connection goes to the address that was checked: a name is looked up once a try", async () => {
  await using local = listenLocally();
  // A second look-up would lead to where nobody listens.
  const { resolve, asked } = namesLeadTo(["127.0.0.1"], ["127.0.0.2"]);
  const url = `http://hook.test:${local.port}/`;
  assert.deepEqual(await post(makeSender(true, resolve), url), { status: 200 });
  assert.deepEqual(asked, ["hook.test"]);
  assert.equal(local.heard[0]?.host, `hook.test:${local.port}`);
});

Deno.test("a certificate is asked for by name, and good only from who is trusted", async () => {
  await using local = listenLocally({ cert: CERTIFICATE, key: PRIVATE_KEY });
  const authority = await Deno.makeTempFile({ suffix: ".pem" });
  await Deno.writeTextFile(authority, AUTHORITY);
  const post = async (host: string, ...trust: string[]): Promise<unknown> => {
    // No more than a server of ours is allowed.
    const args = ["run", "--no-prompt", "--quiet", ...trust, "--allow-net"];
    const url = `https://${host}:${local.port}/`;
    const script = new URL("../support/post_once.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: [...args, script, url] })
      .output();
    return JSON.parse(new TextDecoder().decode(stdout));
  };
  assert.deepEqual(await post("localhost", "--cert", authority), { status: 200 });
  assert.deepEqual(await post("127.0.0.1", "--cert", authority), { failure: "unreachable" });
  assert.deepEqual(await post("localhost"), { failure: "unreachable" });
  assert.equal(local.heard.length, 1);
  await Deno.remove(authority);
});
