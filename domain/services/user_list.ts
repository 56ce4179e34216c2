import type { Role } from "../rules/actor.ts";
import { isActive, searchedName, searchForm, type User } from "../rules/user.ts";
import { DEACTIVATED, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type Page, PAGE_SCANNED_MAX, readPage } from "../store/page.ts";
import { read, readMany } from "../store/store.ts";
import type { Desk } from "./desk.ts";

export interface UserFilter {
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
  /** How a name or an e-mail address begins, without regard to case and accents. */
  readonly search?: string | undefined;
}

export interface UserPage {
  /** The place at which the page before it ended. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Users in the order in which they were made; found by a search: those whose address fits in the
 * order of addresses, then those whose name alone does in the order of names, nobody twice.
 * Reads an index where one answers, and looks at `PAGE_SCANNED_MAX` users at most.
 */
export async function listUsers(
  desk: Desk,
  filter: UserFilter,
  page: UserPage,
): Promise<Page<User>> {
  const { role, active, search } = filter;
  const { after, limit } = page;
  const keeps = (user: User): boolean =>
    (role === undefined || user.role === role) &&
    (active === undefined || isActive(user) === active);
  if (search !== undefined) return await searchUsers(desk, search, page, keeps);
  if (role === undefined || role === "user") {
    return await readPage<User>(desk.store, ["user"], {
      place: after,
      limit,
      reverse: false,
      keeps,
    });
  }
  // Few of all users have such a role: their index is walked, and not the users.
  const start = keys.userByRole(role, after === null ? "" : `${after}\0`);
  const walk = walkIndex(desk, { start, end: keys.userByRole(role, "~") });
  return await collect(walk, { after, limit }, keeps, ({ id }) => id);
}

/** The two indexes of a search. A place in it names the one in which the page ended, and the user. */
const BY_ADDRESS = "address";
const BY_NAME = "name";

/** Sorts behind whatever else a text goes on with. */
const LAST = "\u{10FFFF}";

async function searchUsers(
  desk: Desk,
  search: string,
  { after, limit }: UserPage,
  keeps: (user: User) => boolean,
): Promise<Page<User>> {
  const [index = BY_ADDRESS, id = ""] = after?.split(":") ?? [];
  const last = after === null ? null : await read(desk.store, users, keys.user(id));
  const [address, name] = [searchForm(search), searchedName(search)];
  const hasAddress = (user: User): boolean => user.email.startsWith(address);
  const names = walkIndex(desk, {
    start: last === null || index === BY_ADDRESS
      ? keys.userByName(name, "")
      : keys.userByName(searchedName(last.name), `${last.id}\0`),
    end: keys.userByName(`${name}${LAST}`, ""),
  });
  // Whoever was found by the address already is not found by the name again.
  const byName = (user: User): boolean => keeps(user) && !hasAddress(user);
  const nameOf = (user: User): string => `${BY_NAME}:${user.id}`;
  if (index === BY_NAME) return await collect(names, { after, limit }, byName, nameOf);
  const addresses = walkIndex(desk, {
    start: keys.userByEmail(last === null ? address : `${last.email}\0`),
    end: keys.userByEmail(`${address}${LAST}`),
  });
  const addressOf = (user: User): string => `${BY_ADDRESS}:${user.id}`;
  const { items, next } = await collect(addresses, { after, limit }, keeps, addressOf);
  if (next !== null) return { items, next };
  const end = items.at(-1);
  const place = end === undefined ? after : addressOf(end);
  const left = limit - items.length;
  const rest = await collect(names, { after: place, limit: left }, byName, nameOf);
  return { items: [...items, ...rest.items], next: rest.next };
}

/** Users are fetched so many at a time. */
const FETCHED_AT_ONCE = 50;

/** The users whose ids stand in this range of an index, in its order. */
async function* walkIndex(
  { store }: Desk,
  range: { readonly start: KvKey; readonly end: KvKey },
): AsyncGenerator<User> {
  const fetched = (ids: readonly string[]): Promise<(User | null)[]> =>
    readMany(store, users, ids.map((id) => keys.user(id)));
  let ids: string[] = [];
  for await (const { key, value } of store.reader.list<string>(range, { batchSize: 100 })) {
    ids.push(value === DEACTIVATED ? String(key.at(-1)) : value);
    if (ids.length < FETCHED_AT_ONCE) continue;
    yield* (await fetched(ids)).filter((user) => user !== null);
    ids = [];
  }
  yield* (await fetched(ids)).filter((user) => user !== null);
}

/** The next users of a walk, which begins behind a place, that are kept. */
async function collect(
  walk: AsyncGenerator<User>,
  { after, limit }: UserPage,
  keeps: (user: User) => boolean,
  placeOf: (user: User) => string,
): Promise<Page<User>> {
  const items: User[] = [];
  let scanned = 0;
  let next = after;
  for await (const user of walk) {
    const isKept = keeps(user);
    if (scanned === PAGE_SCANNED_MAX || (isKept && items.length === limit)) return { items, next };
    scanned += 1;
    // A full page ends at its last user: a place behind it would tell of what is not kept.
    if (items.length < limit) next = placeOf(user);
    if (isKept) items.push(user);
  }
  return { items, next: null };
}
