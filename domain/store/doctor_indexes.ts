import { isKvU64, type KvKey, kvU64 } from "./open.ts";

/** Something in the store that does not follow from the records. */
export interface Fault {
  readonly kind: "missing" | "stray" | "wrong" | "counter" | "broken";
  readonly key: KvKey;
  readonly message: string;
  /** What must stand there (null: nothing); absent where only a person can tell. */
  readonly remedy?: { readonly value: unknown } | null;
}

/** Keys that hold sums over records. */
const COUNTERS = new Set(["count", "word"]);

export function isCounter(key: KvKey): boolean {
  return COUNTERS.has(String(key[0]));
}

type Entries = ReadonlyMap<string, { readonly key: KvKey; readonly value: unknown }>;

/** What the records ask to stand in the indexes, against what does. */
export function* compareIndexes(expected: Entries, standing: Entries): Generator<Fault> {
  for (const [text, { key, value }] of expected) {
    const found = standing.get(text);
    const remedy = { value };
    if (found === undefined) yield { kind: "missing", key, message: "no index entry", remedy };
    else if (!isSame(found.value, value)) {
      yield { kind: "wrong", key, message: "differs from its record", remedy };
    }
  }
  for (const [text, { key }] of standing) {
    if (isCounter(key) || expected.has(text)) continue;
    yield { kind: "stray", key, message: "no record has this index entry", remedy: null };
  }
}

/** What the records add up to, against what the counters say. */
export function* compareCounters(
  counts: ReadonlyMap<string, { readonly key: KvKey; readonly count: bigint }>,
  standing: Entries,
): Generator<Fault> {
  for (const [text, { key, value }] of standing) {
    if (!isCounter(key)) continue;
    const count = counts.get(text)?.count ?? 0n;
    if (isKvU64(value) && value.value === count) continue;
    const message = `is ${isKvU64(value) ? value.value : "no counter"}, must be ${count}`;
    yield { kind: "counter", key, message, remedy: { value: kvU64(count) } };
  }
  for (const [text, { key, count }] of counts) {
    if (standing.has(text)) continue;
    const remedy = { value: kvU64(count) };
    yield { kind: "counter", key, message: `is missing, must be ${count}`, remedy };
  }
}

/** Plain data, written in the same order by the same code. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
