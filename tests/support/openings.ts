import type { Measured } from "../../domain/rules/sla_metrics.ts";
import { hourStart } from "../../domain/rules/sla_range.ts";
import { HOUR_MS, type Instant } from "../../domain/rules/time.ts";

/** One measurement may hold so many, below what a value may. */
const HELD_AT_ONCE = 200;

/** As many tickets opened in a department as it is said of each hour from `start` to `end`. */
export function openings(
  department: string,
  { start, end }: { readonly start: Instant; readonly end: Instant },
  count: (hour: Instant) => number,
): Measured[] {
  const hours: Instant[] = [];
  for (let hour = hourStart(start); hour < end; hour += HOUR_MS) {
    for (let each = 0; each < count(hour); each++) hours.push(hour);
  }
  return Array.from({ length: Math.ceil(hours.length / HELD_AT_ONCE) }, (_, index): Measured => ({
    department,
    priority: 2,
    category: "general",
    agentId: null,
    counts: hours.slice(index * HELD_AT_ONCE, (index + 1) * HELD_AT_ONCE)
      .map((hour) => ({ hour, measure: "created", milliseconds: null })),
  }));
}
