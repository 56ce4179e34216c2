import { type Agent, deactivateAgent, isActiveAgent, OPEN_TICKETS_MAX } from "../rules/agent.ts";
import { handBack, handoverMessage } from "../rules/handover.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { agents } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { tellAgent } from "./agent_events.ts";
import { commitDecision, readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { announce } from "./fan_out.ts";
import { ShiftCourse } from "./shift_course.ts";

/** That an agent was deactivated, and by whom; it stands until the agent has no open ticket. */
interface Departure {
  readonly performedBy: string | null;
}

/**
 * Deactivates the agent, which this transaction has read, with the intent to take its tickets from
 * it and the word of it to supervisors; `finishLeaving` does the rest. Its shift ends; those that are
 * scheduled are cancelled when they would start. Up to 2 checks and 18 writes.
 */
export async function beginLeaving(
  desk: Desk,
  tx: Transaction,
  agent: Agent,
  performedBy: string | null,
): Promise<Agent> {
  if (!isActiveAgent(agent)) return agent;
  const { store } = desk;
  const course = new ShiftCourse(desk, tx, agent);
  const { at } = course;
  await course.endCurrent();
  course.decide([], deactivateAgent(course.agent, at));
  await course.commit();
  const gone = course.agent;
  tellAgent(tx, gone);
  if (gone.activeTickets.length > 0) {
    const departure: Departure = { performedBy };
    tx.set(keys.intent("leaving", gone.id), departure);
    const requeuedIds = gone.activeTickets.map(({ id }) => id);
    const message = handoverMessage(gone, { movedIds: [], requeuedIds });
    const announcement = { id: store.newId(), message, except: performedBy, createdAt: at };
    announce(tx, announcement);
  }
  return gone;
}

/**
 * Takes a deactivated agent's open tickets from it, a transaction of 4 checks and about 20 writes
 * each. It may be cut off, run again and run twice at once: every ticket goes back once. An agent
 * who was reactivated meanwhile keeps what it still has. The tickets that this run took.
 */
export async function finishLeaving(desk: Desk, agentId: string): Promise<string[]> {
  const requeued: string[] = [];
  // Nothing can be given to the agent, so its tickets only become fewer.
  while (requeued.length < OPEN_TICKETS_MAX) {
    const taken = await takeOne(desk, agentId);
    // Where the store is too busy now, the minute's job goes on.
    if (taken === null || isRefusal(taken)) break;
    requeued.push(taken);
  }
  return requeued;
}

/** Requeues one ticket of the agent; null when none is left, and with it the intent. */
function takeOne(desk: Desk, agentId: string): Promise<string | null | Refusal> {
  const { store } = desk;
  return transact(store, async (tx) => {
    const key = keys.intent("leaving", agentId);
    const departure = await tx.getValue<Departure>(key);
    if (departure === null) return null;
    const agent = await tx.get(agents, keys.agent(agentId));
    const id = agent?.deactivatedAt === undefined ? undefined : agent.activeTickets[0]?.id;
    const held = id === undefined ? null : await readHeld(desk, tx, id);
    if (held === null) {
      tx.delete(key);
      return null;
    }
    const { ticket, holder, at, hours } = held;
    if (holder?.id !== agent?.id || holder === null) {
      // A rule has just sent it back; or the two were read at different times: then this write is in
      // vain, and all is read again.
      tx.set(key, departure);
      return ticket.id;
    }
    const decision = handBack(ticket, { holder, by: "deactivated" }, at, hours);
    await commitDecision(desk, tx, ticket, decision, departure.performedBy, at);
    return ticket.id;
  });
}
