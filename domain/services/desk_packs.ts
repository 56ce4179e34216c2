import type { Refusal } from "../rules/refusal.ts";
import { packBytes } from "../rules/sla_coding.ts";
import { type Measurement, WHOLE_DESK } from "../rules/sla_metrics.ts";
import { addPack, asWholeDesk, inOneHour, type Pack, parsePack } from "../rules/sla_pack.ts";
import { PACK_LEVELS, type PackLevel, packStart } from "../rules/sla_range.ts";
import { DAY_MS, type Instant } from "../rules/time.ts";
import { countTickets } from "../store/counters.ts";
import { keys, type PackName } from "../store/keys.ts";
import { measurements } from "../store/kinds.ts";
import { decode } from "../store/records.ts";
import { deskPackName, listPacks, readPacks, writePack } from "../store/sla_packs.ts";
import { readList, type Store } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";

/** How far the packs of the whole desk have been made of those of departments. */
interface DeskPacks {
  /** The last day that is in them; null once all are, and what is packed since. */
  readonly builtUntil: Instant | null;
  /** Since when what ceases to be open is counted; 0 where it always was. */
  readonly countedSince: Instant;
}

/** Whether the packs of the whole desk have all that is packed. */
export async function areDeskPacksBuilt({ reader }: Store): Promise<boolean> {
  return (await reader.get<DeskPacks>(keys.deskPacks())).value?.builtUntil === null;
}

/**
 * Since when the store counts all that changes how many tickets are open: what an earlier version of
 * the program packed tells nothing of tickets that ceased to be open, and one before that counted
 * nothing.
 */
export async function backlogCountedSince(store: Store): Promise<Instant> {
  const [packs, packing] = await store.reader.getMany<[DeskPacks, unknown]>([
    keys.deskPacks(),
    keys.packing(),
  ]);
  if (packs.value !== null) return packs.value.countedSince;
  return packing.versionstamp === null ? await measuredSince(store) : store.now();
}

/** More than this wait where nothing is packed: then it is not known whether they are all. */
const WAITING_READ_MAX = 50_000;

/** Since when, where nothing has been packed yet, every ticket was measured: always, or only now. */
async function measuredSince(store: Store): Promise<Instant> {
  // In this order: what is opened meanwhile is measured, not missed.
  const opened = await countTickets(store, ["all"], () => true);
  const waiting = await readList<Measurement>(store, keys.measurements(), {
    limit: WAITING_READ_MAX,
  });
  const measured = waiting.filter(({ value }) =>
    decode(measurements, value).counts.some(({ measure }) => measure === "created")
  );
  return measured.length < opened ? store.now() : 0;
}

/**
 * Makes the next packs of the whole desk out of those of departments, which were there before; true
 * once there are no more to be made. One day is one commit, with two checks and four packs: a run
 * that is cut off is finished by the next. Nothing may be packed until all are made.
 */
export function buildDeskPacks(store: Store): Promise<boolean | Refusal> {
  return transact(store, async (tx) => {
    await tx.getValue(keys.packing());
    const found = await tx.getValue<DeskPacks>(keys.deskPacks());
    if (found?.builtUntil === null) return true;
    const day = await firstDay(store, (found?.builtUntil ?? -DAY_MS) + DAY_MS);
    if (day !== null) await buildDay(store, tx, day);
    const countedSince = found?.countedSince ??
      (day === null ? await measuredSince(store) : store.now());
    tx.set(keys.deskPacks(), { builtUntil: day, countedSince } satisfies DeskPacks);
    tx.set(keys.packing(), store.newId());
    return day === null;
  });
}

/** The first day from then on of which anything is packed. */
async function firstDay(store: Store, from: Instant): Promise<Instant | null> {
  const packs = listPacks(store, { scope: "department", level: "hours" }, { from, to: Infinity });
  for await (const { start } of packs) return start;
  return null;
}

async function buildDay(store: Store, tx: Transaction, day: Instant): Promise<void> {
  const hours: Pack = new Map();
  const ofDay = { from: day, to: day };
  const parts = listPacks(store, { scope: "department", level: "hours" }, ofDay);
  for await (const { bytes } of parts) addPack(hours, parsePack(bytes), asWholeDesk);
  const write = (level: PackLevel, pack: Pack): void =>
    writePack(tx, deskPackName(level, packStart(level, day)), packBytes(pack));
  write("hours", hours);
  const sums = PACK_LEVELS.filter((level) => level !== "hours");
  const names = sums.map((level): PackName => deskPackName(level, packStart(level, day)));
  const stored = await readPacks(store, names);
  for (const [index, level] of sums.entries()) {
    const bytes = stored[index] ?? null;
    const pack: Pack = bytes === null ? new Map() : parsePack(bytes);
    addPack(pack, hours, inOneHour);
    write(level, pack);
  }
}

/** Who asks for all of the desk, once there are packs of it. */
export const OF_WHOLE_DESK = {
  scope: "desk",
  whose: WHOLE_DESK.department,
  priority: WHOLE_DESK.priority,
  wants: (): boolean => true,
} as const;
