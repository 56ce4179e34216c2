import { z } from "zod";
import { type Actor, ROLES } from "../../domain/rules/actor.ts";
import { iso } from "../../domain/rules/time.ts";
import { isActive, type Session, type User } from "../../domain/rules/user.ts";
import type { Grant } from "../../domain/services/sessions.ts";
import { id, instant } from "../http/answers.ts";

export const userShape = z.object({
  id,
  _id: id,
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  active: z.boolean().meta({ description: "Whether the user may log in and act." }),
  passwordChangedAt: instant.optional(),
  createdAt: instant,
}).meta({ id: "User" });

export function userView(user: User): z.infer<typeof userShape> {
  const { id, name, email, role, passwordChangedAt, createdAt } = user;
  const changed = passwordChangedAt === undefined
    ? {}
    : { passwordChangedAt: iso(passwordChangedAt) };
  const active = isActive(user);
  return { id, _id: id, name, email, role, active, ...changed, createdAt: iso(createdAt) };
}

export const sessionShape = z.object({
  id,
  _id: id,
  createdAt: instant,
  lastRefreshedAt: instant,
  expiresAt: instant.meta({ description: "Unless it is refreshed before." }),
  current: z.boolean().meta({ description: "It is the one that asks." }),
}).meta({ id: "Session" });

export function sessionView(session: Session, actor: Actor): z.infer<typeof sessionShape> {
  const { id, createdAt, rotatedAt, reusedAt, expiresAt } = session;
  return {
    id,
    _id: id,
    createdAt: iso(createdAt),
    lastRefreshedAt: iso(reusedAt ?? rotatedAt),
    expiresAt: iso(expiresAt),
    current: id === actor.sessionId,
  };
}

/** Tokens stand at the top level, as the predecessor's clients read them. */
export const grantShape = z.object({
  success: z.literal(true),
  token: z.string().meta({ description: "The access token, for `Authorization: Bearer`." }),
  refreshToken: z.string(),
  expiresIn: z.number().int().meta({ description: "Seconds that the access token lives." }),
  data: userShape,
}).meta({ id: "Grant" });

export function grantView(grant: Grant): z.infer<typeof grantShape> {
  const { user, token, refreshToken, expiresInSeconds: expiresIn } = grant;
  return { success: true, token, refreshToken, expiresIn, data: userView(user) };
}
