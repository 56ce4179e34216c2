import { z } from "zod";
import { ROLES } from "../../domain/rules/actor.ts";
import { iso } from "../../domain/rules/time.ts";
import type { User } from "../../domain/rules/user.ts";
import type { Grant } from "../../domain/services/sessions.ts";
import { id, instant } from "../http/answers.ts";

export const userShape = z.object({
  id,
  _id: id,
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  createdAt: instant,
}).meta({ id: "User" });

export function userView(user: User): z.infer<typeof userShape> {
  const { id, name, email, role, createdAt } = user;
  return { id, _id: id, name, email, role, createdAt: iso(createdAt) };
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
