import { type Actor, supervises } from "../rules/actor.ts";
import { type Adherence, adherenceOf } from "../rules/adherence.ts";
import type { Agent } from "../rules/agent.ts";
import { boundedSpan, refuseStart } from "../rules/range.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { SHIFT_MAX_MS, type Span } from "../rules/shift.ts";
import { STARTED_EARLY_MAX_MS } from "../rules/shift_verbs.ts";
import type { AskedRange } from "../rules/sla_period.ts";
import { inBatches } from "../store/store.ts";
import { getAgent, listAgents } from "./agents.ts";
import type { Desk } from "./desk.ts";
import { bringUpToDate } from "./shift_calendar.ts";
import { shiftsStarting } from "./shift_lists.ts";

/** Of whom, and of what time, somebody wants the figures. */
export interface AdherenceQuestion extends AskedRange {
  /** Absent for everybody whose figures the actor may see. */
  readonly agentId?: string | undefined;
  readonly department?: string | undefined;
}

export interface AgentAdherence {
  readonly agent: Agent;
  readonly figures: Adherence;
}

export interface AdherencePage {
  readonly range: Span;
  readonly items: readonly AgentAdherence[];
  readonly next: string | null;
}

export const ADHERENCE_DAYS = { byDefault: 30, max: 92 } as const;
/** Of one agent; about a hundred a day. */
const SHIFTS_READ_MAX = 10_000;
/** They are read side by side. */
const AT_ONCE = 10;

/**
 * How agents kept to their shifts, in the order in which these were made: of the last 30 days, or as
 * asked, in days of the desk's time zone. One read an agent. An agent gets its own figures. Refuses
 * with `forbidden`, `not_found` and `invalid_input`.
 */
export async function readAdherence(
  desk: Desk,
  actor: Actor,
  question: AdherenceQuestion,
  page: { readonly after: string | null; readonly limit: number },
): Promise<AdherencePage | Refusal> {
  const { timezone } = desk.config;
  const now = desk.store.now();
  const range = boundedSpan(question, timezone, now, ADHERENCE_DAYS);
  if (isRefusal(range)) return range;
  const found = await agentsFor(desk, actor, question, page);
  if (isRefusal(found)) return found;
  const items: AgentAdherence[] = [];
  for await (const batch of inBatches(found.items, AT_ONCE)) {
    const figures = await Promise.all(batch.map((agent) => figuresOf(desk, agent, range)));
    for (const [index, agent] of batch.entries()) {
      const own = figures[index] ?? null;
      if (own === null) return refuseStart(`Must be later: ${agent.name} had too many shifts`);
      items.push({ agent, figures: own });
    }
  }
  return { range, items, next: found.next };
}

async function agentsFor(
  desk: Desk,
  actor: Actor,
  { agentId, department }: AdherenceQuestion,
  page: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly items: readonly Agent[]; readonly next: string | null } | Refusal> {
  const id = agentId ?? (supervises(actor) ? undefined : actor.agent?.id);
  if (id === undefined) {
    return supervises(actor)
      ? await listAgents(desk, { department }, page)
      : { items: [], next: null };
  }
  const found = await getAgent(desk, id);
  if (isRefusal(found)) return found;
  if (!supervises(actor) && actor.agent?.id !== id) {
    return refuse("forbidden", "Only a supervisor sees the figures of another agent.");
  }
  return { items: [found.record], next: null };
}

/** Null where there are more shifts than are read. */
async function figuresOf(desk: Desk, agent: Agent, range: Span): Promise<Adherence | null> {
  await bringUpToDate(desk, agent);
  // What went on into the range began a day before it at most, and may have begun before its time.
  const span = { start: range.start - SHIFT_MAX_MS, end: range.end + STARTED_EARLY_MAX_MS };
  const shifts = await shiftsStarting(desk.store, agent.id, span, SHIFTS_READ_MAX);
  if (shifts.length === SHIFTS_READ_MAX) return null;
  return adherenceOf(shifts, range, desk.store.now());
}
