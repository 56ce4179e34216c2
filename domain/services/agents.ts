import { type Actor, may } from "../rules/actor.ts";
import { type Agent, type AgentStatus, isActiveAgent, isAvailable } from "../rules/agent.ts";
import { type AgentChanges, editAgent as decideEdit } from "../rules/agent_edit.ts";
import { compareFit } from "../rules/assignment.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { setStatus } from "../rules/shift_verbs.ts";
import { fold, levelOf } from "../rules/skill.ts";
import { agents, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type Page, readPage } from "../store/page.ts";
import { readList, readVersioned, type Versioned } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { changeShifts, type ShiftDecision } from "./shift_change.ts";
import type { ShiftCourse } from "./shift_course.ts";
import { rollOverBefore } from "./shift_rollover.ts";
import { putUser } from "./user_edit.ts";

export interface AgentFilter {
  readonly status?: AgentStatus | undefined;
  readonly department?: string | undefined;
  readonly skill?: string | undefined;
  /** Those who work, or those who were deactivated; the former unless told. */
  readonly active?: boolean | undefined;
}

/** More agents than this are not looked at to find who could take a ticket. */
const AGENTS_READ_MAX = 10_000;

/** Agents in the order in which they were made. */
export function listAgents(
  desk: Desk,
  filter: AgentFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<Agent>> {
  return readPage<Agent>(desk.store, ["agent"], {
    place: page.after,
    limit: page.limit,
    reverse: false,
    keeps: (agent) => matches(agent, filter),
  });
}

function matches(agent: Agent, filter: AgentFilter): boolean {
  const { status, department, skill, active = true } = filter;
  return isActiveAgent(agent) === active && (status === undefined || agent.status === status) &&
    (department === undefined || fold(agent.department) === fold(department)) &&
    (skill === undefined || levelOf(agent.skills, skill) > 0);
}

/** Every agent that is online, from one index, once what was due on shifts has happened. */
export async function onlineAgents(desk: Desk): Promise<Agent[]> {
  await rollOverBefore(desk);
  return await readAgents(desk, ["agent_by_status", "online"]);
}

/** Every agent that is not offline, the same way; as it is last seen, who changes meanwhile. */
export async function presentAgents(desk: Desk): Promise<Agent[]> {
  const online = await onlineAgents(desk);
  const present = [...online, ...await readAgents(desk, ["agent_by_status", "busy"])];
  return [...new Map(present.map((agent) => [agent.id, agent])).values()];
}

/** Every agent who works tickets, once what was due on shifts has happened. */
export async function allAgents(desk: Desk): Promise<Agent[]> {
  await rollOverBefore(desk);
  return (await readAgents(desk, ["agent"])).filter(isActiveAgent);
}

async function readAgents({ store }: Desk, prefix: KvKey): Promise<Agent[]> {
  const rows = await readList<Agent>(store, prefix, { limit: AGENTS_READ_MAX });
  return rows.map(({ value }) => value);
}

/** Who could take a ticket now, best first. */
export async function availableAgents(desk: Desk, filter: AgentFilter): Promise<Agent[]> {
  const online = await onlineAgents(desk);
  const nothingAsked = { requiredSkills: [] };
  return online
    .filter((agent) => isAvailable(agent, desk.store.now()) && matches(agent, filter))
    .sort((a, b) => compareFit(a, b, nothingAsked));
}

export async function getAgent(desk: Desk, id: string): Promise<Versioned<Agent> | Refusal> {
  return await readVersioned(desk.store, agents, keys.agent(id)) ?? notFound("agent");
}

export async function getAgentOfUser(
  desk: Desk,
  userId: string,
): Promise<Versioned<Agent> | Refusal> {
  const { value: id } = await desk.store.reader.get<string>(keys.agentByUser(userId));
  return id === null ? notFound("agent") : await getAgent(desk, id);
}

/**
 * Sets what is named and keeps the rest; a name and an address are the user's too. Up to 8 checks
 * and 25 writes of who works by shifts. Refuses with `forbidden`, `email_taken`, `agent_unavailable` (a status for who was
 * deactivated) and `invalid_input` (too many skills).
 */
export function editAgent(
  desk: Desk,
  actor: Actor,
  id: string,
  changes: AgentChanges,
): Promise<Agent | Refusal> {
  return changeShifts(desk, id, async (tx, course) => {
    const { agent } = course;
    if (!may(actor, "edit_agents")) return refuse("forbidden", "Only a supervisor edits agents.");
    const { name, email } = changes;
    if (name === undefined && email === undefined) return await decideChanges(course, changes);
    const user = await tx.get(users, keys.user(agent.userId));
    if (user === null) return notFound("user");
    // A supervisor has no say over the accounts of supervisors and administrators.
    if (user.role !== "agent" && !may(actor, "manage_users")) {
      return refuse("forbidden", `Only an administrator renames a ${user.role}.`);
    }
    const renamed = await putUser(desk, tx, user, { name, email });
    if (isRefusal(renamed)) return renamed;
    const { name: newName, email: newEmail } = renamed;
    return await decideChanges(course, { ...changes, name: newName, email: newEmail });
  });
}

/**
 * An agent sets its own status, a supervisor anybody's: 1 check and 4 writes, up to 5 and 20 for who
 * works by shifts. Whoever goes offline leaves its tickets after a time of grace. Refuses with
 * `forbidden`, `not_found` and `agent_unavailable`.
 */
export function setAgentStatus(
  desk: Desk,
  actor: Actor,
  id: string,
  changes: Pick<AgentChanges, "status" | "onlineAtShiftStart">,
): Promise<Agent | Refusal> {
  return changeShifts(desk, id, async (_tx, course) => {
    if (!may(actor, "set_any_agent_status") && actor.agent?.id !== id) {
      return refuse("forbidden", "Only a supervisor sets the status of another agent.");
    }
    return await decideChanges(course, changes);
  });
}

async function decideChanges(
  course: ShiftCourse,
  changes: AgentChanges,
): Promise<ShiftDecision<Agent> | Refusal> {
  const { agent: before, at } = course;
  const edited = decideEdit(before, changes, at);
  if (isRefusal(edited)) return edited;
  const answer = ({ agent }: ShiftCourse): Agent => agent;
  const { status } = changes;
  if (status === undefined) return { happened: [], agent: edited, tellsAgent: true, answer };
  const shifts = { current: await course.current(), last: await course.ended() };
  const set = setStatus({ ...edited, status: before.status }, shifts, status, at);
  return { ...set, tellsAgent: true, answer };
}
