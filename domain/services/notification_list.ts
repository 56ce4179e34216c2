import type { Actor } from "../rules/actor.ts";
import type { Notification, NotificationType } from "../rules/notification.ts";
import { unreadCount } from "../store/counters.ts";
import { notifications } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey, KvListSelector } from "../store/open.ts";
import { type Page, takePage, valuesOf } from "../store/page.ts";
import { inBatches, LIST_BATCH_MAX, readMany, type Store } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { readingUpTo } from "./read_all.ts";

export interface NotificationFilter {
  readonly unread?: boolean | undefined;
  readonly type?: NotificationType | undefined;
}

export interface NotificationRequest {
  readonly filter: NotificationFilter;
  /** Only what is older than the notification of this id. */
  readonly before: string | null;
  /** How many that match to pass over first, for those who ask by page number. */
  readonly skip: number;
  readonly limit: number;
}

/** The newest first; `next` is `before` of the request for the next page. */
export interface NotificationListing extends Page<Notification> {
  readonly total: number;
  /** The total was counted only this far. */
  readonly totalCapped: boolean;
}

/** Notifications are looked at no further than this to count those that match. */
const COUNTED_MAX = 10_000;

/**
 * One page of the actor's notifications. All unread ones are counted by their counter, others by a
 * look at them. What `readAllNotifications` is still marking is read here already.
 */
export async function listNotifications(
  desk: Desk,
  actor: Actor,
  request: NotificationRequest,
): Promise<NotificationListing> {
  const { store } = desk;
  const { filter, before, skip, limit } = request;
  const { userId } = actor;
  const upTo = await readingUpTo(desk, actor);
  const walk = { userId, upTo, filter };
  const isCounted = filter.unread === true && filter.type === undefined && upTo === null;
  const [page, count] = await Promise.all([
    takePage(
      newestFirst(store, walk, before, skip + limit + 1),
      { place: before, skip, limit, keeps: (notification) => fits(filter, notification) },
      ({ id }) => id,
    ),
    isCounted ? unreadCount(store, userId) : countByWalking(store, walk),
  ]);
  return typeof count === "number"
    ? { ...page, total: count, totalCapped: false }
    : { ...page, ...count };
}

interface Walk {
  readonly userId: string;
  /** What has this id or an earlier one is read. */
  readonly upTo: string | null;
  readonly filter: NotificationFilter;
}

async function countByWalking(
  store: Store,
  walk: Walk,
): Promise<Pick<NotificationListing, "total" | "totalCapped">> {
  let total = 0;
  let scanned = 0;
  for await (const notification of newestFirst(store, walk, null, LIST_BATCH_MAX)) {
    if (scanned === COUNTED_MAX) return { total, totalCapped: true };
    scanned += 1;
    if (fits(walk.filter, notification)) total += 1;
  }
  return { total, totalCapped: false };
}

function fits({ unread, type }: NotificationFilter, notification: Notification): boolean {
  return (unread === undefined || unread !== notification.read) &&
    (type === undefined || type === notification.type);
}

/** The notifications as they read now; where only unread ones are asked for, those alone. */
async function* newestFirst(
  store: Store,
  { userId, upTo, filter }: Walk,
  before: string | null,
  wanted: number,
): AsyncGenerator<Notification> {
  const batchSize = Math.min(wanted, LIST_BATCH_MAX);
  const found = filter.unread === true ? unreadBefore : allBefore;
  for await (const notification of found(store, userId, before, batchSize)) {
    const read = notification.read || (upTo !== null && notification.id <= upTo);
    yield { ...notification, read };
  }
}

function allBefore(
  store: Store,
  userId: string,
  before: string | null,
  batchSize: number,
): AsyncGenerator<Notification> {
  const selector = rangeBefore(keys.notification, userId, before);
  return valuesOf(store.reader.list<Notification>(selector, { reverse: true, batchSize }));
}

/** By the index, so that what was read, however much, costs nothing. */
async function* unreadBefore(
  store: Store,
  userId: string,
  before: string | null,
  batchSize: number,
): AsyncGenerator<Notification> {
  const selector = rangeBefore(keys.unread, userId, before);
  const entries = store.reader.list<string>(selector, { reverse: true, batchSize });
  for await (const batch of inBatches(valuesOf(entries), batchSize)) {
    yield* await recordsOf(store, userId, batch);
  }
}

/** Those of the notifications that are still there. */
async function recordsOf(
  store: Store,
  userId: string,
  ids: readonly string[],
): Promise<Notification[]> {
  const wanted = ids.map((id) => keys.notification(userId, id));
  const records = await readMany(store, notifications, wanted);
  return records.filter((record) => record !== null);
}

/** All keys of the user's with ids below a place. */
function rangeBefore(
  key: (userId: string, id: string) => KvKey,
  userId: string,
  before: string | null,
): KvListSelector {
  return { start: key(userId, ""), end: key(userId, before ?? "~") };
}
