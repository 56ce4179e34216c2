/**
 * Bytes that a value takes when it is stored: never less than the structured serialisation of V8
 * makes of it, and seldom more than a tenth above. Cheap, because every commit asks.
 */
export function storedBytes(value: unknown): number {
  if (typeof value !== "object" || value === null) return VALUE_HEAD_BYTES + partBytes(value);
  const known = reckoned.get(value);
  if (known !== undefined) return known;
  const bytes = VALUE_HEAD_BYTES + objectBytes(value);
  reckoned.set(value, bytes);
  return bytes;
}

/** A ticket stands under several keys of one commit, and no value changes once it is written. */
const reckoned = new WeakMap<object, number>();

function partBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return STRING_HEAD_BYTES + textBytes(value);
    case "object":
      return value === null ? 1 : objectBytes(value);
    default:
      return NUMBER_BYTES;
  }
}

const VALUE_HEAD_BYTES = 2;
const STRING_HEAD_BYTES = 5;
const NUMBER_BYTES = 9;
const OBJECT_FRAME_BYTES = 6;
/** An array tells its length twice. */
const ARRAY_FRAME_BYTES = 11;

function objectBytes(value: object): number {
  if (ArrayBuffer.isView(value)) return OBJECT_FRAME_BYTES + value.byteLength;
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + partBytes(item), ARRAY_FRAME_BYTES);
  }
  let bytes = OBJECT_FRAME_BYTES;
  for (const [name, item] of Object.entries(value)) {
    bytes += STRING_HEAD_BYTES + textBytes(name) + partBytes(item);
  }
  return bytes;
}

/** Text within Latin-1 takes a byte a unit, other text two. */
function textBytes(text: string): number {
  return !/[^\p{ASCII}\u0080-\u00ff]/u.test(text) ? text.length : text.length * 2 + 1;
}

/** Bytes of a key: its parts as UTF-8 with their frames. */
export function keyBytes(key: readonly unknown[]): number {
  let bytes = 0;
  // In UTF-8 a UTF-16 unit takes three bytes at most; only text beyond Latin-1 is that long.
  for (const part of key) {
    bytes += typeof part === "string" ? part.length * 3 + 2 : NUMBER_BYTES + 1;
  }
  return bytes;
}
