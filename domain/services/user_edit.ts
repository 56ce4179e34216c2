import { type Actor, may } from "../rules/actor.ts";
import { type Agent, isActiveAgent, newAgent, reactivateAgent } from "../rules/agent.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { normaliseEmail, type User } from "../rules/user.ts";
import {
  editUser as decideEdit,
  engagementAfter,
  losesAdministrator,
  type UserChanges,
} from "../rules/user_edit.ts";
import { agents, DEACTIVATED, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, readList, withoutRiders } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { tellAgent } from "./agent_events.ts";
import type { Desk } from "./desk.ts";
import { beginLeaving, finishLeaving } from "./leaving.ts";
import { moveAttempts } from "./lockout.ts";
import { BEGUN, noProgress, type Progress } from "./progress.ts";
import { intendRemoval, removeVoidSessions } from "./session_endings.ts";
import { catchUpShiftsOf } from "./shift_change.ts";
import { emailTaken } from "./users.ts";

export interface UserEdit extends Omit<UserChanges, "passwordHash"> {
  readonly password?: string | undefined;
}

export interface EditedUser {
  readonly user: User;
  /** The tickets of an agent who leaves by it, as far as this call took them from it. */
  readonly requeued: readonly string[];
}

/**
 * Sets what is named of a user, together with the agent's record that follows from it: one
 * transaction of up to 9 checks and 25 writes, then one for each ticket of an agent who leaves. What
 * has begun is not set again, whoever has changed it since: only what follows is done.
 * A new password or a deactivation voids all sessions; a new role takes effect with the next token.
 * Refuses with `email_taken`, and with `conflict` what would leave no active administrator.
 */
export async function editUser(
  desk: Desk,
  actor: Actor,
  id: string,
  edit: UserEdit,
  progress: Progress<true> = noProgress(),
): Promise<EditedUser | Refusal> {
  if (!may(actor, "manage_users")) return refuse("forbidden", "Only an administrator edits users.");
  const edited = progress.noted.has(BEGUN)
    ? await readEdited(desk, id)
    : await beginEdit(desk, actor, id, edit, progress);
  if (isRefusal(edited)) return edited;
  const { user, agent } = edited;
  // What was asked for has begun: the user may be another one by now than `If-Match` named.
  const own = { ...desk, store: withoutRiders(desk.store) };
  // Also when it was deactivated before: what was cut off then is finished now.
  const leaves = agent !== null && !isActiveAgent(agent);
  const requeued = leaves ? await finishLeaving(own, agent.id) : [];
  await removeVoidSessions(own, id);
  return { user, requeued };
}

interface Edited {
  readonly user: User;
  readonly agent: Agent | null;
}

async function beginEdit(
  desk: Desk,
  actor: Actor,
  id: string,
  { password, ...rest }: UserEdit,
  progress: Progress<true>,
): Promise<Edited | Refusal> {
  const passwordHash = password === undefined ? undefined : await desk.passwords.hash(password);
  if (isRefusal(passwordHash)) return passwordHash;
  const changes: UserChanges = { ...rest, passwordHash };
  if (rest.active !== undefined || rest.role !== undefined) await catchUpShiftsOf(desk, id);
  return await transact(desk.store, async (tx) => {
    const user = await tx.get(users, keys.user(id));
    if (user === null) return notFound("user");
    const after = await putUser(desk, tx, user, changes);
    if (isRefusal(after)) return after;
    const agent = await followUser(desk, tx, user, after, actor);
    return await progress.note(tx, BEGUN, true) ?? { user: after, agent };
  });
}

/** What an edit that has begun left, as it is by now. */
async function readEdited({ store }: Desk, id: string): Promise<Edited | Refusal> {
  const user = await read(store, users, keys.user(id));
  if (user === null) return notFound("user");
  const { value: agentId } = await store.reader.get<string>(keys.agentByUser(id));
  const agent = agentId === null ? null : await read(store, agents, keys.agent(agentId));
  return { user, agent };
}

export type ProfileChanges = Pick<UserChanges, "name" | "email">;

/**
 * Changes the actor's own name and e-mail address, and the agent's record with them; refuses with
 * `email_taken`. At most 6 checks and 10 writes.
 */
export function changeProfile(
  desk: Desk,
  actor: Actor,
  changes: ProfileChanges,
): Promise<User | Refusal> {
  return transact(desk.store, async (tx) => {
    const user = await tx.get(users, keys.user(actor.userId));
    if (user === null) return notFound("user");
    const after = await putUser(desk, tx, user, changes);
    if (isRefusal(after)) return after;
    await followUser(desk, tx, user, after, actor);
    return after;
  });
}

/** Writes the edited user, which this transaction has read, and tells every cache and socket. */
export async function putUser(
  desk: Desk,
  tx: Transaction,
  user: User,
  changes: UserChanges,
): Promise<User | Refusal> {
  const email = changes.email === undefined ? user.email : normaliseEmail(changes.email);
  if (email !== user.email) {
    if (await tx.getValue<string>(keys.userByEmail(email)) !== null) return emailTaken();
    await moveAttempts(tx, user.email, email);
  }
  const after = decideEdit(user, { ...changes, email }, desk.store.now());
  if (losesAdministrator(user, after) && !await sparesAdministrator(desk, tx, user.id)) {
    return refuse("conflict", "This is the last active administrator: appoint another one first.");
  }
  tx.put(users, after);
  if (after.sessionsValidFrom !== user.sessionsValidFrom) intendRemoval(tx, after);
  tx.emit({ type: "user.changed", userId: after.id, role: after.role });
  return after;
}

/** More administrators than this are not looked at to find another one. */
const ADMINISTRATORS_READ_MAX = 1_000;

/**
 * Whether there is another active administrator. All who would take one away check and change the
 * same key: of two at the same time one looks again, and finds the other's work done.
 */
async function sparesAdministrator(desk: Desk, tx: Transaction, userId: string): Promise<boolean> {
  const guard = keys.administrators();
  await tx.getValue<string>(guard);
  const rows = await readList<string>(desk.store, ["user_by_role", "admin"], {
    limit: ADMINISTRATORS_READ_MAX,
  });
  tx.set(guard, desk.store.newId());
  return rows.some(({ value }) => value !== DEACTIVATED && value !== userId);
}

/** The record of the user's agent after the change, in the same commit; null where there is none. */
async function followUser(
  desk: Desk,
  tx: Transaction,
  before: User,
  after: User,
  actor: Actor,
): Promise<Agent | null> {
  const { store } = desk;
  const at = store.now();
  const { id: userId, name, email } = after;
  const engagement = engagementAfter(before, after);
  const agentId = await tx.getValue<string>(keys.agentByUser(userId));
  const agent = agentId === null ? null : await tx.get(agents, keys.agent(agentId));
  if (agent === null) {
    if (engagement !== "engage") return null;
    const made = newAgent({ id: store.newId(), userId, name, email }, at);
    tx.add(agents, made);
    tellAgent(tx, made);
    return made;
  }
  const renamed = { ...agent, name, email, updatedAt: at };
  if (engagement === "leave" && isActiveAgent(agent)) {
    return beginLeaving(desk, tx, renamed, actor.userId);
  }
  const changed = engagement === "engage" ? reactivateAgent(renamed, at) : renamed;
  tx.put(agents, changed);
  tellAgent(tx, changed);
  return changed;
}
