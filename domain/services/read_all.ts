import type { Actor } from "../rules/actor.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { OWN_CHECKS_MAX } from "../store/draft.ts";
import { notifications } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { LIST_BATCH_MAX, readList } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { markRead } from "./notifications.ts";

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
    const key = keys.intent("read_all", userId);
    const known = await tx.getValue<string>(key);
    // Of two at once the later bound stands.
    if (known === null || known < newest.value) tx.set(key, newest.value);
    return "intended" as const;
  });
  if (isRefusal(intended)) return intended;
  return { marked: await finishReading(desk, userId) };
}

/** Each is a check. */
const MARKED_AT_ONCE = OWN_CHECKS_MAX;
const ROUNDS_MAX = 200;

/**
 * Does to each notification what `readAllNotifications` intended; how many it marked itself. What
 * is read or removed by others meanwhile is not counted, and no harm.
 */
export async function finishReading(desk: Desk, userId: string): Promise<number> {
  const intent = keys.intent("read_all", userId);
  let marked = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const upTo = await readingUpTo(desk, { userId });
    if (upTo === null) return marked;
    const rows = await readList<string>(desk.store, ["unread", userId], { limit: LIST_BATCH_MAX });
    const ids = rows.map(({ value }) => value).filter((id) => id <= upTo);
    if (ids.length === 0) {
      const ended = await transact(desk.store, async (tx) => {
        // A later word to mark all read has moved the bound: it is not done yet.
        if (await tx.getValue<string>(intent) === upTo) tx.delete(intent);
      });
      if (isRefusal(ended)) return marked;
      continue;
    }
    const pieces: string[][] = [];
    for (let from = 0; from < ids.length; from += MARKED_AT_ONCE) {
      pieces.push(ids.slice(from, from + MARKED_AT_ONCE));
    }
    // Together, so that they share commits.
    const counts = await Promise.all(pieces.map((piece) => markSome(desk, userId, piece)));
    for (const count of counts) if (!isRefusal(count)) marked += count;
    // Where the store is too busy now, the minute's job goes on.
    if (counts.some(isRefusal)) return marked;
  }
  return marked;
}

function markSome(
  desk: Desk,
  userId: string,
  ids: readonly string[],
): Promise<number | Refusal> {
  return transact(desk.store, async (tx) => {
    let unread = 0;
    for (const id of ids) {
      const notification = await tx.get(notifications, keys.notification(userId, id));
      if (notification === null || notification.read) continue;
      markRead(tx, notification);
      unread += 1;
    }
    return unread;
  });
}

/** What has this id or an earlier one is read, whatever its record says; null: only what says so. */
export async function readingUpTo(
  desk: Desk,
  { userId }: Pick<Actor, "userId">,
): Promise<string | null> {
  return (await desk.store.reader.get<string>(keys.intent("read_all", userId))).value;
}
