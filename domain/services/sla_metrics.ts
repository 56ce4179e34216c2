import { type Actor, supervises } from "../rules/actor.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { fold } from "../rules/skill.ts";
import { type Figures, type Group, makeFigures } from "../rules/sla_metrics.ts";
import {
  type AskedRange,
  metricsRange,
  type Period,
  periodsOf,
  type TrendPeriod,
} from "../rules/sla_period.ts";
import type { HourRange } from "../rules/sla_range.ts";
import type { Priority } from "../rules/ticket.ts";
import type { Desk } from "./desk.ts";
import { type Asked, readFigures } from "./sla_figures.ts";

export interface MetricsQuestion extends AskedRange {
  readonly department?: string | undefined;
  readonly priority?: Priority | undefined;
  readonly category?: string | undefined;
}

export interface Metrics {
  /** What the figures really cover: whole hours. */
  readonly range: HourRange;
  readonly figures: Figures;
  /** They are those of the agent who asks. */
  readonly isOwn: boolean;
}

/** How the promises of a stretch of time were kept. Reads packs and what is not packed, no ticket. */
export async function readMetrics(
  desk: Desk,
  actor: Actor,
  question: MetricsQuestion,
): Promise<Metrics | Refusal> {
  const range = metricsRange(question, desk.config.timezone, desk.store.now());
  if (isRefusal(range)) return range;
  const all = await readFigures(desk, askedBy(actor, question), [range], true);
  if (isRefusal(all)) return all;
  const [figures = makeFigures(true)] = all;
  return { range, figures, isOwn: !supervises(actor) };
}

export interface Trends {
  readonly rows: readonly { readonly period: Period; readonly figures: Figures }[];
  readonly isOwn: boolean;
}

/** The same for each day, week or month, without quantiles. */
export async function readTrends(
  desk: Desk,
  actor: Actor,
  question: MetricsQuestion & { readonly period: TrendPeriod },
): Promise<Trends | Refusal> {
  const { period, ...asked } = question;
  const periods = periodsOf(asked, period, desk.config.timezone, desk.store.now());
  if (isRefusal(periods)) return periods;
  const ranges = periods.map(({ range }) => range);
  const all = await readFigures(desk, askedBy(actor, asked), ranges, false);
  if (isRefusal(all)) return all;
  const rows = periods.map((each, index) => ({
    period: each,
    figures: all[index] ?? makeFigures(false),
  }));
  return { rows, isOwn: !supervises(actor) };
}

/** Whoever does not supervise asks for its own figures, and without an agent's record has none. */
export function askedBy(actor: Actor, question: Omit<MetricsQuestion, keyof AskedRange>): Asked {
  const { priority, category } = question;
  const department = question.department === undefined ? undefined : fold(question.department);
  return {
    ...(supervises(actor)
      ? { scope: "department", whose: department }
      : { scope: "agent", whose: ownId(actor) }),
    priority,
    wants: (group: Group) =>
      (department === undefined || group.department === department) &&
      (priority === undefined || group.priority === priority) &&
      (category === undefined || group.category === category),
  };
}

/** By which an agent's own figures are found. */
export function ownId({ agent, userId }: Actor): string {
  return agent?.id ?? userId;
}
