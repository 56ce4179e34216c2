import type { Actor } from "../rules/actor.ts";
import type { Message, Notification } from "../rules/notification.ts";
import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { notifications } from "../store/kinds.ts";
import { unreadCount } from "../store/counters.ts";
import { keys } from "../store/keys.ts";
import { LIST_BATCH_MAX, readList, readMany } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** Puts a message into somebody's list and tells the feed, in this transaction. */
export function addNotification(
  tx: Transaction,
  recipient: string,
  from: { readonly id: string; readonly message: Message; readonly createdAt: Instant },
): void {
  const { id, message, createdAt } = from;
  const notification: Notification = {
    schema: 1,
    id,
    ...message,
    recipient,
    read: false,
    createdAt,
  };
  tx.add(notifications, notification);
  tx.emit({ type: "notification", notification });
}

export interface Unread {
  /** The newest first. */
  readonly items: readonly Notification[];
  readonly total: number;
}

export async function listUnread(desk: Desk, actor: Actor, limit: number): Promise<Unread> {
  const { store } = desk;
  const upTo = await readingUpTo(desk, actor);
  const [rows, total] = await Promise.all([
    readList<string>(store, ["unread", actor.userId], { limit, reverse: true }),
    unreadCount(store, actor.userId),
  ]);
  const ids = rows.map(({ value }) => value).filter((id) => upTo === null || id > upTo);
  const found = await readMany(
    store,
    notifications,
    ids.map((id) => keys.notification(actor.userId, id)),
  );
  const items = found.filter((each): each is Notification => each !== null && !each.read);
  return { items, total: upTo === null ? total : items.length };
}

/** Marks one notification read; that it was read before is no fault. */
export function readNotification(
  desk: Desk,
  actor: Actor,
  id: string,
): Promise<Notification | Refusal> {
  return transact(desk.store, async (tx) => {
    const notification = await tx.get(notifications, keys.notification(actor.userId, id));
    return notification === null ? notFound("notification") : markRead(tx, notification);
  });
}

function markRead(tx: Transaction, notification: Notification): Notification {
  if (notification.read) return notification;
  const read = { ...notification, read: true };
  tx.put(notifications, read);
  return read;
}

const READ_ALL = "read_all";

/**
 * Marks everything read that is there now. The intent alone makes it so for whoever looks; then each
 * notification follows, some to a transaction, and after a crash the rest by `finishReading`.
 */
export async function readAllNotifications(
  desk: Desk,
  actor: Actor,
): Promise<{ readonly marked: number } | Refusal> {
  const { userId } = actor;
  const [newest] = await readList<string>(desk.store, ["unread", userId], {
    limit: 1,
    reverse: true,
  });
  if (newest === undefined) return { marked: 0 };
  const intended = await transact(desk.store, async (tx) => {
    const key = keys.intent(READ_ALL, userId);
    const known = await tx.getValue<string>(key);
    // Of two at once the later bound stands.
    if (known === null || known < newest.value) tx.set(key, newest.value);
    return "intended" as const;
  });
  if (isRefusal(intended)) return intended;
  return { marked: await finishReading(desk, userId) };
}

/** One transaction reads, and so checks, this many. */
const MARKED_AT_ONCE = 10;
const ROUNDS_MAX = 200;

/** Does to each notification what `readAllNotifications` intended; how many it marked itself. */
export async function finishReading(desk: Desk, userId: string): Promise<number> {
  const intent = keys.intent(READ_ALL, userId);
  let marked = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const upTo = await readingUpTo(desk, { userId });
    if (upTo === null) return marked;
    const rows = await readList<string>(desk.store, ["unread", userId], { limit: LIST_BATCH_MAX });
    const ids = rows.map(({ value }) => value).filter((id) => id <= upTo);
    if (ids.length === 0) {
      await transact(desk.store, async (tx) => {
        // A later word to mark all read has moved the bound: it is not done yet.
        if (await tx.getValue<string>(intent) === upTo) tx.delete(intent);
      });
      continue;
    }
    for (let from = 0; from < ids.length; from += MARKED_AT_ONCE) {
      marked += await markSome(desk, userId, ids.slice(from, from + MARKED_AT_ONCE));
    }
  }
  return marked;
}

async function markSome(desk: Desk, userId: string, ids: readonly string[]): Promise<number> {
  const count = await transact(desk.store, async (tx) => {
    let unread = 0;
    for (const id of ids) {
      const notification = await tx.get(notifications, keys.notification(userId, id));
      if (notification === null || notification.read) continue;
      markRead(tx, notification);
      unread += 1;
    }
    return unread;
  });
  return isRefusal(count) ? 0 : count;
}

async function readingUpTo(
  desk: Desk,
  { userId }: Pick<Actor, "userId">,
): Promise<string | null> {
  return (await desk.store.reader.get<string>(keys.intent(READ_ALL, userId))).value;
}

/** The users whose notifications are still being marked, for whoever resumes it. */
export async function openReadings(desk: Desk): Promise<string[]> {
  const rows = await readList<string>(desk.store, ["intent", READ_ALL], { limit: LIST_BATCH_MAX });
  return rows.map(({ key }) => String(key.at(-1)));
}
