import { type Agent, isActiveAgent, OPEN_TICKETS_MAX } from "../rules/agent.ts";
import { departureAfter, departureAgain, isStarted, type Move } from "../rules/departure.ts";
import { handBack, handoverMessage } from "../rules/handover.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { ShiftHappening } from "../rules/shift_edges.ts";
import { isOpen } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { agents } from "../store/kinds.ts";
import { departures } from "../store/shift_kinds.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { commitDecision, readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { announce } from "./fan_out.ts";

/** An agent as a transaction found it and as it leaves it. */
interface Change {
  readonly found: Agent;
  readonly left: Agent;
  readonly at: Instant;
}

/** Begins or ends the departure of who went or came in this transaction. Up to a check and 2 writes. */
export async function followDeparture(
  desk: Desk,
  tx: Transaction,
  { found, left, at }: Change,
  happened: readonly ShiftHappening[] = [],
): Promise<void> {
  const moves = movesOf({ found, left, at }, happened);
  if (moves.length === 0 && isActiveAgent(left)) return;
  const former = await tx.get(departures, keys.departure(left.id));
  const departure = departureAfter(former, left, moves, desk.config.handoverGraceMinutes);
  if (former === null) {
    if (departure !== null) tx.add(departures, departure);
  } else if (departure === null) tx.remove(departures, former);
  else tx.put(departures, departure);
}

function movesOf(
  { found, left, at }: Change,
  happened: readonly ShiftHappening[],
): Move[] {
  const states = [...happened.map(({ agent, at }) => ({ agent, at })), { agent: left, at }];
  const moves: Move[] = [];
  let wasAway = found.status === "offline";
  for (const { agent, at } of states) {
    const isAway = agent.status === "offline";
    if (isAway !== wasAway) moves.push({ kind: isAway ? "went" : "came", at });
    wasAway = isAway;
  }
  return moves;
}

/** One for each ticket, and a last one; for two departures where an agent went again. */
const STEPS_MAX = 2 * (OPEN_TICKETS_MAX + 1);

/**
 * Takes from who left, and was not back in time, the tickets that it had and has not started: one
 * transaction a ticket, of 4 checks and about 20 writes. It may be cut off, run again and run twice at once:
 * every ticket goes back once, and supervisors are told once, with the last of them. How many it
 * took.
 */
export async function finishDeparture(desk: Desk, agentId: string): Promise<number> {
  let taken = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    const outcome = await takeStep(desk, agentId);
    // Where the store is too busy now, the next sweep goes on.
    if (outcome === "done" || isRefusal(outcome)) break;
    if (outcome === "requeued") taken += 1;
  }
  return taken;
}

function takeStep(
  desk: Desk,
  agentId: string,
): Promise<"requeued" | "kept" | "gone" | "again" | "done" | Refusal> {
  const { store } = desk;
  return transact(store, async (tx) => {
    const departure = await tx.get(departures, keys.departure(agentId));
    if (departure === null || departure.dueAt > store.now()) return "done";
    const agent = await tx.get(agents, keys.agent(agentId));
    if (agent === null) throw new Error(`Cannot end a departure: there is no agent ${agentId}`);
    const [id, ...left] = departure.left;
    if (id === undefined) {
      tellSupervisors(desk, tx, agent, departure);
      const next = departureAgain(departure, agent, desk.config.handoverGraceMinutes);
      if (next === null) tx.remove(departures, departure);
      else tx.put(departures, next);
      return next === null ? "done" : "again";
    }
    const held = await readHeld(desk, tx, id);
    // Whatever became of it meanwhile, it is not this agent's any more.
    if (held === null || held.holder?.id !== agentId || !isOpen(held.ticket)) {
      tx.put(departures, { ...departure, left });
      return "gone";
    }
    const { ticket, holder, at, hours } = held;
    if (isStarted(ticket)) {
      tx.put(departures, { ...departure, left, kept: [...departure.kept, id] });
      return "kept";
    }
    const decision = handBack(ticket, { holder, by: "left" }, at, hours);
    await commitDecision(desk, tx, ticket, decision, null, at);
    tx.put(departures, { ...departure, left, requeued: [...departure.requeued, id] });
    return "requeued";
  });
}

function tellSupervisors(
  { store }: Desk,
  tx: Transaction,
  agent: Agent,
  { requeued, kept }: { readonly requeued: readonly string[]; readonly kept: readonly string[] },
): void {
  if (requeued.length + kept.length === 0) return;
  announce(tx, {
    id: store.newId(),
    message: handoverMessage(agent, { movedIds: [], requeuedIds: requeued, keptIds: kept }),
    except: null,
    createdAt: store.now(),
  });
}
