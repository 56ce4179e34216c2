import { type Actor, may } from "../rules/actor.ts";
import { type Agent, isActiveAgent } from "../rules/agent.ts";
import { bestAgent, isEligible, unavailable } from "../rules/assignment.ts";
import { handBack, handOver as decideHandover, handoverMessage } from "../rules/handover.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import type { Decision, Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { agents, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { LIST_BATCH_MAX, read, readList } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { onlineAgents } from "./agents.ts";
import { commitDecision } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { announceToSupervisors } from "./fan_out.ts";

/**
 * What is handed over, and how far it has come. It has as many tickets as an agent can hold, and
 * each of them in one place: at most 45 KB, rewritten with every ticket.
 */
interface Handover {
  readonly from: string;
  /** The agent who gets all; null: each ticket goes to whoever serves it best. */
  readonly to: string | null;
  readonly performedBy: string;
  readonly left: readonly string[];
  readonly moved: readonly MovedTicket[];
  readonly requeued: readonly string[];
}

interface MovedTicket {
  readonly ticketId: string;
  /** The agent's id. */
  readonly to: string;
}

export interface HandedOver extends Pick<Handover, "moved" | "requeued"> {
  readonly warnings: readonly string[];
}

const HANDOVER = "handover";

/**
 * Hands over every ticket that the agent has open now: to the agent named, else each to the best
 * other one, and where nobody fits back to the head of the queue. The intent is one commit; then
 * each ticket is a transaction of up to 4 checks and 30 writes, and what is cut off is resumed.
 * Supervisors are told once, with the last of them. Refuses with `forbidden`, `not_found`, `conflict`
 * (to itself) and `agent_unavailable` (to who is not there). A run of the minute's job at the same
 * moment shares the work; the answer then tells of what this call knows.
 */
export async function handOverTickets(
  desk: Desk,
  actor: Actor,
  request: { readonly from: string; readonly to: string | null },
): Promise<HandedOver | Refusal> {
  const { from, to } = request;
  if (!may(actor, "hand_over_any") && actor.agent?.id !== from) {
    return refuse("forbidden", "Only a supervisor hands over the tickets of another agent.");
  }
  const id = desk.store.newId();
  const intended = await transact(desk.store, async (tx) => {
    const agent = await tx.get(agents, keys.agent(from));
    if (agent === null) return notFound("agent");
    const refusal = to === null ? null : await refusalToTakeOver(tx, agent, to);
    if (refusal !== null) return refusal;
    const left = agent.activeTickets.map((held) => held.id);
    const handover: Handover = {
      from,
      to,
      performedBy: actor.userId,
      left,
      moved: [],
      requeued: [],
    };
    if (left.length > 0) tx.set(keys.intent(HANDOVER, id), handover);
    return handover;
  });
  return isRefusal(intended)
    ? intended
    : await finishHandover(desk, id) ?? { ...intended, warnings: [] };
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

/** Does what is left of a handover, and says what became of all; null when there is none. */
export async function finishHandover(desk: Desk, id: string): Promise<HandedOver | null> {
  const { value: handover } = await desk.store.reader.get<Handover>(keys.intent(HANDOVER, id));
  if (handover === null) return null;
  const online = handover.to === null ? await onlineAgents(desk) : [];
  const crew = new Map(online.map((agent) => [agent.id, agent]));
  crew.delete(handover.from);
  const warnings = new Set<string>();
  // Every step ends a ticket or corrects what is known of an agent, who is then chosen no more.
  const stepsMax = handover.left.length * (crew.size + 1) + 1;
  let last = handover;
  for (let steps = 0; steps < stepsMax; steps++) {
    const step = await takeStep(desk, id, crew);
    // Where the store is too busy now, the minute's job goes on.
    if (step === null || isRefusal(step)) break;
    last = step.handover;
    for (const warning of step.warnings) warnings.add(warning);
    for (const agent of step.agents) if (crew.has(agent.id)) crew.set(agent.id, agent);
    if (step.stale !== null) await refresh(desk, crew, step.stale);
  }
  const { moved, requeued } = last;
  return { moved, requeued, warnings: [...warnings] };
}

interface Step {
  readonly handover: Handover;
  readonly agents: readonly Agent[];
  readonly warnings: readonly string[];
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
    const key = keys.intent(HANDOVER, id);
    const handover = await tx.getValue<Handover>(key);
    if (handover === null) return null;
    const from = await tx.get(agents, keys.agent(handover.from));
    const [ticketId, ...left] = handover.left;
    if (from === null || ticketId === undefined) {
      if (from !== null) announce(desk, tx, from, handover);
      tx.delete(key);
      return null;
    }
    const ticket = await tx.get(tickets, keys.ticket(ticketId));
    // Whatever became of it meanwhile, it is not this agent's any more.
    if (ticket === null || !from.activeTickets.some((held) => held.id === ticketId)) {
      return advance(tx, key, { ...handover, left });
    }
    const at = store.now();
    const to = await chooseTaker(desk, tx, handover, ticket, crew, at);
    if (typeof to === "string") return { handover, agents: [], warnings: [], stale: to };
    const decided = to === null ? null : decideHandover(ticket, { from, to }, at);
    const decision = decided === null || isRefusal(decided)
      ? handBack(ticket, from, "handover", at)
      : decided;
    commitDecision(store, tx, ticket, decision, handover.performedBy, at);
    return advance(tx, key, { ...handover, left, ...outcomeOf(handover, decision) }, decision);
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

function advance(
  tx: Transaction,
  key: ReturnType<typeof keys.intent>,
  handover: Handover,
  decision: Pick<Decision, "agents" | "warnings"> = { agents: [], warnings: [] },
): Step {
  tx.set(key, handover);
  return { handover, agents: decision.agents, warnings: decision.warnings, stale: null };
}

function outcomeOf(
  { moved, requeued }: Handover,
  { ticket: { id: ticketId, assignee } }: Decision,
): Pick<Handover, "moved" | "requeued"> {
  return assignee === null
    ? { moved, requeued: [...requeued, ticketId] }
    : { moved: [...moved, { ticketId, to: assignee.agentId }], requeued };
}

function announce({ store }: Desk, tx: Transaction, from: Agent, handover: Handover): void {
  const { moved, requeued: requeuedIds, performedBy } = handover;
  const movedIds = moved.map(({ ticketId }) => ticketId);
  if (movedIds.length + requeuedIds.length === 0) return;
  announceToSupervisors(tx, {
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

/** The handovers that are not done, for whoever resumes them. */
export async function openHandovers(desk: Desk): Promise<string[]> {
  const rows = await readList<Handover>(desk.store, ["intent", HANDOVER], {
    limit: LIST_BATCH_MAX,
  });
  return rows.map(({ key }) => String(key.at(-1)));
}
