import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import type { Desk } from "./desk.ts";
import { ensureAdministrator, hasAdministrator } from "./users.ts";

const EMAIL = "admin@example.com";

/**
 * Makes the administrator that the configuration names. Where it names none and there is none yet,
 * `invents` makes one with a password that is kept nowhere. What is to be said of it, at once: null
 * where there is nothing to say, `missing` while there is no administrator. Refuses with `conflict`
 * for an address that belongs to somebody else, and a common password with `invalid_input`.
 */
export async function firstAdministrator(
  desk: Desk,
  invents: boolean,
): Promise<{ readonly said: string | null } | "missing" | Refusal> {
  const { admin } = desk.config;
  if (admin !== null) {
    const made = await ensureAdministrator(desk, admin);
    if (!isRefusal(made)) return { said: null };
    return refuse(made.refused, `ADMIN_EMAIL cannot be the administrator: ${made.detail}`);
  }
  if (await hasAdministrator(desk)) return { said: null };
  if (!invents) return "missing";
  const password = crypto.randomUUID();
  const made = await ensureAdministrator(desk, { email: EMAIL, password });
  if (isRefusal(made)) {
    return refuse(made.refused, `Cannot make an administrator: ${made.detail}`);
  }
  const once = "which is shown this one time";
  return { said: `Administrator: ${EMAIL}, with the password ${password}, ${once}` };
}
