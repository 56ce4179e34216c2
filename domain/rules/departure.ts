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
  /** When it went again after that: it leaves anew once these tickets have gone. */
  readonly againAt?: Instant;
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
  const graceMs = graceMinutes * MINUTE_MS;
  let departure = former;
  for (const { kind, at } of moves) {
    departure = kind === "came"
      ? departureAtReturn(departure, agent, at, graceMs)
      : departure === null
      ? departureOf(agent, at, graceMs)
      : { ...departure, againAt: at };
  }
  return departure;
}

/** What follows a departure that has been seen to, where its agent has gone again since. */
export function departureAgain(
  { againAt }: Departure,
  agent: Agent,
  graceMinutes: number,
): Departure | null {
  return againAt === undefined ? null : departureOf(agent, againAt, graceMinutes * MINUTE_MS);
}

/** Who comes when it is due or later is too late, whether or not anybody has looked meanwhile. */
function departureAtReturn(
  departure: Departure | null,
  agent: Agent,
  cameAt: Instant,
  graceMs: number,
): Departure | null {
  if (departure === null || departure.dueAt > cameAt) return null;
  const { againAt = Infinity, ...late } = departure;
  const backAt = cameAt;
  if (againAt + graceMs > cameAt) return { ...late, backAt };
  // It was too late twice: what it has taken up in between goes, too.
  const { left, requeued, kept } = late;
  const known = new Set([...left, ...requeued, ...kept]);
  const taken = agent.activeTickets.flatMap(({ id }) => known.has(id) ? [] : id);
  return { ...late, backAt, left: [...left, ...taken] };
}

/** The departure of an agent that went offline at an instant; null for one who leaves nothing. */
function departureOf(
  { id: agentId, activeTickets }: Agent,
  leftAt: Instant,
  graceMs: number,
): Departure | null {
  if (activeTickets.length === 0) return null;
  const left = activeTickets.map(({ id }) => id);
  const dueAt = leftAt + graceMs;
  return { schema: 1, agentId, leftAt, dueAt, left, requeued: [], kept: [] };
}

/** Whether an agent has begun with the ticket: then it stays with whoever has it. */
export function isStarted({ status, firstResponseAt }: Ticket): boolean {
  return firstResponseAt !== null || (status !== "assigned" && status !== "escalated");
}
