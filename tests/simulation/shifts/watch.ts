import type { Agent } from "../../../domain/rules/agent.ts";
import type { Shift } from "../../../domain/rules/shift.ts";
import { isOpen, type Ticket } from "../../../domain/rules/ticket.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { Desk } from "../../../domain/services/desk.ts";
import { keys } from "../../../domain/store/keys.ts";
import { agents } from "../../../domain/store/kinds.ts";
import { readMany } from "../../../domain/store/store.ts";
import type { RecurringShift } from "./diary.ts";

/** That an agent had an open ticket; `to` is null while it has it. */
export interface Holding {
  readonly ticketId: string;
  readonly agentId: string;
  readonly from: Instant;
  to: Instant | null;
  /** Since when it has been started, or not been. */
  since: Instant;
  isStarted: boolean;
  /** Somebody has given it a first response. */
  isAnswered: boolean;
}

/** An open ticket of these somebody has taken up. */
const BEGUN: ReadonlySet<Ticket["status"]> = new Set(["in-progress", "pending"]);

/**
 * Looks on as a desk commits: which agents are others than before, who has which ticket, and what
 * was made of patterns. What it tells of agents is read from the store.
 */
export class Watch {
  /** The same desk, watched. */
  readonly desk: Desk;
  readonly recurring = new Map<string, RecurringShift[]>();
  readonly tickets = new Map<string, Ticket>();
  readonly holdings: Holding[] = [];
  readonly #held = new Map<string, Holding>();
  readonly #room = new Map<string, number>();
  readonly #agents = new Map<string, Agent>();
  readonly #changed = new Set<string>();
  readonly #made = new Set<string>();

  constructor(desk: Desk) {
    const { committer } = desk.store;
    const submit: typeof committer.submit = async (draft) => {
      const versionstamp = await committer.submit(draft);
      if (versionstamp === null) return null;
      for (const { key, ...mutation } of draft.mutations) {
        if (mutation.kind === "set") this.#see(String(key[0]), String(key[1]), mutation.value);
      }
      return versionstamp;
    };
    this.desk = { ...desk, store: { ...desk.store, committer: { ...committer, submit } } };
  }

  /** Every agent's record as it stands in the store. */
  async agents(): Promise<ReadonlyMap<string, Agent>> {
    const ids = [...this.#changed];
    this.#changed.clear();
    const found = await readMany(this.desk.store, agents, ids.map(keys.agent));
    for (const agent of found) if (agent !== null) this.#agents.set(agent.id, agent);
    return this.#agents;
  }

  /** How many open tickets the agent has, by the records of the tickets. */
  openOf(agentId: string): number {
    return this.#room.get(agentId) ?? 0;
  }

  holdingOf(ticketId: string): Holding | null {
    return this.#held.get(ticketId) ?? null;
  }

  look(agentIds: readonly string[]): void {
    for (const id of agentIds) this.#changed.add(id);
  }

  #see(kind: string, id: string, value: unknown): void {
    // What stands under these keys is made by the record kinds of these names.
    if (kind === "agent") this.#changed.add(id);
    else if (kind === "ticket") this.#seeTicket(value as Ticket);
    else if (kind === "shift") this.#seeShift(value as Shift);
  }

  #seeShift({ id, agentId, patternId, breaks }: Shift): void {
    if (this.#made.has(id)) return;
    this.#made.add(id);
    if (patternId === undefined) return;
    const made = { shiftId: id, patternId, breakIds: breaks.map((each) => each.id) };
    this.recurring.set(agentId, [...this.recurring.get(agentId) ?? [], made]);
  }

  #seeTicket(ticket: Ticket): void {
    const now = this.desk.store.now();
    if (isOpen(ticket)) this.tickets.set(ticket.id, ticket);
    else this.tickets.delete(ticket.id);
    const before = this.#held.get(ticket.id);
    const agentId = isOpen(ticket) ? ticket.assignee?.agentId : undefined;
    const answered = ticket.firstResponseAt !== null;
    const started = answered || BEGUN.has(ticket.status);
    if (before?.agentId === agentId) {
      if (before === undefined) return;
      before.isAnswered = answered;
      if (before.isStarted !== started) [before.isStarted, before.since] = [started, now];
      return;
    }
    if (before !== undefined) {
      before.to = now;
      this.#held.delete(ticket.id);
      this.#room.set(before.agentId, this.openOf(before.agentId) - 1);
    }
    if (agentId === undefined) return;
    const state = { since: now, isStarted: started, isAnswered: answered };
    const holding = { ticketId: ticket.id, agentId, from: now, to: null, ...state };
    this.#held.set(ticket.id, holding);
    this.holdings.push(holding);
    this.#room.set(agentId, this.openOf(agentId) + 1);
  }
}
