import { type Actor, supervises } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { fold } from "../rules/skill.ts";
import type { Ticket } from "../rules/ticket.ts";
import {
  type AgentWorkload,
  agentWorkload,
  type TeamFigures,
  teamFigures,
  type WorkloadMetrics,
  workloadMetrics,
} from "../rules/workload_figures.ts";
import { countTickets } from "../store/counters.ts";
import { agents, POINTER, type TicketRow, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { Page } from "../store/page.ts";
import { decode } from "../store/records.ts";
import { read, readList, readMany } from "../store/store.ts";
import { allAgents, listAgents } from "./agents.ts";
import type { Desk } from "./desk.ts";
import { rollOverBefore } from "./shift_rollover.ts";

interface Question {
  readonly department?: string | undefined;
}

/** More of what an agent has not begun yet is counted and not listed. */
export const TASKS_LISTED_MAX = 10;

/** How loaded the agents are. Reads their records, in one list, and no ticket. */
export async function readWorkload(
  desk: Desk,
  actor: Actor,
  question: Question,
): Promise<WorkloadMetrics> {
  return workloadMetrics(await agentsFor(desk, actor, question), desk.store.now());
}

/** What the departments can do. Reads the same. */
export async function readTeams(
  desk: Desk,
  actor: Actor,
  question: Question,
): Promise<TeamFigures[]> {
  return teamFigures(await agentsFor(desk, actor, question), desk.store.now());
}

/**
 * What each agent has to do, in the order in which they were made. For each who has anything, one
 * list of its counters, and one of at most `TASKS_LISTED_MAX` tickets that it has not begun.
 */
export async function readAgentWorkloads(
  desk: Desk,
  actor: Actor,
  question: Question,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<AgentWorkload>> {
  if (!supervises(actor)) {
    const own = await agentsFor(desk, actor, question);
    return { items: await workloadsOf(desk, own), next: null };
  }
  await rollOverBefore(desk);
  const { items, next } = await listAgents(desk, question, page);
  return { items: await workloadsOf(desk, items), next };
}

/** Whoever does not supervise has its own figures, and without an agent's record none. */
async function agentsFor(
  desk: Desk,
  actor: Actor,
  { department }: Question,
): Promise<readonly Agent[]> {
  const found = supervises(actor) ? await allAgents(desk) : await ownAgent(desk, actor);
  if (department === undefined) return found;
  return found.filter((agent) => fold(agent.department) === fold(department));
}

async function ownAgent(desk: Desk, { agent }: Actor): Promise<Agent[]> {
  if (agent === null) return [];
  await rollOverBefore(desk);
  const own = await read(desk.store, agents, keys.agent(agent.id));
  return own === null ? [] : [own];
}

function workloadsOf(desk: Desk, asked: readonly Agent[]): Promise<AgentWorkload[]> {
  return Promise.all(asked.map(async (agent) => {
    const [queued, begins] = agent.activeTickets.length === 0
      ? [0, []]
      : await Promise.all([countQueued(desk, agent.id), notBegun(desk, agent.id)]);
    return agentWorkload(agent, queued, begins, desk.store.now());
  }));
}

function countQueued({ store }: Desk, agentId: string): Promise<number> {
  return countTickets(store, ["assignee", agentId], ({ status }) => status === "assigned");
}

/** The tickets that an agent was given and has not begun, the oldest first. */
async function notBegun({ store }: Desk, agentId: string): Promise<Ticket[]> {
  const prefix = keys.ticketByAssignee(agentId, "assigned", "").slice(0, -1);
  const rows = await readList<TicketRow>(store, prefix, { limit: TASKS_LISTED_MAX });
  const large = rows.filter(({ value }) => value === POINTER)
    .map(({ key }) => keys.ticket(String(key.at(-1))));
  const fetched = await readMany(store, tickets, large);
  const small = rows.flatMap(({ value }) => value === POINTER ? [] : decode(tickets, value));
  return [...small, ...fetched.filter((ticket) => ticket !== null)];
}
