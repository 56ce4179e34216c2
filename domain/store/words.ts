import { endOf, keys } from "./keys.ts";
import type { KvListSelector, KvU64 } from "./open.ts";
import type { Count } from "./records.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

/**
 * Which tickets have a word: by the group of their numbers, 64 in each, with a bit for each number.
 * A commit adds or takes away the bits of its own ticket blindly, by sums: a record tells exactly
 * which words it had and has, so that bits never meet, and no commit conflicts with another.
 */
export type Bitmap = ReadonlyMap<number, bigint>;

const GROUP_NUMBERS = 64;

/** The bit by which a ticket tells that it has a word. */
export function wordBit(word: string, number: number): Count {
  const { group, bit } = bitOf(number);
  return { key: keys.word(word, group), by: bit };
}

function bitOf(number: number): { readonly group: number; readonly bit: bigint } {
  const group = Math.floor(number / GROUP_NUMBERS);
  return { group, bit: 1n << BigInt(number - group * GROUP_NUMBERS) };
}

/** Six million numbers: tickets that are older are not found by their words. */
const GROUPS_READ_MAX = 100_000;
/** A prefix whose words stand in more groups than this is too common to be looked up. */
export const PREFIX_GROUPS_READ_MAX = 20_000;

/** The tickets that have a word: one read, of a key for each 64 numbers at most. */
export async function readWord(store: Store, word: string): Promise<Bitmap> {
  const selector = { prefix: keys.word(word, 0).slice(0, -1) };
  const bitmap = new Map<number, bigint>();
  await addGroups(store, selector, bitmap, GROUPS_READ_MAX);
  return bitmap;
}

/** The tickets that have a word with this beginning; null when that is too common. */
export async function readPrefix(store: Store, prefix: string): Promise<Bitmap | null> {
  const [name = "", first = ""] = keys.word(prefix, 0);
  const selector = { start: [name, first], end: [name, endOf(prefix)] };
  const bitmap = new Map<number, bigint>();
  const all = await addGroups(store, selector, bitmap, PREFIX_GROUPS_READ_MAX);
  return all ? bitmap : null;
}

/** Whether it came to the end of what there is. */
async function addGroups(
  store: Store,
  selector: KvListSelector,
  bitmap: Map<number, bigint>,
  limit: number,
): Promise<boolean> {
  let left = limit;
  const options = { reverse: true, batchSize: LIST_BATCH_MAX };
  for await (const { key, value } of store.reader.list<KvU64>(selector, options)) {
    if (left-- === 0) return false;
    const group = Number(key.at(-1));
    bitmap.set(group, (bitmap.get(group) ?? 0n) | value.value);
  }
  return true;
}

/** The tickets that are in both. */
export function intersect(a: Bitmap, b: Bitmap): Bitmap {
  const both = new Map<number, bigint>();
  for (const [group, bits] of a) {
    const shared = bits & (b.get(group) ?? 0n);
    if (shared !== 0n) both.set(group, shared);
  }
  return both;
}

/** The bitmap with some numbers more. */
export function withNumbers(bitmap: Bitmap, numbers: Iterable<number>): Bitmap {
  const more = new Map(bitmap);
  for (const number of numbers) {
    const { group, bit } = bitOf(number);
    more.set(group, (more.get(group) ?? 0n) | bit);
  }
  return more;
}

/** The numbers below a number, the greatest first. */
export function* numbersBelow(bitmap: Bitmap, below: number): Generator<number> {
  const groups = [...bitmap.keys()].sort((a, b) => b - a);
  for (const group of groups) {
    const first = group * GROUP_NUMBERS;
    if (first >= below) continue;
    const bits = bitmap.get(group) ?? 0n;
    for (let place = GROUP_NUMBERS - 1; place >= 0; place--) {
      if ((bits >> BigInt(place) & 1n) === 1n && first + place < below) yield first + place;
    }
  }
}

/** How many tickets there are in it. */
export function countBits(bitmap: Bitmap): number {
  let count = 0;
  for (const bits of bitmap.values()) {
    count += countBits32(Number(bits & 0xffff_ffffn)) + countBits32(Number(bits >> 32n));
  }
  return count;
}

/** Adds neighbouring fields of 1, 2, 4 and 8 bits (Warren, Hacker's Delight, 5-1). */
function countBits32(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
