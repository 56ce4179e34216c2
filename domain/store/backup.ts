import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import {
  abandonImport,
  beginImport,
  COMMIT_MARKER,
  commitImport,
  IMPORT_MARK,
  removeMark,
  type RunningImport,
} from "./importing.ts";
import { KINDS } from "./kinds.ts";
import { isKvU64, type KvKey, kvU64 } from "./open.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";
import type { Transaction } from "./transact.ts";

/**
 * What is not carried over: the feed is history of this store alone, and with it how far webhooks
 * have come in it and what they were told; the rest is of one moment.
 */
const LEFT_OUT = new Set([
  "feed",
  "feed_pruned",
  "presence",
  "bell",
  COMMIT_MARKER,
  IMPORT_MARK,
  "probe",
  "rate",
  "lease",
  "webhook_progress",
  "webhook_delivery",
]);

/** How many entries one transaction takes while a backup is restored. */
const RESTORED_AT_ONCE = 100;
const RESTORED_BYTES_AT_ONCE = 300_000;

/**
 * Every entry of the store as a line of JSON, and a last line that counts them: without it a backup
 * has been cut off. Not a snapshot: stop the desk for a consistent one.
 */
export async function* exportLines(store: Store): AsyncGenerator<string> {
  const everything = store.reader.list({ prefix: [] }, { batchSize: LIST_BATCH_MAX });
  let entries = 0;
  for await (const { key, value } of everything) {
    if (LEFT_OUT.has(String(key[0]))) continue;
    entries += 1;
    yield `${JSON.stringify({ key, ...contentOf(value) })}\n`;
  }
  yield lastLine(entries);
}

/** What JSON has no form for is told by another name. */
function contentOf(value: unknown): Record<string, unknown> {
  if (isKvU64(value)) return { counter: value.value.toString() };
  if (value instanceof Uint8Array) return { bytes: value.toBase64() };
  return { value };
}

function lastLine(entries: number): string {
  return `${JSON.stringify({ end: entries })}\n`;
}

/**
 * Restores what `exportLines` wrote, whole: until its last commit the store is marked, by which
 * `holdsPart` tells it. Refuses as `beginImport`, and other lines.
 */
export async function importLines(
  store: Store,
  text: AsyncIterable<string>,
): Promise<{ readonly entries: number } | Refusal> {
  const running = await beginImport(store);
  if (isRefusal(running)) return running;
  let imported: { readonly entries: number } | Refusal | null = null;
  try {
    return imported = await restoreLines(running, text);
  } finally {
    // It was empty before: a backup that cannot be restored leaves it so.
    if (imported === null || isRefusal(imported)) await abandonImport(running);
  }
}

async function restoreLines(
  running: RunningImport,
  text: AsyncIterable<string>,
): Promise<{ readonly entries: number } | Refusal> {
  let entries = 0;
  let batch: Entry[] = [];
  let bytes = 0;
  let isWhole = false;
  for await (const line of linesOf(text)) {
    if (isWhole) return refuse("invalid_input", "There are lines after the end of the backup.");
    isWhole = `${line}\n` === lastLine(entries);
    if (isWhole) continue;
    const entry = parseEntry(line);
    if (entry === null) {
      return refuse("invalid_input", `Line ${entries + 1} is no entry of a backup.`);
    }
    batch.push(entry);
    entries += 1;
    bytes += line.length;
    if (batch.length < RESTORED_AT_ONCE && bytes < RESTORED_BYTES_AT_ONCE) continue;
    const restored = await commitImport(running, putAll(running, batch));
    if (isRefusal(restored)) return restored;
    [batch, bytes] = [[], 0];
  }
  if (!isWhole) return refuse("invalid_input", `The backup is cut off after line ${entries}.`);
  const restored = await commitImport(running, (tx) => {
    putAll(running, batch)(tx);
    removeMark(tx);
  });
  return isRefusal(restored) ? restored : { entries };
}

interface Entry {
  readonly key: KvKey;
  readonly value: unknown;
}

function putAll({ store }: RunningImport, batch: readonly Entry[]): (tx: Transaction) => void {
  return (tx) => {
    for (const { key, value } of batch) tx.set(key, value, expiryOf(store, key, value));
  };
}

/** The milliseconds left of what would have vanished by itself; undefined for what stays. */
function expiryOf(store: Store, [name]: KvKey, value: unknown): number | undefined {
  const kind = KINDS.get(String(name));
  const expiresAt = kind?.expiresAt !== undefined
    ? kind.expiresAt(value as { readonly schema: number }) // as the kind wrote it
    : typeof value === "object" && value !== null && "expiresAt" in value
    ? Number(value.expiresAt)
    : null;
  return expiresAt === null ? undefined : Math.max(1, expiresAt - store.now());
}

function parseEntry(line: string): Entry | null {
  try {
    const { key, ...content } = JSON.parse(line);
    if (!isKey(key) || Object.keys(content).length !== 1) return null;
    const { value, counter, bytes } = content;
    if (counter !== undefined) return { key, value: kvU64(BigInt(counter)) };
    if (bytes !== undefined) return { key, value: Uint8Array.fromBase64(bytes) };
    return value === undefined ? null : { key, value };
  } catch {
    return null;
  }
}

/** Other parts of keys do not come through JSON; the mark is of one import, and in no backup. */
function isKey(key: unknown): key is KvKey {
  return Array.isArray(key) && key.length > 0 && key[0] !== IMPORT_MARK &&
    key.every((part) => ["string", "number", "boolean"].includes(typeof part));
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
