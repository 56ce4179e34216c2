import type { Actor } from "../rules/actor.ts";
import type { Notification, NotificationType } from "../rules/notification.ts";
import { unreadCount } from "../store/counters.ts";
import { notifications } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey, KvListSelector } from "../store/open.ts";
import { LIST_BATCH_MAX, readMany, type Store } from "../store/store.ts";
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

export interface NotificationListing {
  /** The newest first. */
  readonly items: readonly Notification[];
  /** Where the next page goes on: `before` of its request; null at the end. */
  readonly next: string | null;
  readonly total: number;
  /** The total was counted only this far. */
  readonly totalCapped: boolean;
}

/** A page that had to look at this many ends early; the next one goes on from there. */
const SCANNED_MAX = 20_000;
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
  const { filter } = request;
  const { userId } = actor;
  const upTo = await readingUpTo(desk, actor);
  const walk = { userId, upTo, filter };
  const isCounted = filter.unread === true && filter.type === undefined && upTo === null;
  const [page, count] = await Promise.all([
    readPage(store, walk, request),
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

async function readPage(
  store: Store,
  walk: Walk,
  { before, skip, limit }: NotificationRequest,
): Promise<Pick<NotificationListing, "items" | "next">> {
  const items: Notification[] = [];
  let toSkip = skip;
  let scanned = 0;
  let next: string | null = null;
  for await (const notification of newestFirst(store, walk, before, skip + limit + 1)) {
    const isAskedFor = fits(walk.filter, notification);
    if (scanned === SCANNED_MAX || (isAskedFor && items.length === limit)) return { items, next };
    scanned += 1;
    // A full page ends at its last item: what is not asked for makes no page of its own.
    if (items.length < limit) next = notification.id;
    if (!isAskedFor) continue;
    if (toSkip > 0) toSkip -= 1;
    else items.push(notification);
  }
  return { items, next: null };
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

async function* allBefore(
  store: Store,
  userId: string,
  before: string | null,
  batchSize: number,
): AsyncGenerator<Notification> {
  const selector = rangeBefore(keys.notification, userId, before);
  const entries = store.reader.list<Notification>(selector, { reverse: true, batchSize });
  for await (const { value } of entries) yield value;
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
  let ids: string[] = [];
  for await (const { value: id } of entries) {
    ids.push(id);
    if (ids.length < batchSize) continue;
    yield* await recordsOf(store, userId, ids);
    ids = [];
  }
  yield* await recordsOf(store, userId, ids);
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
