import { WHOLE_DESK } from "../rules/sla_metrics.ts";
import type { PackLevel } from "../rules/sla_range.ts";
import type { Instant } from "../rules/time.ts";
import { keys, type PackName } from "./keys.ts";
import { readValues, type Store } from "./store.ts";
import type { Transaction } from "./transact.ts";

/** Below what a value may hold. Of each piece the first byte says how many follow it. */
const PIECE_BYTES_MAX = 60_000;

/** Packs are large: fewer of them at once than of other values. */
const PACKS_LISTED_AT_ONCE = 50;

/** Writes a pack of which nothing was taken away since it was last written. */
export function writePack(tx: Transaction, name: PackName, bytes: Uint8Array): void {
  for (const [index, piece] of piecesOf(bytes).entries()) tx.set(keys.slaPack(name, index), piece);
}

export function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES_MAX));
  return Array.from({ length: count }, (_, index) => {
    const from = index * PIECE_BYTES_MAX;
    const content = bytes.subarray(from, from + PIECE_BYTES_MAX);
    const piece = new Uint8Array(1 + content.length);
    piece[0] = count - 1 - index;
    piece.set(content, 1);
    return piece;
  });
}

/** The bytes of a pack from all of its pieces. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first.subarray(1);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length - 1, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(1), at);
    at += piece.length - 1;
  }
  return bytes;
}

/** The pack of the whole desk that begins then. */
export function deskPackName(level: PackLevel, start: Instant): PackName {
  const { department: whose, priority } = WHOLE_DESK;
  return { scope: "desk", level, start, whose, priority };
}

/** Reads packs in the order of their names, null for each that is not there. */
export async function readPacks(
  store: Store,
  names: readonly PackName[],
): Promise<(Uint8Array | null)[]> {
  const firsts = await readValues<Uint8Array>(store, names.map((name) => keys.slaPack(name, 0)));
  return await Promise.all(names.map((name, index) => {
    const first = firsts[index] ?? null;
    return first === null ? null : withRest(store, name, first);
  }));
}

async function withRest(store: Store, name: PackName, first: Uint8Array): Promise<Uint8Array> {
  const following = first[0] ?? 0;
  if (following === 0) return joinPieces([first]);
  const rest = Array.from({ length: following }, (_, index) => keys.slaPack(name, index + 1));
  const pieces = await readValues<Uint8Array>(store, rest);
  return joinPieces([first, ...pieces.filter((piece) => piece !== null)]);
}

/** The packs of all departments, or all agents, that begin from `from` to `to`, in their order. */
export async function* listPacks(
  store: Store,
  { scope, level }: Pick<PackName, "scope" | "level">,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): AsyncGenerator<Pick<PackName, "start" | "whose"> & { readonly bytes: Uint8Array }> {
  const range = {
    start: keys.slaPacks(scope, level, from),
    end: keys.slaPacks(scope, level, to + 1),
  };
  let pieces: Uint8Array[] = [];
  const entries = store.reader.list<Uint8Array>(range, { batchSize: PACKS_LISTED_AT_ONCE });
  for await (const { key, value } of entries) {
    pieces.push(value);
    if (value[0] !== 0) continue;
    yield { start: Number(key[3]), whose: String(key[4]), bytes: joinPieces(pieces) };
    pieces = [];
  }
}
