import { type Actor, maySeeTicket } from "../rules/actor.ts";
import { type Agent, hasCapacity, holdTicket } from "../rules/agent.ts";
import { bestAgent, route, type WaitReason } from "../rules/assignment.ts";
import { demandText } from "../rules/demand.ts";
import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import { isWaiting, laneOf, nextDueAt, type Ticket } from "../rules/ticket.ts";
import { agents, type QueueRow, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { LIST_BATCH_MAX, read, readMany, whyFallen } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { onlineAgents } from "./agents.ts";
import { commitDecision, readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { noProgress, type Progress } from "./progress.ts";

/** A longer queue is gone through this far at a time, from its head. */
export const QUEUE_READ_MAX = 10_000;

export interface RoutingReport {
  readonly assigned: readonly { readonly ticketId: string; readonly agentId: string }[];
  readonly unassigned: readonly { readonly ticketId: string; readonly reason: WaitReason }[];
  readonly processed: number;
}

interface Waiting {
  readonly id: string;
  readonly demand: QueueRow;
}

/**
 * Gives waiting tickets, in the queue's order, each to the best agent for it: one transaction a
 * ticket, so that any number of runs at once give no ticket twice and no agent too much. What was
 * given already by a run that died belongs to the report, and to the limit, of the run that goes on.
 */
export async function processQueue(
  desk: Desk,
  options: { readonly limit: number; readonly dryRun: boolean },
  progress: Progress<string> = noProgress(),
): Promise<RoutingReport> {
  const before = [...progress.noted].map(([ticketId, agentId]) => ({ ticketId, agentId }));
  let left = options.limit - before.length;
  const run = new RoutingRun(desk, await onlineAgents(desk), options.dryRun, progress);
  if (left > 0) {
    for await (const waiting of readQueue(desk, options.limit)) {
      // What was given before and is back has had its turn.
      if (progress.noted.has(waiting.id)) continue;
      if (left === 0) break;
      left -= 1;
      // Each ticket would be offered to everybody in vain.
      if (whyFallen(desk.store) !== null) break;
      await run.place(waiting);
    }
  }
  const { assigned, unassigned, processed } = run.report();
  return { assigned: [...before, ...assigned], unassigned, processed: before.length + processed };
}

/** Goes through the queue for these agents alone, who have just become free or better. */
export async function routeToAgents(desk: Desk, agentIds: ReadonlySet<string>): Promise<void> {
  const run = new RoutingRun(desk, await onlineAgents(desk));
  if (!run.hasRoom(agentIds)) return;
  for await (const waiting of readQueue(desk, QUEUE_READ_MAX)) {
    await run.place(waiting);
    if (!run.hasRoom(agentIds)) return;
  }
}

/**
 * Places tickets that have just begun to wait; what waited before them found nobody. Agents who
 * became free meanwhile are left out: the walk along the queue that is due for them serves whoever
 * waits longest.
 */
export async function routeTickets(
  desk: Desk,
  ticketIds: readonly string[],
  isDueForWalk: (agentId: string) => boolean,
): Promise<void> {
  const crew = (await onlineAgents(desk)).filter((agent) => !isDueForWalk(agent.id));
  if (!crew.some(hasCapacity)) return;
  const run = new RoutingRun(desk, crew);
  const found = await readMany(desk.store, tickets, ticketIds.map((id) => keys.ticket(id)));
  const waiting = found.filter((ticket) => ticket !== null).filter(isWaiting).sort(compareTurn);
  for (const ticket of waiting) await run.place({ id: ticket.id, demand: ticket });
}

/** Whose turn comes first: the order of the queue's keys. */
function compareTurn(a: Ticket, b: Ticket): number {
  return laneOf(a) - laneOf(b) || a.priority - b.priority || nextDueAt(a) - nextDueAt(b) ||
    (a.id < b.id ? -1 : 1);
}

/** One walk along the queue, with the agents as they are and as the walk's own work makes them. */
class RoutingRun {
  readonly #desk: Desk;
  readonly #crew: Map<string, Agent>;
  readonly #dryRun: boolean;
  readonly #progress: Progress<string>;
  readonly #assigned: { ticketId: string; agentId: string }[] = [];
  readonly #unassigned: { ticketId: string; reason: WaitReason }[] = [];
  /** Demands that nobody could meet: agents only fill up during a run, so nobody will. */
  readonly #hopeless = new Map<string, WaitReason>();

  constructor(
    desk: Desk,
    crew: readonly Agent[],
    dryRun = false,
    progress: Progress<string> = noProgress(),
  ) {
    this.#desk = desk;
    this.#progress = progress;
    this.#crew = new Map(crew.map((agent) => [agent.id, agent]));
    this.#dryRun = dryRun;
  }

  hasRoom(agentIds: ReadonlySet<string>): boolean {
    return [...agentIds].some((id) => {
      const agent = this.#crew.get(id);
      return agent !== undefined && hasCapacity(agent);
    });
  }

  async place(waiting: Waiting): Promise<void> {
    const { id: ticketId, demand } = waiting;
    const { routing } = this.#desk.config;
    // Each refusal shows an agent as it is now; as many tries as agents end in any case.
    for (let tries = 0; tries <= this.#crew.size; tries++) {
      const at = this.#desk.store.now();
      const text = demandText(demand, routing, at);
      const choice = this.#hopeless.get(text) ??
        bestAgent(demand, [...this.#crew.values()], routing, at);
      if (typeof choice === "string") {
        this.#hopeless.set(text, choice);
        this.#unassigned.push({ ticketId, reason: choice });
        return;
      }
      const outcome = this.#dryRun
        ? { given: true, agent: holdTicket(choice, { id: ticketId, estimatedHours: 0 }, at) }
        : await assignByRouter(this.#desk, ticketId, choice.id, this.#progress);
      if (outcome === "gone") return;
      if (outcome.agent === null) this.#crew.delete(choice.id);
      else this.#crew.set(choice.id, outcome.agent);
      if (outcome.given) {
        this.#assigned.push({ ticketId, agentId: choice.id });
        return;
      }
    }
  }

  report(): RoutingReport {
    const [assigned, unassigned] = [this.#assigned, this.#unassigned];
    return { assigned, unassigned, processed: assigned.length + unassigned.length };
  }
}

interface Attempt {
  /** Whether this very run gave the ticket: an agent may have got it from another meanwhile. */
  readonly given: boolean;
  /** The agent as it is now; null when it has left. */
  readonly agent: Agent | null;
}

/** Gives the ticket to the agent if it can take it; `gone` if the ticket no longer waits. */
async function assignByRouter(
  desk: Desk,
  ticketId: string,
  agentId: string,
  progress: Progress<string>,
): Promise<Attempt | "gone"> {
  const outcome = await giveTo(
    desk,
    ticketId,
    agentId,
    (tx) => progress.note(tx, ticketId, agentId),
  );
  if (!isRefusal(outcome)) return { given: true, agent: outcome };
  if (outcome.refused === "already_claimed") return "gone";
  const agent = await read(desk.store, agents, keys.agent(agentId));
  return { given: false, agent: agent?.status === "online" ? agent : null };
}

/** What gives a ticket, and the user who asked for it; null for the desk itself. */
interface Giver {
  readonly by: "router" | "optimize";
  readonly performedBy: string | null;
}

/**
 * Gives a waiting ticket to an agent, if both are still as the router must find them; the agent as it
 * is then. `note` may add to the transaction, which has up to 4 checks and 20 writes without. Refuses
 * with `not_found`, `already_claimed`, `agent_unavailable` and as `note` does.
 */
export function giveTo(
  desk: Desk,
  ticketId: string,
  agentId: string,
  note: (tx: Transaction) => Promise<Refusal | null>,
  giver: Giver = { by: "router", performedBy: null },
): Promise<Agent | Refusal> {
  return transact(desk.store, async (tx) => {
    const held = await readHeld(desk, tx, ticketId);
    if (held === null) return notFound("ticket");
    const agent = await tx.get(agents, keys.agent(agentId));
    if (agent === null) return notFound("agent");
    const { ticket, at } = held;
    const decision = route(ticket, agent, desk.config.routing, at, giver.by);
    if (isRefusal(decision)) return decision;
    const inTheWay = await note(tx);
    if (inTheWay !== null) return inTheWay;
    await commitDecision(desk, tx, ticket, decision, giver.performedBy, at);
    return decision.agents[0] ?? agent;
  });
}

async function* readQueue(desk: Desk, limit: number): AsyncGenerator<Waiting> {
  const batchSize = Math.min(limit, LIST_BATCH_MAX);
  const rows = desk.store.reader.list<QueueRow>({ prefix: ["queue"] }, { limit, batchSize });
  for await (const { key, value } of rows) yield { id: String(key.at(-1)), demand: value };
}

export interface QueuedTicket {
  readonly ticket: Ticket;
  /** 1 is the next to be assigned. */
  readonly position: number;
  /** Why nobody takes it now; null when somebody could. */
  readonly reason: WaitReason | null;
}

/** What waits and the actor may see, in the order in which it will be assigned. */
export async function listQueue(
  desk: Desk,
  actor: Actor,
  limit: number,
): Promise<QueuedTicket[]> {
  const crew = await onlineAgents(desk);
  const at = desk.store.now();
  const places: { readonly waiting: Waiting; readonly position: number }[] = [];
  let position = 0;
  for await (const waiting of readQueue(desk, QUEUE_READ_MAX)) {
    position += 1;
    if (!maySeeTicket(actor, { ...waiting.demand, assignee: null })) continue;
    places.push({ waiting, position });
    if (places.length === limit) break;
  }
  const ids = places.map(({ waiting }) => keys.ticket(waiting.id));
  const found = await readMany(desk.store, tickets, ids);
  return places.flatMap(({ waiting, position }, index) => {
    const ticket = found[index] ?? null;
    if (ticket === null || !isWaiting(ticket)) return [];
    const choice = bestAgent(waiting.demand, crew, desk.config.routing, at);
    return [{ ticket, position, reason: typeof choice === "string" ? choice : null }];
  });
}
