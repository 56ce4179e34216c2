import { createHash } from "node:crypto";
import {
  type Attempts,
  noAttempts,
  reserveAttempt as reserve,
  succeedAttempt as succeed,
  withdrawAttempt as withdraw,
} from "../rules/lockout.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { normaliseEmail } from "../rules/user.ts";
import { attempts } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** An attempt to log in that counts as failed until it is settled. */
export interface ReservedAttempt {
  readonly account: string;
  readonly address: string;
  readonly at: Instant;
}

/**
 * Counts an attempt at the password of this e-mail address before it is made; refuses with
 * `locked_out`. The work is the same whether or not there is such an account: one check, one write.
 */
export function reserveAttempt(
  desk: Desk,
  email: string,
  address: string,
): Promise<ReservedAttempt | Refusal> {
  const account = accountOf(email);
  return transact(desk.store, async (tx) => {
    const at = desk.store.now();
    const changed = await change(tx, account, (known) => reserve(known, address, at));
    return isRefusal(changed) ? changed : { account, address, at };
  });
}

/** Takes back an attempt that was not made after all. */
export async function withdrawAttempt(desk: Desk, reserved: ReservedAttempt): Promise<void> {
  const { account, address, at } = reserved;
  await transact(desk.store, (tx) => change(tx, account, (known) => withdraw(known, address, at)));
}

/** Makes the attempt a success, in the transaction of what it was made for: one check, one write. */
export async function succeedAttempt(
  desk: Desk,
  tx: Transaction,
  { account, address, at }: ReservedAttempt,
): Promise<void> {
  await change(tx, account, (known) => succeed(known, address, at, desk.store.now()));
}

/** The account is entered from this address, in the transaction that makes it: one check, one write. */
export async function rememberAddress(
  desk: Desk,
  tx: Transaction,
  email: string,
  address: string,
): Promise<void> {
  const at = desk.store.now();
  await change(tx, accountOf(email), (known) => succeed(known, address, at, at));
}

/** What is known of one e-mail address goes with the account to another: 1 check, 2 writes. */
export async function moveAttempts(tx: Transaction, from: string, to: string): Promise<void> {
  const moved = await tx.get(attempts, keys.attempt(accountOf(from)));
  if (moved === null) return;
  // In the place of whatever stands there, which need not be read.
  tx.add(attempts, { ...moved, account: accountOf(to) });
  tx.remove(attempts, moved);
}

async function change<T extends Attempts | Refusal>(
  tx: Transaction,
  account: string,
  decide: (known: Attempts) => T,
): Promise<T> {
  const before = await tx.get(attempts, keys.attempt(account));
  const after = decide(before ?? noAttempts(account));
  if (isRefusal(after)) return after;
  if (before === null) tx.add(attempts, after);
  else tx.put(attempts, after);
  return after;
}

/** The store keeps no address that somebody tried and that may belong to nobody here. */
function accountOf(email: string): string {
  return createHash("sha256").update(normaliseEmail(email)).digest("base64url");
}
