import { type Actor, may } from "../rules/actor.ts";
import { type Agent, isActiveAgent, unavailable } from "../rules/agent.ts";
import { bestAgent, isEligible } from "../rules/assignment.ts";
import { handBack, handOver as decideHandover, handoverMessage } from "../rules/handover.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { shortened } from "../rules/text.ts";
import { type Decision, isOpen, type Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { agents } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, withoutRiders } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { onlineAgents } from "./agents.ts";
import { commitDecision, readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { announce } from "./fan_out.ts";
import { ANSWER_KEPT_MS } from "./idempotency.ts";
import { BEGUN, type Progress } from "./progress.ts";

/**
 * What is handed over, and how far it has come. It has as many tickets as an agent can hold, and
 * each of them in one place: at most 63 KB with the warnings, rewritten with every ticket.
 */
interface Handover extends HandedOver {
  readonly from: string;
  /** The agent who gets all; null: each ticket goes to whoever serves it best. */
  readonly to: string | null;
  readonly performedBy: string;
  /** The tickets that have not been looked at yet. */
  readonly left: readonly string[];
}

/** What became of the tickets. */
export interface HandedOver {
  readonly moved: readonly { readonly ticketId: string; readonly to: string }[];
  readonly requeued: readonly string[];
  readonly warnings: readonly string[];
}

/** Kept as long as the answer to whoever asked for it could be. */
interface Finished extends HandedOver {
  readonly expiresAt: Instant;
}

/** A record of 500 tickets moved, 54 KB, leaves room for no more than this. */
const WARNINGS_MAX = 20;
const WARNING_LENGTH_MAX = 200;

/**
 * Hands over every ticket that the agent has open now: to the agent named, else each to the best
 * other one, and where nobody fits back to the head of the queue. The intent is one commit; then
 * each ticket is a transaction of up to 5 checks and 30 writes, and what is cut off is resumed.
 * Supervisors are told once, with the last of them. Refuses with `forbidden`, `not_found`, `conflict`
 * (to itself) and `agent_unavailable` (to who is not there).
 */
export async function handOverTickets(
  desk: Desk,
  actor: Actor,
  request: { readonly from: string; readonly to: string | null },
  progress: Progress<string>,
): Promise<HandedOver | Refusal> {
  const id = progress.noted.get(BEGUN) ?? desk.store.newId();
  if (!progress.noted.has(BEGUN)) {
    const refusal = await transact(desk.store, (tx) => intend(tx, actor, request, id, progress));
    if (refusal !== null) return refusal;
  }
  // What was asked for has begun: the agent may be another one by now than `If-Match` named.
  const store = withoutRiders(desk.store);
  return await finishHandover({ ...desk, store }, id) ??
    refuse("unavailable", "The handover has begun and goes on by itself; look again.");
}

/** Commits what is to be done, with the note by which the same request is known again. */
async function intend(
  tx: Transaction,
  actor: Actor,
  { from, to }: { readonly from: string; readonly to: string | null },
  id: string,
  progress: Progress<string>,
): Promise<Refusal | null> {
  const agent = await tx.get(agents, keys.agent(from));
  if (agent === null) return notFound("agent");
  if (!may(actor, "hand_over_any") && actor.agent?.id !== from) {
    return refuse("forbidden", "Only a supervisor hands over the tickets of another agent.");
  }
  const refusal = to === null ? null : await refusalToTakeOver(tx, agent, to);
  if (refusal !== null) return refusal;
  const left = agent.activeTickets.map((held) => held.id);
  const performedBy = actor.userId;
  const nothing = { moved: [], requeued: [], warnings: [] };
  const handover: Handover = { from, to, performedBy, left, ...nothing };
  tx.set(keys.intent("handover", id), handover);
  return await progress.note(tx, BEGUN, id);
}

async function refusalToTakeOver(
  tx: Transaction,
  from: Agent,
  to: string,
): Promise<Refusal | null> {
  if (to === from.id) return refuse("conflict", `${from.name} has these tickets already.`);
  const taker = await tx.get(agents, keys.agent(to));
  if (taker === null) return notFound("agent");
  return !isActiveAgent(taker) || taker.status === "offline" ? unavailable(taker) : null;
}

/**
 * Does what is left of a handover, and says what became of all. It may be cut off, run again and run
 * twice at once: no ticket moves twice. Null where the store is too busy, or it is long done.
 */
export async function finishHandover(desk: Desk, id: string): Promise<HandedOver | null> {
  const { reader } = desk.store;
  const { value: handover } = await reader.get<Handover>(keys.intent("handover", id));
  if (handover !== null) {
    const online = handover.to === null ? await onlineAgents(desk) : [];
    const crew = new Map(online.map((agent) => [agent.id, agent]));
    crew.delete(handover.from);
    // Every step ends a ticket, or corrects what is known of an agent.
    const stepsMax = (handover.left.length + 1) * (crew.size + 1);
    for (let steps = 0; steps < stepsMax; steps++) {
      const step = await takeStep(desk, id, crew);
      if (step === null || isRefusal(step)) break;
      for (const agent of step.agents) if (crew.has(agent.id)) crew.set(agent.id, agent);
      if (step.stale !== null) await refresh(desk, crew, step.stale);
    }
  }
  const { value: finished } = await reader.get<Finished>(keys.intent("handover_done", id));
  if (finished === null) return null;
  const { expiresAt: _, ...outcome } = finished;
  return outcome;
}

interface Step {
  /** The agents as the step left them. */
  readonly agents: readonly Agent[];
  /** An agent who was chosen, but is another one than it was thought to be. */
  readonly stale: string | null;
}

/** Moves the next ticket; with the last one gone it tells supervisors and ends the handover. */
function takeStep(
  desk: Desk,
  id: string,
  crew: ReadonlyMap<string, Agent>,
): Promise<Step | null | Refusal> {
  const { store } = desk;
  return transact(store, async (tx) => {
    const key = keys.intent("handover", id);
    const handover = await tx.getValue<Handover>(key);
    if (handover === null) return null;
    const from = await tx.get(agents, keys.agent(handover.from));
    const [ticketId, ...left] = handover.left;
    if (from === null || ticketId === undefined) {
      const { moved, requeued, warnings } = handover;
      const expiresAt = store.now() + ANSWER_KEPT_MS;
      const done: Finished = { moved, requeued, warnings, expiresAt };
      if (from !== null) tellSupervisors(desk, tx, from, handover);
      tx.delete(key);
      tx.set(keys.intent("handover_done", id), done, ANSWER_KEPT_MS);
      return null;
    }
    const held = await readHeld(desk, tx, ticketId);
    // Whatever became of it meanwhile, it is not this agent's any more.
    if (held === null || held.holder?.id !== from.id || !isOpen(held.ticket)) {
      tx.set(key, { ...handover, left });
      return { agents: [], stale: null };
    }
    const { ticket, holder, at, hours } = held;
    const to = await chooseTaker(desk, tx, handover, ticket, crew, at);
    if (typeof to === "string") return { agents: [], stale: to };
    const decided = to === null ? null : decideHandover(ticket, { from: holder, to }, at, hours);
    const decision = decided === null || isRefusal(decided)
      ? handBack(ticket, { holder, by: "handover" }, at, hours)
      : decided;
    await commitDecision(desk, tx, ticket, decision, handover.performedBy, at);
    tx.set(key, { ...handover, left, ...outcomeOf(handover, decision) });
    return { agents: decision.agents, stale: null };
  });
}

/**
 * The agent who gets the ticket, read with a check; null when there is none. The id alone of one
 * who was thought to fit and does not.
 */
async function chooseTaker(
  desk: Desk,
  tx: Transaction,
  handover: Handover,
  ticket: Ticket,
  crew: ReadonlyMap<string, Agent>,
  at: Instant,
): Promise<Agent | string | null> {
  if (handover.to !== null) return await tx.get(agents, keys.agent(handover.to));
  const { routing } = desk.config;
  const choice = bestAgent(ticket, [...crew.values()], routing, at);
  if (typeof choice === "string") return null;
  const current = await tx.get(agents, keys.agent(choice.id));
  return current !== null && isEligible(current, ticket, routing, at) ? current : choice.id;
}

function outcomeOf(
  { moved, requeued, warnings }: HandedOver,
  decision: Decision,
): HandedOver {
  const { id: ticketId, assignee } = decision.ticket;
  if (assignee === null) return { moved, requeued: [...requeued, ticketId], warnings };
  // The same word of many tickets is said once.
  const more = decision.warnings.map((warning) => shortened(warning, WARNING_LENGTH_MAX));
  const said = [...new Set([...warnings, ...more])].slice(0, WARNINGS_MAX);
  return { moved: [...moved, { ticketId, to: assignee.agentId }], requeued, warnings: said };
}

function tellSupervisors({ store }: Desk, tx: Transaction, from: Agent, handover: Handover): void {
  const { moved, requeued: requeuedIds, performedBy } = handover;
  const movedIds = moved.map(({ ticketId }) => ticketId);
  if (movedIds.length + requeuedIds.length === 0) return;
  announce(tx, {
    id: store.newId(),
    message: handoverMessage(from, { movedIds, requeuedIds }),
    except: performedBy,
    createdAt: store.now(),
  });
}

async function refresh(desk: Desk, crew: Map<string, Agent>, id: string): Promise<void> {
  const agent = await read(desk.store, agents, keys.agent(id));
  if (agent === null) crew.delete(id);
  else crew.set(id, agent);
}
