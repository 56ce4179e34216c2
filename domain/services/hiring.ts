import { randomBytes } from "node:crypto";
import { type Actor, may } from "../rules/actor.ts";
import { type Agent, isActiveAgent, newAgent, reactivateAgent } from "../rules/agent.ts";
import { type AgentChanges, editAgent } from "../rules/agent_edit.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { isActive, normaliseEmail, type User } from "../rules/user.ts";
import { agents, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, withoutRiders } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { tellAgent } from "./agent_events.ts";
import type { Desk } from "./desk.ts";
import { beginLeaving, finishLeaving } from "./leaving.ts";
import { BEGUN, noProgress, type Progress } from "./progress.ts";
import { removeVoidSessions } from "./session_endings.ts";
import { catchUpShifts, catchUpShiftsOf } from "./shift_change.ts";
import { putUser } from "./user_edit.ts";
import { addUser } from "./users.ts";

export interface Hiring extends AgentChanges {
  readonly name: string;
  readonly email: string;
  /** Without one a user who is new cannot log in until an administrator sets one. */
  readonly password?: string | undefined;
}

const SECRET_BYTES = 32;

/**
 * Makes an agent of whoever has the address, and the user too when nobody has it. A customer becomes
 * an agent by it, a supervisor stays one; who was an agent before is one again. Up to 4 checks and
 * 15 writes. Refuses with `email_taken` where there is an agent, `conflict` for who was deactivated.
 */
export async function hireAgent(
  desk: Desk,
  actor: Actor,
  hiring: Hiring,
): Promise<Agent | Refusal> {
  if (!may(actor, "create_agents")) {
    return refuse("forbidden", "Only an administrator makes agents.");
  }
  const { password, ...changes } = hiring;
  // What nobody knows matches nothing that anybody types.
  const secret = password ?? randomBytes(SECRET_BYTES).toString("base64url");
  const passwordHash = await desk.passwords.hash(secret);
  if (isRefusal(passwordHash)) return passwordHash;
  const { value: former } = await desk.store.reader.get<string>(
    keys.userByEmail(normaliseEmail(hiring.email)),
  );
  if (former !== null) await catchUpShiftsOf(desk, former);
  const agent = await transact(desk.store, async (tx) => {
    const id = await tx.getValue<string>(keys.userByEmail(normaliseEmail(hiring.email)));
    const known = id === null ? null : await tx.get(users, keys.user(id));
    const user = known === null
      ? await addUser(desk, tx, { ...hiring, role: "user" }, passwordHash)
      : await promoted(desk, tx, known, hiring.name, password && passwordHash);
    if (isRefusal(user)) return user;
    // Written once, as what it is in the end: an agent from the first moment on.
    if (known === null) tx.put(users, { ...user, role: "agent" });
    return await engage(desk, tx, user, changes);
  });
  if (isRefusal(agent)) return agent;
  // A password for an account that was there voids its sessions.
  const store = withoutRiders(desk.store);
  await removeVoidSessions({ ...desk, store }, agent.userId);
  return agent;
}

/** The known user with an agent's role; the name is the one that the agent gets. */
async function promoted(
  desk: Desk,
  tx: Transaction,
  user: User,
  name: string,
  passwordHash: string | undefined,
): Promise<User | Refusal> {
  if (!isActive(user)) {
    return refuse("conflict", "This account was deactivated: reactivate it first.");
  }
  const role = user.role === "user" ? "agent" : user.role;
  return await putUser(desk, tx, user, { name, role, passwordHash });
}

/** Makes the agent's record of this user, or wakes the one it had. */
async function engage(
  { store }: Desk,
  tx: Transaction,
  { id: userId, name, email }: User,
  changes: AgentChanges,
): Promise<Agent | Refusal> {
  const at = store.now();
  const agentId = await tx.getValue<string>(keys.agentByUser(userId));
  const former = agentId === null ? null : await tx.get(agents, keys.agent(agentId));
  if (former !== null && isActiveAgent(former)) {
    return refuse("email_taken", "There is an agent with this e-mail address.");
  }
  const idle = former === null
    ? newAgent({ id: store.newId(), userId, name, email }, at)
    : reactivateAgent(former, at);
  const agent = editAgent(idle, { ...changes, name, email }, at);
  if (isRefusal(agent)) return agent;
  if (former === null) tx.add(agents, agent);
  else tx.put(agents, agent);
  tellAgent(tx, agent);
  return agent;
}

export interface Departed {
  readonly agent: Agent;
  /** The tickets that went back to the queue by this very call. */
  readonly requeued: readonly string[];
}

/**
 * Deactivates an agent: from the first commit on nothing can be given to it, and its open tickets
 * go back to the head of the queue one by one. Whose role it was to be an agent is a customer then.
 * To do it again only finishes what was left of it, as does a request that had begun.
 */
export async function dismissAgent(
  desk: Desk,
  actor: Actor,
  id: string,
  progress: Progress<true> = noProgress(),
): Promise<Departed | Refusal> {
  const agent = progress.noted.has(BEGUN)
    ? await read(desk.store, agents, keys.agent(id)) ?? notFound("agent")
    : await beginDismissal(desk, actor, id, progress);
  if (isRefusal(agent)) return agent;
  // What was asked for has begun: the agent may be another one by now than `If-Match` named.
  const store = withoutRiders(desk.store);
  return { agent, requeued: await finishLeaving({ ...desk, store }, id) };
}

async function beginDismissal(
  desk: Desk,
  actor: Actor,
  id: string,
  progress: Progress<true>,
): Promise<Agent | Refusal> {
  // What was due before is not undone by it.
  await catchUpShifts(desk, id);
  return await transact(desk.store, async (tx) => {
    const current = await tx.get(agents, keys.agent(id));
    if (current === null) return notFound("agent");
    if (!may(actor, "create_agents")) {
      return refuse("forbidden", "Only an administrator dismisses agents.");
    }
    const user = await tx.get(users, keys.user(current.userId));
    if (user?.role === "agent") {
      const customer = await putUser(desk, tx, user, { role: "user" });
      if (isRefusal(customer)) return customer;
    }
    const gone = await beginLeaving(desk, tx, current, actor.userId);
    return await progress.note(tx, BEGUN, true) ?? gone;
  });
}
