import { type Actor, may, type Role } from "../rules/actor.ts";
import { newAgent } from "../rules/agent.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { normaliseEmail, type User } from "../rules/user.ts";
import { agents, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, readList, readVersioned, type Versioned } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { isCommonPassword } from "./common_passwords.ts";
import type { Desk } from "./desk.ts";
import { rememberAddress } from "./lockout.ts";
import { beginSession, type Grant, grant } from "./sessions.ts";

export interface Registration {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

/**
 * Makes a user, and the agent's record with an agent. Anybody may become a `user`, other roles are
 * for an administrator to give; refuses with `forbidden` or `email_taken`. Whoever registers is no
 * stranger to the account from then on at this client address. Writes 6 to 10 keys.
 */
export async function register(
  desk: Desk,
  actor: Actor | null,
  registration: Registration,
  address: string,
): Promise<Grant | Refusal> {
  const privileged = registration.role !== "user";
  if (privileged && (actor === null || !may(actor, "create_privileged_users"))) {
    return refuse(
      "forbidden",
      `Only an administrator can make a user of role ${registration.role}.`,
    );
  }
  const passwordHash = await desk.passwords.hash(registration.password);
  if (isRefusal(passwordHash)) return passwordHash;
  const session = await transact(desk.store, async (tx) => {
    const user = await addUser(desk, tx, registration, passwordHash);
    if (isRefusal(user)) return user;
    if (actor === null) await rememberAddress(desk, tx, user.email, address);
    return beginSession(desk, tx, user);
  });
  return isRefusal(session) ? session : await grant(desk, session);
}

export async function addUser(
  desk: Desk,
  tx: Transaction,
  registration: Omit<Registration, "password">,
  passwordHash: string,
): Promise<User | Refusal> {
  const { store } = desk;
  const now = store.now();
  const email = normaliseEmail(registration.email);
  const taken = await tx.getValue<string>(keys.userByEmail(email));
  if (taken !== null) return emailTaken();
  const name = registration.name.trim();
  const { role } = registration;
  const user: User = {
    schema: 1,
    id: store.newId(),
    name,
    email,
    role,
    passwordHash,
    sessionsValidFrom: now,
    createdAt: now,
  };
  tx.add(users, user);
  if (role === "agent") {
    tx.add(agents, newAgent({ id: store.newId(), userId: user.id, name, email }, now));
  }
  return user;
}

export function emailTaken(): Refusal {
  return refuse("email_taken", "There is an account with this e-mail address.");
}

/** Nobody's id: whoever looks for an address that nobody has does as much work for it. */
const NOBODY = "nobody";

export async function findByEmail(desk: Desk, email: string): Promise<User | null> {
  const { value: id } = await desk.store.reader.get<string>(
    keys.userByEmail(normaliseEmail(email)),
  );
  return await read(desk.store, users, keys.user(id ?? NOBODY));
}

export async function getUser(desk: Desk, userId: string): Promise<Versioned<User> | Refusal> {
  return await readVersioned(desk.store, users, keys.user(userId)) ?? notFound("user");
}

/**
 * Makes the administrator when nobody has this address; an account that is there stays as it is.
 * Refuses with `conflict` when it is there but is no administrator.
 */
export async function ensureAdministrator(
  desk: Desk,
  account: { readonly email: string; readonly password: string },
): Promise<User | Refusal> {
  const known = await findByEmail(desk, account.email);
  if (known?.role === "admin") return known;
  if (known !== null) return refuse("conflict", `${known.email} belongs to a ${known.role}.`);
  if (await isCommonPassword(account.password)) {
    return refuse("invalid_input", "The password is one of the most common ones.");
  }
  const passwordHash = await desk.passwords.hash(account.password);
  if (isRefusal(passwordHash)) return passwordHash;
  const registration = { name: "Administrator", email: account.email, role: "admin" } as const;
  const made = await transact(desk.store, (tx) => addUser(desk, tx, registration, passwordHash));
  // Another process that starts now has made it meanwhile.
  const taken = isRefusal(made) && made.refused === "email_taken";
  return taken ? await findByEmail(desk, account.email) ?? made : made;
}

export async function hasAdministrator(desk: Desk): Promise<boolean> {
  // Of those there were one is always active.
  const prefix = ["user_by_role", "admin"];
  return (await readList(desk.store, prefix, { limit: 1 })).length > 0;
}
