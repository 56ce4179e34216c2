import { type Agent, AGENT_STATUSES, isAtWork, isOnDuty } from "../../../domain/rules/agent.ts";
import type { Departure } from "../../../domain/rules/departure.ts";
import { isWaiting } from "../../../domain/rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import { availableAgents } from "../../../domain/services/agents.ts";
import { readList } from "../../../domain/store/store.ts";
import type { Worker } from "./cast.ts";
import type { Watch } from "./watch.ts";

/** What was seen of an agent in one minute, as bits; the lowest two are its status. */
export const SEEN = {
  status: 3,
  onBreak: 4,
  onDuty: 8,
  atWork: 16,
  /** The start or end of a shift or break had not been written yet. */
  overdue: 32,
  /** Told by whoever tells who could take a ticket now; those that have no room are none of them. */
  told: 64,
  hasRoom: 128,
} as const;

/** A ticket that an agent had at a full hour. */
export interface HeldTicket {
  readonly at: Instant;
  readonly ticketId: string;
  readonly agentId: string;
  /** Since when the agent has had it and it has been neither started nor given up being so. */
  readonly since: Instant;
  readonly isStarted: boolean;
  /** When it is to be taken from it, where the agent has left. */
  readonly dueAt: Instant | null;
  /** Nothing is overdue, for the jobs have run. */
  readonly isInTime: boolean;
}

/** Looks at the desk every minute, and at every ticket every hour. */
export class Observer {
  readonly beginsAt: Instant;
  readonly seen: ReadonlyMap<string, Uint8Array>;
  /** Of the minutes in which the desk was asked who is there. */
  readonly asked: Uint8Array;
  readonly held: HeldTicket[] = [];
  /** Tickets that nobody has and that do not wait. */
  readonly lost: { readonly at: Instant; readonly ticketId: string }[] = [];
  ticketsSeen = 0;
  readonly #workers: readonly Worker[];
  readonly #watch: Watch;

  constructor(
    watch: Watch,
    workers: readonly Worker[],
    { beginsAt, minutes }: { readonly beginsAt: Instant; readonly minutes: number },
  ) {
    [this.#watch, this.#workers, this.beginsAt] = [watch, workers, beginsAt];
    this.seen = new Map(workers.map(({ agentId }) => [agentId, new Uint8Array(minutes)]));
    this.asked = new Uint8Array(minutes);
  }

  /** Takes down every agent's record as it stands, then who is told to be there. */
  async look(isAsked: boolean): Promise<void> {
    const { desk } = this.#watch;
    const now = desk.store.now();
    const minute = (now - this.beginsAt) / MINUTE_MS;
    const agents = await this.#watch.agents();
    const bits = this.#workers.map((worker) => this.#bitsOf(agents.get(worker.agentId), now));
    const told = new Set<string>();
    if (isAsked) {
      for (const { id } of await availableAgents(desk, {})) told.add(id);
      this.asked[minute] = 1;
    }
    for (const [index, { agentId, maxTickets }] of this.#workers.entries()) {
      const room = this.#watch.openOf(agentId) < maxTickets ? SEEN.hasRoom : 0;
      const row = this.seen.get(agentId);
      const found = told.has(agentId) ? SEEN.told : 0;
      if (row !== undefined) row[minute] = (bits[index] ?? 0) | found | room;
    }
  }

  #bitsOf(agent: Agent | undefined, now: Instant): number {
    if (agent === undefined) throw new Error("Cannot find an agent's record");
    const overdue = (agent.shifts?.edgeAt ?? Infinity) <= now;
    return AGENT_STATUSES.indexOf(agent.status) |
      (agent.onBreak ? SEEN.onBreak : 0) |
      (isOnDuty(agent, now) ? SEEN.onDuty : 0) |
      (isAtWork(agent, now) ? SEEN.atWork : 0) |
      (overdue ? SEEN.overdue : 0);
  }

  /** Takes down who has which ticket. */
  async lookAtTickets(isInTime: boolean): Promise<void> {
    const { desk, tickets } = this.#watch;
    const at = desk.store.now();
    const rows = await readList<Departure>(desk.store, ["departure"], { limit: 1_000 });
    const dueBy = new Map(
      rows.flatMap(({ value: { agentId, left, dueAt } }) =>
        left.map((id) => [`${agentId} ${id}`, dueAt] as const)
      ),
    );
    for (const ticket of tickets.values()) {
      this.ticketsSeen += 1;
      if (isWaiting(ticket)) continue;
      const holding = this.#watch.holdingOf(ticket.id);
      if (holding === null) {
        this.lost.push({ at, ticketId: ticket.id });
        continue;
      }
      const { ticketId, agentId, since, isStarted } = holding;
      const dueAt = dueBy.get(`${agentId} ${ticketId}`) ?? null;
      this.held.push({ at, ticketId, agentId, since, isStarted, dueAt, isInTime });
    }
  }
}
