import { type Actor, supervises } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { backlogs, type Volumes, volumesOf } from "../rules/analytics.ts";
import { type Interval, type IntervalLength, intervalsOf } from "../rules/intervals.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { fold } from "../rules/skill.ts";
import { addFiguresTo, type Figures, hasCounts, makeFigures } from "../rules/sla_metrics.ts";
import { metricsRange } from "../rules/sla_period.ts";
import { type HourRange, hourStart } from "../rules/sla_range.ts";
import { isOpen } from "../rules/ticket.ts";
import { HOUR_MS, type Instant } from "../rules/time.ts";
import { countTickets } from "../store/counters.ts";
import { keys } from "../store/keys.ts";
import type { Desk } from "./desk.ts";
import { areDeskPacksBuilt, backlogCountedSince, OF_WHOLE_DESK } from "./desk_packs.ts";
import { type Asked, readFigures, readFiguresByAgent } from "./sla_figures.ts";
import { askedBy, type MetricsQuestion, ownId } from "./sla_metrics.ts";

export interface AnalyticsQuestion extends MetricsQuestion {
  /** In which days begin; the desk's own when missing. */
  readonly timezone?: string | undefined;
  /** Whose figures alone; nobody but a supervisor asks for another's. */
  readonly agentId?: string | undefined;
}

export interface IntervalQuestion extends AnalyticsQuestion {
  readonly interval: IntervalLength;
}

interface Told<Row> {
  readonly timezone: string;
  /** What the figures really cover: whole hours. */
  readonly range: HourRange;
  readonly rows: readonly (Row & { readonly interval: Interval })[];
  /** They are those of one agent. */
  readonly isOfAgent: boolean;
}

export type TicketAnalytics = Told<{
  readonly volumes: Volumes;
  /** Open at the end of the interval; null where nothing tells, or where it is to come. */
  readonly backlog: number | null;
}>;

/**
 * How much came and went, and how much was open. Reads packs, what is not packed, and counters; no
 * ticket. Of an agent's own tickets, or by category, nothing tells how many were open, nor before all
 * was counted that it takes. On a desk that changes all the while it may be off by what changed as it
 * was read.
 */
export async function readTicketAnalytics(
  desk: Desk,
  actor: Actor,
  question: IntervalQuestion,
): Promise<TicketAnalytics | Refusal> {
  const plan = await planOf(desk, actor, question);
  if (isRefusal(plan)) return plan;
  const { intervals, range, asked, timezone, isOfAgent } = plan;
  const now = desk.store.now();
  const isTold = !isOfAgent && question.category === undefined;
  // What happened behind the last interval counts back to it.
  const since: HourRange[] = isTold && range.end <= now
    ? [{ start: range.end, end: hourStart(now) + HOUR_MS }]
    : [];
  const ranges = [...intervals.map(({ range }) => range), ...since];
  const countedSince = await backlogCountedSince(desk.store);
  for (let reads = 1;; reads++) {
    const before = await lastCommit(desk);
    const [all, openNow] = await Promise.all([
      readFigures(desk, asked, ranges, false),
      isTold ? countOpen(desk, question) : 0,
    ]);
    if (isRefusal(all)) return all;
    if (isTold && reads < READS_MAX && await lastCommit(desk) !== before) continue;
    const volumes = all.map(({ groups }) => volumesOf(groups.values()));
    const told = volumes.slice(0, intervals.length);
    const [behind] = volumes.slice(intervals.length);
    const open = backlogs(told.map(({ rise }) => rise), behind?.rise ?? 0, openNow);
    const rows = intervals.map((interval, index) => ({
      interval,
      volumes: told[index] ?? volumesOf([]),
      backlog: isTold && interval.range.start <= now && interval.range.end >= countedSince
        ? open[index] ?? null
        : null,
    }));
    return { timezone, range, rows, isOfAgent };
  }
}

const READS_MAX = 3;

/** Changes with every commit that tells something, as all do that change a ticket. */
async function lastCommit({ store }: Desk): Promise<string | null> {
  return (await store.reader.get(keys.bell())).versionstamp;
}

function countOpen(
  { store }: Desk,
  { department, priority }: Pick<MetricsQuestion, "department" | "priority">,
): Promise<number> {
  return countTickets(
    store,
    department === undefined ? ["all"] : ["department", fold(department)],
    (cell) => isOpen(cell) && (priority === undefined || cell.priority === priority),
  );
}

export type SlaAnalytics = Told<{ readonly figures: Figures }> & {
  /** Of all intervals together. */
  readonly together: Figures;
};

/** How promises were kept, and how long it took. Reads packs and what is not packed, no ticket. */
export async function readSlaAnalytics(
  desk: Desk,
  actor: Actor,
  question: IntervalQuestion,
): Promise<SlaAnalytics | Refusal> {
  const plan = await planOf(desk, actor, question);
  if (isRefusal(plan)) return plan;
  const { intervals, asked, ...told } = plan;
  const all = await readFigures(desk, asked, intervals.map(({ range }) => range), true);
  if (isRefusal(all)) return all;
  const together = makeFigures(true);
  for (const figures of all) addFiguresTo(together, figures);
  const rows = intervals.map((interval, index) => ({
    interval,
    figures: all[index] ?? makeFigures(true),
  }));
  return { ...told, rows, together };
}

export interface AgentAnalytics {
  readonly timezone: string;
  readonly range: HourRange;
  /** Whoever resolved most first. */
  readonly rows: readonly {
    readonly agentId: string;
    /** Null for one of whom there is no record. */
    readonly agent: Agent | null;
    readonly figures: Figures;
    readonly volumes: Volumes;
  }[];
  /** How many agents have figures. */
  readonly total: number;
}

/**
 * What agents did, each one that did anything; one that is asked for by itself in any case. Reads
 * the agents' packs, what is not packed, and the records of those agents that are told.
 */
export async function readAgentAnalytics(
  desk: Desk,
  actor: Actor,
  { timezone = desk.config.timezone, limit, ...question }: AnalyticsQuestion & {
    readonly limit: number;
  },
): Promise<AgentAnalytics | Refusal> {
  const range = metricsRange(question, timezone, desk.store.now());
  if (isRefusal(range)) return range;
  const asked = askedOf(actor, question);
  if (isRefusal(asked)) return asked;
  const byAgent = await readFiguresByAgent(desk, {
    ...asked,
    scope: "agent",
    whose: asked.scope === "agent" ? asked.whose : undefined,
  }, range);
  if (isRefusal(byAgent)) return byAgent;
  const all = [...byAgent].filter(([, figures]) => hasCounts(figures)).map((
    [agentId, figures],
  ) => ({
    agentId,
    figures,
    volumes: volumesOf(figures.groups.values()),
  })).sort((a, b) => b.volumes.resolved - a.volumes.resolved || (a.agentId < b.agentId ? -1 : 1));
  const shown = all.slice(0, limit);
  const named = asked.scope === "agent" && asked.whose !== undefined ? [asked.whose] : [];
  const people = await desk.people.agents([...shown.map(({ agentId }) => agentId), ...named]);
  // Whoever is asked for by name is told of, if it is anybody.
  const idle = named.filter((agentId) => all.length === 0 && people.has(agentId))
    .map((agentId) => ({ agentId, figures: makeFigures(true), volumes: volumesOf([]) }));
  const rows = [...shown, ...idle].map((row) => ({
    ...row,
    agent: people.get(row.agentId) ?? null,
  }));
  return { timezone, range, rows, total: all.length + idle.length };
}

interface AnalyticsPlan {
  readonly timezone: string;
  readonly intervals: readonly Interval[];
  readonly range: HourRange;
  readonly asked: Asked;
  readonly isOfAgent: boolean;
}

async function planOf(
  desk: Desk,
  actor: Actor,
  { interval, timezone = desk.config.timezone, ...question }: IntervalQuestion,
): Promise<AnalyticsPlan | Refusal> {
  const now: Instant = desk.store.now();
  const intervals = intervalsOf(question, interval, timezone, now);
  if (isRefusal(intervals)) return intervals;
  const asked = await wholeOr(desk, question, askedOf(actor, question));
  if (isRefusal(asked)) return asked;
  // Of a range without any time in it there are no intervals.
  const start = intervals[0]?.range.start ?? hourStart(now);
  const range = { start, end: intervals.at(-1)?.range.end ?? start };
  return { timezone, intervals, range, asked, isOfAgent: asked.scope === "agent" };
}

/** Whoever asks for all of the desk, and tells nothing apart, is told by the packs of the whole. */
async function wholeOr(
  { store }: Desk,
  { department, priority, category }: AnalyticsQuestion,
  asked: Asked | Refusal,
): Promise<Asked | Refusal> {
  const isWhole = [department, priority, category].every((each) => each === undefined);
  if (isRefusal(asked) || asked.scope !== "department" || !isWhole) return asked;
  return await areDeskPacksBuilt(store) ? OF_WHOLE_DESK : asked;
}

/** Supervisors ask for all, or for one agent; everybody else for their own. */
function askedOf(actor: Actor, { agentId, ...question }: AnalyticsQuestion): Asked | Refusal {
  const asked: Asked = { ...askedBy(actor, question), isTogether: true };
  if (agentId === undefined) return asked;
  if (!supervises(actor) && agentId !== ownId(actor)) {
    return refuse("forbidden", "Only a supervisor sees another agent's figures.");
  }
  return { ...asked, scope: "agent", whose: agentId };
}
