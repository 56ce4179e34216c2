import { invalidInput, type Refusal, refuse } from "../rules/refusal.ts";
import { addCount, type Figures, type Group, type Measurement } from "../rules/sla_metrics.ts";
import { addFigures } from "../rules/sla_pack.ts";
import { type HourRange, packEnd, type PackLevel, type Part, partsOf } from "../rules/sla_range.ts";
import { PRIORITIES, type Priority } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { keys, type PackName } from "../store/keys.ts";
import { measurements } from "../store/kinds.ts";
import { decode } from "../store/records.ts";
import { listPacks, readPacks } from "../store/sla_packs.ts";
import { inBatches, LIST_BATCH_MAX, type Store } from "../store/store.ts";

/** Whose figures are asked for. */
export interface Asked {
  /** The agent whose own they are; null for all. */
  readonly agentId: string | null;
  /** Folded; undefined for all. */
  readonly department: string | undefined;
  readonly priority: Priority | undefined;
  readonly wants: (group: Group) => boolean;
}

/** Figures to be filled from what lies in a range. Ranges of several rows do not overlap. */
export interface FiguresRow {
  readonly range: HourRange;
  readonly figures: Figures;
}

/** More packs than this are not read for one question. */
export const PACKS_READ_MAX = 20_000;
const PACKS_READ_AT_ONCE = 100;

/** What was measured lies unpacked for some minutes; more than this is left to the packer. */
const UNPACKED_READ_MAX = 50_000;

/** Adds what is packed. Reads each pack once, however many rows have a part of it. */
export async function addPacks(
  store: Store,
  asked: Asked,
  rows: readonly FiguresRow[],
): Promise<void | Refusal> {
  let read = 0;
  for await (const { bytes, uses } of packsFor(store, asked, rows)) {
    read += 1;
    if (read > PACKS_READ_MAX) {
      const message = "Must be later, unless you ask for one department: there is too much to read";
      return invalidInput([{ path: "startDate", code: "custom", message }]);
    }
    for (const { figures, part: { level, hours, sign } } of uses) {
      const figuresOf = (hour: number): Figures | null =>
        level !== "hours" || (hour >= hours.from && hour < hours.to) ? figures : null;
      addFigures(bytes, { figuresOf, wants: asked.wants, sign });
    }
  }
}

/** Adds what has not been packed yet. */
export async function addMeasurements(
  store: Store,
  { agentId, wants }: Asked,
  rows: readonly FiguresRow[],
): Promise<void | Refusal> {
  const options = { limit: UNPACKED_READ_MAX + 1, batchSize: LIST_BATCH_MAX };
  const waiting = store.reader.list<Measurement>({ prefix: keys.measurements() }, options);
  let read = 0;
  for await (const { value } of waiting) {
    read += 1;
    if (read > UNPACKED_READ_MAX) {
      return refuse("unavailable", "Too much has not been packed yet; try again later.");
    }
    const measurement = decode(measurements, value);
    if (!wants(measurement) || (agentId !== null && measurement.agentId !== agentId)) continue;
    for (const count of measurement.counts) {
      const row = rows.find(({ range }) => count.hour >= range.start && count.hour < range.end);
      if (row !== undefined) addCount(row.figures, measurement, count);
    }
  }
}

/** What a row takes of a pack. */
interface Use {
  readonly figures: Figures;
  readonly part: Part;
}

async function* packsFor(
  store: Store,
  { agentId, department, priority }: Asked,
  rows: readonly FiguresRow[],
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly uses: readonly Use[] }> {
  const now = store.now();
  const uses = rows.flatMap(({ range, figures }) =>
    partsOf(range, now).map((part): Use => ({ figures, part }))
  );
  for (const [level, ofLevel] of Map.groupBy(uses, ({ part }) => part.level)) {
    const byStart = Map.groupBy(ofLevel, ({ part }) => part.start);
    const starts = [...byStart.keys()].sort((a, b) => a - b);
    const whose = agentId ?? department;
    const scope = agentId === null ? "department" : "agent";
    const priorities = priority === undefined ? PRIORITIES : [priority];
    const packs = whose === undefined ? packsOfAll(store, level, starts) : packsOf(
      store,
      starts.flatMap((start) =>
        priorities.map((priority) => ({ scope, level, start, whose, priority }))
      ),
    );
    for await (const { start, bytes } of packs) yield { bytes, uses: byStart.get(start) ?? [] };
  }
}

interface ReadPack {
  readonly start: Instant;
  readonly bytes: Uint8Array;
}

async function* packsOf(store: Store, names: readonly PackName[]): AsyncGenerator<ReadPack> {
  for await (const batch of inBatches(names, PACKS_READ_AT_ONCE)) {
    const packs = await readPacks(store, batch);
    for (const [index, { start }] of batch.entries()) {
      const bytes = packs[index] ?? null;
      if (bytes !== null) yield { start, bytes };
    }
  }
}

/** One read of a list for packs that follow each other. */
async function* packsOfAll(
  store: Store,
  level: PackLevel,
  starts: readonly Instant[],
): AsyncGenerator<ReadPack> {
  let from = 0;
  for (const [index, start] of starts.entries()) {
    if (starts[index + 1] === packEnd(level, start)) continue;
    yield* listPacks(store, level, { from: starts[from] ?? start, to: start });
    from = index + 1;
  }
}
