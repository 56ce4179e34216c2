import { invalidInput, isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import {
  addCount,
  type Figures,
  type Group,
  makeFigures,
  type Measurement,
  WHOLE_DESK,
} from "../rules/sla_metrics.ts";
import { addFigures } from "../rules/sla_pack.ts";
import { type HourRange, packEnd, type PackLevel, type Part, partsOf } from "../rules/sla_range.ts";
import { PRIORITIES, type Priority } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { keys, type PackName } from "../store/keys.ts";
import { measurements } from "../store/kinds.ts";
import { decode } from "../store/records.ts";
import { listPacks, readPacks } from "../store/sla_packs.ts";
import { inBatches, LIST_BATCH_MAX, type Store } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { notPackedYet } from "./sla_packing.ts";

/** Whose figures are asked for. */
export interface Asked {
  /**
   * All that happened, by department, or not told apart by anything; or what happened while an agent
   * had the ticket.
   */
  readonly scope: PackName["scope"];
  /** The desk, a department, folded, or an agent's id; undefined for all of them. */
  readonly whose: string | undefined;
  readonly priority: Priority | undefined;
  readonly wants: (group: Group) => boolean;
  /** What is not told apart is one group: rows are many, and so may groups be. */
  readonly isTogether?: boolean;
}

/** The figures of each range; ranges do not overlap. Refused where there is too much to read. */
export function readFigures(
  desk: Desk,
  asked: Asked,
  ranges: readonly HourRange[],
  withHistograms: boolean,
): Promise<Figures[] | Refusal> {
  return readRows(desk, asked, () => {
    const all = ranges.map(() => makeFigures(withHistograms));
    const rows = ranges.map((range, index) => {
      const figures = all[index] ?? makeFigures(false); // one for each
      return { range, figuresOf: (): Figures => figures };
    });
    return { rows, made: all };
  });
}

/** The figures of each agent that has any. */
export function readFiguresByAgent(
  desk: Desk,
  asked: Asked & { readonly scope: "agent" },
  range: HourRange,
): Promise<Map<string, Figures> | Refusal> {
  return readRows(desk, asked, () => {
    const made = new Map<string, Figures>();
    const figuresOf = (agentId: string): Figures => {
      const known = made.get(agentId);
      if (known !== undefined) return known;
      const figures = makeFigures(true);
      made.set(agentId, figures);
      return figures;
    };
    return { rows: [{ range, figuresOf }], made };
  });
}

/** Figures to be filled from what lies in a range. Ranges of several rows do not overlap. */
interface FiguresRow {
  readonly range: HourRange;
  /** Where the figures go of a department or an agent. */
  readonly figuresOf: (whose: string) => Figures;
}

/** A run of the packer is over sooner than so many reads. */
const READS_MAX = 5;

/**
 * Fills rows. What is packed while they are read could be counted twice or not at all: then they are
 * made and read again, and refused with `unavailable` when that happens every time.
 */
async function readRows<T>(
  { store }: Desk,
  asked: Asked,
  make: () => { readonly rows: readonly FiguresRow[]; readonly made: T },
): Promise<T | Refusal> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    const before = await packingVersion(store);
    const { rows, made } = make();
    const outcome = await Promise.all([
      addPacks(store, asked, rows),
      addMeasurements(store, asked, rows),
    ]).catch((error: unknown) => ({ error }));
    if (await packingVersion(store) !== before) continue;
    if ("error" in outcome) throw outcome.error;
    return outcome.find(isRefusal) ?? made;
  }
  return refuse("unavailable", "The figures are being packed; try again.");
}

async function packingVersion({ reader }: Store): Promise<string | null> {
  return (await reader.get(keys.packing())).versionstamp;
}

/** More packs than this are not read for one question. */
export const PACKS_READ_MAX = 20_000;
const PACKS_READ_AT_ONCE = 100;

/** What was measured lies unpacked for some minutes; more than this is left to the packer. */
const UNPACKED_READ_MAX = 50_000;

/** Adds what is packed. Reads each pack once, however many rows have a part of it. */
async function addPacks(
  store: Store,
  asked: Asked,
  rows: readonly FiguresRow[],
): Promise<void | Refusal> {
  let read = 0;
  for await (const { whose, bytes, uses } of packsFor(store, asked, rows)) {
    read += 1;
    if (read > PACKS_READ_MAX) {
      const one = asked.scope === "agent" ? "agent" : "department";
      const message = `Must be later, unless you ask for one ${one}: there is too much to read`;
      return invalidInput([{ path: "startDate", code: "custom", message }]);
    }
    const targets = uses.map(({ row, part: { level, hours, sign } }) => ({
      // A pack that does not tell hours apart has all of them in the first.
      ...level === "hours" ? hours : { from: 0, to: 1 },
      target: { figures: row.figuresOf(whose), sign },
    }));
    const byHour = Array.from(
      { length: Math.max(...targets.map(({ to }) => to)) },
      (_, hour) =>
        targets.filter(({ from, to }) => hour >= from && hour < to).map(({ target }) => target),
    );
    const { wants, isTogether = false } = asked;
    addFigures(bytes, { targetsOf: (hour) => byHour[hour] ?? [], wants, isTogether });
  }
}

/**
 * Adds what has not been packed yet. As with packs, what a clock that is ahead dated after now is of
 * the row that has now.
 */
async function addMeasurements(
  store: Store,
  { scope, whose, wants, isTogether = false }: Asked,
  rows: readonly FiguresRow[],
): Promise<void | Refusal> {
  const options = { limit: UNPACKED_READ_MAX + 1, batchSize: LIST_BATCH_MAX };
  const waiting = store.reader.list<Measurement>({ prefix: keys.measurements() }, options);
  const now = store.now();
  const has = ({ start, end }: HourRange, at: Instant): boolean =>
    at >= start && (at < end || end > now);
  // What waits is of few hours.
  const rowsOf = new Map<Instant, FiguresRow | undefined>();
  const rowOf = (at: Instant): FiguresRow | undefined => {
    if (!rowsOf.has(at)) rowsOf.set(at, rows.find(({ range }) => has(range, at)));
    return rowsOf.get(at);
  };
  let read = 0;
  for await (const { value } of waiting) {
    read += 1;
    if (read > UNPACKED_READ_MAX) {
      return notPackedYet(store.now());
    }
    const measurement = decode(measurements, value);
    const group = scope === "desk" ? WHOLE_DESK : measurement;
    const owner = scope === "agent" ? measurement.agentId : group.department;
    if (owner === null || (whose !== undefined && owner !== whose) || !wants(group)) continue;
    for (const count of measurement.counts) {
      const figures = rowOf(count.hour)?.figuresOf(owner);
      if (figures !== undefined) addCount(figures, isTogether ? WHOLE_DESK : group, count);
    }
  }
}

/** What a row takes of a pack. */
interface Use {
  readonly row: FiguresRow;
  readonly part: Part;
}

async function* packsFor(
  store: Store,
  { scope, whose, priority }: Asked,
  rows: readonly FiguresRow[],
): AsyncGenerator<ReadPack & { readonly uses: readonly Use[] }> {
  const now = store.now();
  const uses = rows.flatMap((row) => partsOf(row.range, now).map((part): Use => ({ row, part })));
  for (const [level, ofLevel] of Map.groupBy(uses, ({ part }) => part.level)) {
    const byStart = Map.groupBy(ofLevel, ({ part }) => part.start);
    const starts = [...byStart.keys()].sort((a, b) => a - b);
    const priorities = priority === undefined ? PRIORITIES : [priority];
    const packs = whose === undefined ? packsOfAll(store, scope, level, starts) : packsOf(
      store,
      starts.flatMap((start) =>
        priorities.map((priority) => ({ scope, level, start, whose, priority }))
      ),
    );
    for await (const pack of packs) yield { ...pack, uses: byStart.get(pack.start) ?? [] };
  }
}

interface ReadPack {
  readonly start: Instant;
  readonly whose: string;
  readonly bytes: Uint8Array;
}

async function* packsOf(store: Store, names: readonly PackName[]): AsyncGenerator<ReadPack> {
  for await (const batch of inBatches(names, PACKS_READ_AT_ONCE)) {
    const packs = await readPacks(store, batch);
    for (const [index, { start, whose }] of batch.entries()) {
      const bytes = packs[index] ?? null;
      if (bytes !== null) yield { start, whose, bytes };
    }
  }
}

/** One read of a list for packs that follow each other. */
async function* packsOfAll(
  store: Store,
  scope: PackName["scope"],
  level: PackLevel,
  starts: readonly Instant[],
): AsyncGenerator<ReadPack> {
  let from = 0;
  for (const [index, start] of starts.entries()) {
    if (starts[index + 1] === packEnd(level, start)) continue;
    yield* listPacks(store, { scope, level }, { from: starts[from] ?? start, to: start });
    from = index + 1;
  }
}
