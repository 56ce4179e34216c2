import type { Role } from "../rules/actor.ts";
import { searchForm } from "../rules/text.ts";
import { isActive, searchedName, type User } from "../rules/user.ts";
import { DEACTIVATED, users } from "../store/kinds.ts";
import { behind, endOf, keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type Page, readPage, takePage } from "../store/page.ts";
import { inBatches, read, readMany } from "../store/store.ts";
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
  const start = keys.userByRole(role, after === null ? "" : behind(after));
  const walk = walkIndex(desk, { start, end: keys.userByRole(role, "~") });
  return await takePage(walk, { place: after, limit, keeps }, ({ id }) => id);
}

/** The two indexes of a search. A place in it names the one in which the page ended, and the user. */
const BY_ADDRESS = "address";
const BY_NAME = "name";

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
      : keys.userByName(searchedName(last.name), behind(last.id)),
    end: keys.userByName(endOf(name), ""),
  });
  // Whoever was found by the address already is not found by the name again.
  const byName = (user: User): boolean => keeps(user) && !hasAddress(user);
  const nameOf = (user: User): string => `${BY_NAME}:${user.id}`;
  if (index === BY_NAME) {
    return await takePage(names, { place: after, limit, keeps: byName }, nameOf);
  }
  const addresses = walkIndex(desk, {
    start: keys.userByEmail(last === null ? address : behind(last.email)),
    end: keys.userByEmail(endOf(address)),
  });
  const addressOf = (user: User): string => `${BY_ADDRESS}:${user.id}`;
  const { items, next } = await takePage(addresses, { place: after, limit, keeps }, addressOf);
  if (next !== null) return { items, next };
  const end = items.at(-1);
  const place = end === undefined ? after : addressOf(end);
  const left = limit - items.length;
  const rest = await takePage(names, { place, limit: left, keeps: byName }, nameOf);
  return { items: [...items, ...rest.items], next: rest.next };
}

/** Users are fetched so many at a time. */
const FETCHED_AT_ONCE = 50;

/** The users whose ids stand in this range of an index, in its order. */
async function* walkIndex(
  { store }: Desk,
  range: { readonly start: KvKey; readonly end: KvKey },
): AsyncGenerator<User> {
  const entries = store.reader.list<string>(range, { batchSize: FETCHED_AT_ONCE });
  for await (const batch of inBatches(entries, FETCHED_AT_ONCE)) {
    const ids = batch.map(({ key, value }) => value === DEACTIVATED ? String(key.at(-1)) : value);
    const found = await readMany(store, users, ids.map((id) => keys.user(id)));
    yield* found.filter((user) => user !== null);
  }
}
