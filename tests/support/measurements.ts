import {
  addCount,
  type Figures,
  makeFigures,
  type Measure,
  type Measured,
  MEASURES,
} from "../../domain/rules/sla_metrics.ts";
import { hourStart } from "../../domain/rules/sla_range.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { keys } from "../../domain/store/keys.ts";
import { measurements } from "../../domain/store/kinds.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "./desk.ts";

/** What an agent's change of a ticket of billing measured in the hour of an instant. */
export function measured(
  at: Instant,
  counts: Readonly<Partial<Record<Measure, number | null>>>,
  changes: Partial<Omit<Measured, "counts">> = {},
): Measured {
  return {
    department: "billing",
    priority: 2,
    category: "general",
    agentId: "agent-1",
    ...changes,
    counts: Object.entries(counts).map(([measure, minutes]) => ({
      hour: hourStart(at),
      measure: measure as Measure, // the keys of the record
      milliseconds: minutes === null ? null : minutes * MINUTE_MS,
    })),
  };
}

const ADDED_AT_ONCE = 30;

/** Keeps them as the changes would that they come from. */
export async function addMeasured(store: Store, all: readonly Measured[]): Promise<void> {
  for (let from = 0; from < all.length; from += ADDED_AT_ONCE) {
    granted(
      await transact(store, (tx) => {
        for (const each of all.slice(from, from + ADDED_AT_ONCE)) {
          tx.add(measurements, { schema: 1, id: store.newId(), ...each });
        }
        return Promise.resolve(true);
      }),
    );
  }
}

/** So many of them that differ in everything, within the days before an instant. */
export function variedMeasured(count: number, before: Instant, days: number): Measured[] {
  return Array.from({ length: count }, (_, index) => {
    const at = before - 1 - index * 7_919 % (days * 24) * HOUR_MS;
    const measure = MEASURES[index % MEASURES.length] ?? "created";
    const isDuration = /business|wall/.test(measure);
    return measured(at, { [measure]: isDuration ? 1 + index * 31 % 900 : null, created: null }, {
      department: ["billing", "support", "general"][index % 3] ?? "",
      priority: ([1, 2, 3] as const)[index % 7 % 3] ?? 1,
      category: ["general", "urgent"][index % 5 % 2] ?? "",
      agentId: index % 4 === 0 ? null : `agent-${index % 4}`,
    });
  });
}

/** What must be told of those that happened in a range and are asked for. */
export function expectedFigures(
  all: readonly Measured[],
  { start, end }: { readonly start: Instant; readonly end: Instant },
  isAsked: (measured: Measured) => boolean = () => true,
): unknown {
  const figures = makeFigures(true);
  for (const each of all.filter(isAsked)) {
    for (const count of each.counts) {
      if (count.hour >= start && count.hour < end) addCount(figures, each, count);
    }
  }
  return shownFigures(figures);
}

/** Figures so that equal ones are deeply equal: without what came to nothing, in one order. */
export function shownFigures({ groups, histograms }: Figures): unknown {
  const counted = [...groups].filter(([, { counts }]) => counts.some((each) => each !== 0));
  return { groups: counted.sort(([a], [b]) => a < b ? -1 : 1), histograms };
}

/** How many measurements wait to be packed. */
export async function waiting({ reader }: Store): Promise<number> {
  return (await Array.fromAsync(reader.list({ prefix: keys.measurements() }))).length;
}
