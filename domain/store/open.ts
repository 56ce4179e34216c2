import { guarded } from "./guard.ts";
import { openPatiently } from "./opening.ts";

/** The only place that opens KV, and where the rest of the store has its types from. */
export type Kv = Deno.Kv;
export type KvKey = Deno.KvKey;
export type KvEntryMaybe<T> = Deno.KvEntryMaybe<T>;
export type KvListSelector = Deno.KvListSelector;
export type KvU64 = Deno.KvU64;

/** A counter as a stored value, for those who repair or restore one. */
export function kvU64(count: bigint): KvU64 {
  return new Deno.KvU64(count);
}

export function isKvU64(value: unknown): value is KvU64 {
  return value instanceof Deno.KvU64;
}

export interface Connections {
  readonly writer: Kv;
  /** Another connection where the backend lets reads pass waiting writes, else the same. */
  readonly reader: Kv;
  /** Whether a commit may have been made although an error says so: its answer can get lost. */
  readonly losesAnswers: boolean;
  /** How many checks the transactions of one commit may hold together. */
  readonly checksMax: number;
}

/**
 * denokv takes ten, of which one is that of the commit's marker; every single transaction keeps to
 * it, so that it runs anywhere.
 */
export const CHECKS_MAX_ANYWHERE = 10 - 1;
const CHECKS_MAX_EMBEDDED = 100;

/**
 * Opens the store at `path`: a file, `:memory:`, a KV Connect address, or, when empty, the database
 * that Deno Deploy assigned. One on another machine is waited for, about a minute. Throws what the
 * platform throws when it cannot be opened.
 */
export async function openConnections(path: string): Promise<Connections> {
  if (isRemote(path)) {
    const open = (): Promise<Kv> => Deno.openKv(path === "" ? undefined : path);
    const kv = guarded(await openPatiently(open), open);
    return { writer: kv, reader: kv, losesAnswers: true, checksMax: CHECKS_MAX_ANYWHERE };
  }
  const checksMax = CHECKS_MAX_EMBEDDED;
  if (path === ":memory:") {
    const kv = await Deno.openKv(path);
    return { writer: kv, reader: kv, losesAnswers: false, checksMax };
  }
  await makeFolderOf(path);
  const writer = await Deno.openKv(path);
  const reader = await Deno.openKv(path);
  return { writer, reader, losesAnswers: false, checksMax };
}

function isRemote(path: string): boolean {
  return path === "" || /^https?:\/\//.test(path);
}

async function makeFolderOf(path: string): Promise<void> {
  const folder = path.replace(/[^/]*$/, "");
  if (folder === "") return;
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    // With leave to write the file alone, the folder is for the operator to make.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
