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

/** That an agent went offline, or came back, at an instant. */
export interface Move {
  readonly kind: "went" | "came";
  readonly at: Instant;
}

/**
 * What becomes of an agent's departure, null for none, by its moves in one change, in their order.
 * Who is back in time is not leaving any more, nor is who was deactivated, whose tickets go back at
 * once. `agent` is as the change leaves it.
 */
export function departureAfter(
  former: Departure | null,
  agent: Agent,
  moves: readonly Move[],
  graceMinutes: number,
): Departure | null {
  if (!isActiveAgent(agent)) return null;
  let departure = former;
  for (const { kind, at } of moves) {
    departure = kind === "came"
      ? departureAtReturn(departure, at)
      : departureAnew(departure, agent, at, graceMinutes);
  }
  return departure;
}

/** Who comes when it is due or later is too late, whether or not anybody has looked meanwhile. */
function departureAtReturn(departure: Departure | null, cameAt: Instant): Departure | null {
  return departure === null || departure.dueAt > cameAt ? null : { ...departure, backAt: cameAt };
}

/** What went already is told with the rest. */
function departureAnew(
  former: Departure | null,
  agent: Agent,
  wentAt: Instant,
  graceMinutes: number,
): Departure | null {
  const fresh = departureOf(agent, wentAt, graceMinutes);
  return fresh === null ? former : { ...fresh, requeued: former?.requeued ?? [] };
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
