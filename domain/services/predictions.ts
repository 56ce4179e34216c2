import { type Agent, isActiveAgent } from "../rules/agent.ts";
import { departmentsOf } from "../rules/actor.ts";
import { capacityNeeds, type DepartmentWork } from "../rules/capacity.ts";
import { handlingTime } from "../rules/handling_time.ts";
import { foreseeDays, foreseeWeek, type Prediction } from "../rules/prediction.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { type GroupFigures, placeOf } from "../rules/sla_metrics.ts";
import { hourStart, packStart } from "../rules/sla_range.ts";
import { isOpen } from "../rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { countTickets } from "../store/counters.ts";
import { type CountScope, keys } from "../store/keys.ts";
import { predictions } from "../store/kinds.ts";
import { readList, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { DEPARTMENTS_MAX, firstPack, packedUntil, readCreated } from "./creation_counts.ts";
import type { Desk } from "./desk.ts";
import { readFigures } from "./sla_figures.ts";
import { notPackedYet } from "./sla_packing.ts";

/** A kept prediction that is older, two runs of the job having failed, is made anew. */
const KEPT_MAX_MS = 2 * HOUR_MS + 30 * MINUTE_MS;
/** Whoever asks for a fresh one again and again shares one of this age: it costs a year's packs. */
const FRESH_MS = MINUTE_MS;

/** What was longer ago than this says nothing of how long a ticket takes. */
const HANDLING_DAYS = 28;
const AGENTS_READ_MAX = 10_000;
/** Of a packer that lags behind by more, the latest hours are not known well enough. */
const LAG_MAX_HOURS = 48;

/** Who makes one has this turn. */
const TURN = "prediction";

/**
 * What is foreseen of the next week: the kept prediction, made anew where there is none, it is too
 * old, or whoever asks wants a fresh one and it is older than a minute. Of all who ask this process
 * at once one makes it, and the others wait for it.
 */
export async function readPrediction(desk: Desk, fresh: boolean): Promise<Prediction | Refusal> {
  const { store } = desk;
  const ageMaxMs = fresh ? FRESH_MS : KEPT_MAX_MS;
  const kept = await readKept(store, ageMaxMs);
  if (kept !== null) return kept;
  const leave = await store.turns.take([TURN]);
  try {
    return await readKept(store, ageMaxMs) ?? await renewPrediction(desk);
  } finally {
    leave();
  }
}

/**
 * The kept prediction; null where there is none of this age, or another version of the program made
 * it: nothing in it cannot be made anew.
 */
async function readKept({ reader, now }: Store, ageMaxMs: number): Promise<Prediction | null> {
  const { value } = await reader.get<Prediction>(keys.prediction());
  if (value === null || value.schema !== predictions.schema) return null;
  // A clock that was ahead made one of later: it is as far off as one of earlier.
  return Math.abs(now() - value.computedAt) <= ageMaxMs ? value : null;
}

/** Makes the prediction anew where anything has been packed; whether it did. One read where not. */
export async function renewIfAny(desk: Desk): Promise<boolean> {
  if (await firstPack(desk.store) === null) return false;
  return !isRefusal(await renewPrediction(desk));
}

/**
 * Makes the prediction anew from packs, agents and counters of tickets, and keeps it in the place of
 * whatever was kept: one write, no check. Refuses with `unavailable` while too much has not been
 * packed, before it has read much.
 */
async function renewPrediction(desk: Desk): Promise<Prediction | Refusal> {
  const { store } = desk;
  const lagMs = hourStart(store.now()) - await packedUntil(store);
  if (lagMs > LAG_MAX_HOURS * HOUR_MS) {
    return notPackedYet(store.now());
  }
  const prediction = await predict(desk);
  if (isRefusal(prediction)) return prediction;
  return await transact(store, (tx) => {
    tx.set(keys.prediction(), prediction);
    return Promise.resolve(prediction);
  });
}

async function predict(desk: Desk): Promise<Prediction | Refusal> {
  const { store, config: { timezone } } = desk;
  const now = store.now();
  const start = hourStart(now);
  const [agents, figures] = await Promise.all([readAgents(desk), readLately(desk, now)]);
  if (isRefusal(figures)) return figures;
  const created = await readCreated(store, busiest(figures));
  const openIn = (scope: CountScope): Promise<number> => countTickets(store, scope, isOpen);
  const works: DepartmentWork[] = [];
  for (const [department, counts] of created.departments) {
    const own = agents.filter((agent) => departmentsOf(agent).includes(department));
    works.push({
      department,
      // This waits, too, so that others have their turn between two forecasts.
      backlog: await openIn(["department", department]),
      days: foreseeDays(counts, timezone, start),
      handling: handlingTime(figures.filter((each) => each.department === department), own),
    });
  }
  return {
    schema: 1,
    computedAt: now,
    timezone,
    ...foreseeWeek(created.all, timezone, start),
    departments: capacityNeeds(works, agents),
    backlog: await openIn(["all"]),
    handling: handlingTime(figures, agents),
  };
}

async function readAgents({ store }: Desk): Promise<Agent[]> {
  const rows = await readList<Agent>(store, ["agent"], { limit: AGENTS_READ_MAX });
  return rows.map(({ value }) => value).filter(isActiveAgent);
}

/** Whoever opens tickets names departments: those count first that have the most of them. */
function busiest(figures: readonly GroupFigures[]): string[] {
  const created = new Map<string, number>();
  for (const { department, counts } of figures) {
    const count = counts[placeOf("created")] ?? 0;
    created.set(department, (created.get(department) ?? 0) + count);
  }
  return [...created].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
    .slice(0, DEPARTMENTS_MAX).map(([department]) => department);
}

/**
 * What came lately and how long it took, of whole days, by its groups; nothing of a desk of so many
 * departments that it would be too much to read.
 */
async function readLately(desk: Desk, now: Instant): Promise<GroupFigures[] | Refusal> {
  const end = packStart("day", now) + DAY_MS;
  const range = { start: end - HANDLING_DAYS * DAY_MS, end };
  const everything = {
    scope: "department",
    whose: undefined,
    priority: undefined,
    wants: () => true,
  } as const;
  const figures = await readFigures(desk, everything, [range], false);
  if (isRefusal(figures)) return figures.refused === "invalid_input" ? [] : figures;
  return figures.flatMap(({ groups }) => [...groups.values()]);
}
