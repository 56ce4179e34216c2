/**
 * Whole numbers from 0 to 2^53 - 1 in as few bytes as they need: seven bits a byte, the lowest
 * first, the eighth bit set where another byte follows.
 */
export class VarintReader {
  /** Where the next byte stands. */
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Behind the end there are zeros. */
  number(): number {
    let byte = this.#bytes[this.at++] ?? 0;
    if (byte < 128) return byte;
    let value = byte & 127;
    // Multiplied, for bits end at 32.
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 127) * scale;
    }
    return value;
  }

  /** Text that `VarintWriter.text` wrote. */
  text(): string {
    const length = this.number();
    this.at += length;
    return decoder.decode(this.#bytes.subarray(this.at - length, this.at));
  }
}

export class VarintWriter {
  readonly #bytes: number[] = [];

  number(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.#bytes.push(left % 128 + 128);
    this.#bytes.push(left);
  }

  /** The length of what follows, and that. */
  piece(bytes: Uint8Array): void {
    this.number(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  text(value: string): void {
    this.piece(encoder.encode(value));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
