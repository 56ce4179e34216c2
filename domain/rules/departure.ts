import { type Agent, isActiveAgent } from "./agent.ts";
import type { Ticket } from "./ticket.ts";
import { type Instant, MINUTE_MS } from "./time.ts";

/**
 * That an agent went offline with open tickets. Unless it comes back before, those of them that it
 * has not started go back to the queue when the time of grace is over.
 */
export interface Departure {
  readonly schema: 1;
  readonly agentId: string;
  readonly leftAt: Instant;
  readonly dueAt: Instant;
  /** The tickets that it had and that have not been looked at yet; then what became of the others. */
  readonly left: readonly string[];
  readonly requeued: readonly string[];
  readonly kept: readonly string[];
  /** When it came back, too late: the tickets go all the same. */
  readonly backAt?: Instant;
}

/** When an agent last went offline, and when it last came, in one change; null where it did not. */
export interface Moves {
  readonly wentAt: Instant | null;
  readonly cameAt: Instant | null;
}

/**
 * What becomes of an agent's departure, null for none, by a change of the agent. Who is back in time
 * is not leaving any more, nor is who was deactivated, whose tickets go back at once.
 */
export function departureAfter(
  former: Departure | null,
  agent: Agent,
  { wentAt, cameAt }: Moves,
  graceMinutes: number,
): Departure | null {
  if (!isActiveAgent(agent)) return null;
  const late = former === null || cameAt === null || former.dueAt > cameAt
    ? null
    : { ...former, backAt: cameAt };
  if (agent.status !== "offline") return cameAt === null ? former : late;
  if (wentAt === null) return former;
  const fresh = departureOf(agent, wentAt, graceMinutes);
  // What went already is told with the rest.
  return fresh === null ? late : { ...fresh, requeued: former?.requeued ?? [] };
}

/** The departure of an agent that went offline at an instant; null for one who leaves nothing. */
function departureOf(
  { id: agentId, activeTickets }: Agent,
  leftAt: Instant,
  graceMinutes: number,
): Departure | null {
  if (activeTickets.length === 0) return null;
  const left = activeTickets.map(({ id }) => id);
  const dueAt = leftAt + graceMinutes * MINUTE_MS;
  return { schema: 1, agentId, leftAt, dueAt, left, requeued: [], kept: [] };
}

/** Whether an agent has begun with the ticket: then it stays with whoever has it. */
export function isStarted({ status, firstResponseAt }: Ticket): boolean {
  return firstResponseAt !== null || (status !== "assigned" && status !== "escalated");
}
