import { maySeeTicket, type TicketScope } from "../rules/actor.ts";
import { type Message, SUPERVISORS } from "../rules/notification.ts";
import { isRefusal } from "../rules/refusal.ts";
import type { NotifiedRole } from "../rules/sla_configuration.ts";
import type { Instant } from "../rules/time.ts";
import type { User } from "../rules/user.ts";
import { agents, DEACTIVATED, notifications } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { inBatches, readList, readMany, readValues } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { addNotification } from "./notifications.ts";

/** A message to everybody of some roles, that is yet to be put into each one's list. */
interface Announcement {
  readonly id: string;
  readonly message: Message;
  /** Absent for everybody who supervises. */
  readonly roles?: readonly NotifiedRole[];
  /** The ticket it is about: agents who may not see it are not told. */
  readonly about?: TicketScope;
  /** Who did it and need not be told. */
  readonly except: string | null;
  /** Who hears of it in another way; absent for nobody. */
  readonly besides?: string;
  readonly createdAt: Instant;
}

/** Commits the announcement with the change it tells of; `fanOut` carries it to everybody after. */
export function announce(tx: Transaction, announcement: Announcement): void {
  const { id } = announcement;
  tx.set(keys.intent("fan_out", id), announcement);
  tx.emit({ type: "intent.made", name: "fan_out", id });
}

/** They share commits; more at once would only wait for each other. */
const TOLD_AT_ONCE = 100;

/**
 * Gives one announcement to each of those it is for, a transaction each. The recipient's
 * notification has the announcement's id, so that to do it again, or two at once, tells nobody twice.
 */
export async function fanOut(desk: Desk, id: string): Promise<void> {
  const key = keys.intent("fan_out", id);
  const { value: announcement } = await desk.store.reader.get<Announcement>(key);
  if (announcement === null) return;
  const recipients = await desk.people.users(await audienceOf(desk, announcement));
  const { except, besides } = announcement;
  const others = [...recipients.values()].filter(({ id }) => id !== except && id !== besides);
  let allTold = true;
  for await (const some of inBatches(others, TOLD_AT_ONCE)) {
    const told = await Promise.all(some.map((each) => tellOne(desk, announcement, each)));
    allTold &&= told.every((done) => done);
  }
  // Whoever could not be told now is told by the next run.
  if (!allTold) return;
  await transact(desk.store, (tx) => Promise.resolve(tx.delete(key)));
}

async function tellOne(desk: Desk, from: Announcement, recipient: User): Promise<boolean> {
  const outcome = await transact(desk.store, async (tx) => {
    // The intent is checked too: when another run has finished, this one must not begin again.
    const open = await tx.getValue<Announcement>(keys.intent("fan_out", from.id));
    const known = await tx.get(notifications, keys.notification(recipient.id, from.id));
    if (open === null || known !== null) return "told";
    addNotification(tx, recipient, from);
    return "told";
  });
  return !isRefusal(outcome);
}

async function audienceOf(
  desk: Desk,
  { roles = SUPERVISORS, about }: Announcement,
): Promise<string[]> {
  const lists = await Promise.all(roles.map(async (role) => {
    const ids = await usersOfRole(desk, role);
    return role === "agent" && about !== undefined ? await seeing(desk, ids, about) : ids;
  }));
  return lists.flat();
}

/** Those of the agents' users who may see the ticket. */
async function seeing(
  { store }: Desk,
  userIds: readonly string[],
  about: TicketScope,
): Promise<string[]> {
  const agentIds = await readValues<string>(store, userIds.map(keys.agentByUser));
  const known = agentIds.filter((id) => id !== null);
  const records = await readMany(store, agents, known.map(keys.agent));
  return records.flatMap((agent) =>
    agent !== null && maySeeTicket({ userId: agent.userId, role: "agent", agent }, about)
      ? [agent.userId]
      : []
  );
}

const AUDIENCE_MAX = 10_000;

async function usersOfRole(desk: Desk, role: string): Promise<string[]> {
  const rows = await readList<string>(desk.store, ["user_by_role", role], {
    limit: AUDIENCE_MAX,
  });
  return rows.map(({ value }) => value).filter((id) => id !== DEACTIVATED);
}
