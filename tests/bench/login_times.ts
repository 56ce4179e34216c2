import { client, enter } from "../support/client.ts";
import { median } from "./timing.ts";

const TRIES = 100;
/** Each account is tried less often than would lock it. */
const ACCOUNTS = 20;
const SIDES = ["known", "unknown"] as const;

/**
 * The median time of a login with a wrong password to accounts that there are, as a ratio of that to
 * accounts that there are not: what the time tells of an account. The tries alternate, so that both
 * meet the same noise.
 */
export async function loginTimeRatio(url: string): Promise<number> {
  const known = Array.from({ length: ACCOUNTS }, (_, index) => `known${index}@example.com`);
  const unknown = known.map((email) => `un${email}`);
  for (const email of known) {
    const account = { name: "Ada", email, password: "a long password" };
    await enter(url, "/api/auth/register", account);
  }
  const times: { readonly known: number[]; readonly unknown: number[] } = {
    known: [],
    unknown: [],
  };
  for (let index = 0; index < TRIES; index++) {
    const account = index % ACCOUNTS;
    // Neither is always the first of the two.
    for (const side of index % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const emails = side === "known" ? known : unknown;
      times[side].push(await loginTime(url, emails[account] ?? ""));
    }
  }
  return median(times.known) / median(times.unknown);
}

async function loginTime(url: string, email: string): Promise<number> {
  const startedAt = performance.now();
  const credentials = { email, password: "a wrong password" };
  const { status } = await client(url, null).call("POST", "/api/auth/login", credentials);
  if (status !== 401) throw new Error(`Cannot compare logins: one was answered ${status}`);
  return performance.now() - startedAt;
}
