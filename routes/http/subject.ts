import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { may, type Permission } from "../../domain/rules/actor.ts";
import { refuse } from "../../domain/rules/refusal.ts";
import type { Pair } from "../../domain/rules/sla_configuration.ts";
import { getAgent } from "../../domain/services/agents.ts";
import { findCalendar } from "../../domain/services/calendars.ts";
import { expecting, type Subject } from "../../domain/services/precondition.ts";
import { findSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { findPattern } from "../../domain/services/shift_patterns.ts";
import { findShift } from "../../domain/services/shifts.ts";
import { findTicket } from "../../domain/services/tickets.ts";
import { getUser } from "../../domain/services/users.ts";
import { findWebhook } from "../../domain/services/webhooks.ts";
import { type AppEnv, isReading } from "./context.ts";
import { described } from "./describe.ts";
import { expectationsOf } from "./etag.ts";
import { granted, reject } from "./problem.ts";
import { pair } from "./schemas.ts";

/**
 * Puts the ticket of the path where the handler finds it, if the actor may see it: so that what
 * is not there is told before what is not allowed, and before the body is looked at.
 */
export const visibleTicket = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const idOrNumber = idIn(c, "id") ?? idIn(c, "ticketId") ?? "";
    const found = granted(await findTicket(c.get("desk"), c.get("actor"), idOrNumber));
    c.set("ticket", found.record);
    isAbout(c, found, { ticket: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** Puts the agent of the path where the handler finds it. */
export const knownAgent = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await getAgent(c.get("desk"), idIn(c, "id") ?? idIn(c, "agentId") ?? ""));
    c.set("agent", found.record);
    isAbout(c, found, { agent: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** For routes that change whoever asks. */
export const ownUser = described(
  createMiddleware<AppEnv>(async (c, next) => {
    expectVersion(c, { user: c.get("actor").userId });
    await next();
  }),
  { isVersioned: true },
);

/** Puts the webhook of the path where the handler finds it. */
export const knownWebhook = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await findWebhook(c.get("desk"), idIn(c, "id") ?? ""));
    c.set("webhook", found.record);
    isAbout(c, found, { webhook: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** Puts the SLA configuration of the path's pair where the handler finds it. */
export const knownConfiguration = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const named = pairIn(c);
    const found = granted(await findSlaConfiguration(c.get("desk"), named));
    c.set("slaConfiguration", found.record);
    isAbout(c, found, { slaConfiguration: named });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** For routes that change the configuration of the path's pair, or make it. */
export const anyConfiguration = described(
  createMiddleware<AppEnv>(async (c, next) => {
    expectVersion(c, { slaConfiguration: pairIn(c) });
    await next();
  }),
  { isVersioned: true, mayBeNew: true },
);

/** Puts the calendar of the path where the handler finds it. */
export const knownCalendar = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await findCalendar(c.get("desk"), c.req.param("id") ?? ""));
    c.set("calendar", found.record);
    isAbout(c, found, { calendar: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** For routes that change the calendar of the path, or make it. */
export const anyCalendar = described(
  createMiddleware<AppEnv>(async (c, next) => {
    expectVersion(c, { calendar: c.req.param("id") ?? "" });
    await next();
  }),
  { isVersioned: true, mayBeNew: true },
);

/** The pair of the path, which has been validated before. */
function pairIn(c: Context<AppEnv>): Pair {
  return pair.parse({ priority: c.req.param("priority"), category: c.req.param("category") });
}

/** An id of the path, in lower case as ids are stored. */
function idIn(c: Context<AppEnv>, name: string): string | undefined {
  return c.req.param(name)?.toLowerCase();
}

/** The record that the path names, in the version that was read. */
function isAbout(
  c: Context<AppEnv>,
  { versionstamp }: { readonly versionstamp: string },
  subject: Subject,
): void {
  c.set("versionstamp", versionstamp);
  expectVersion(c, subject);
}

/** What the route writes, it writes only to a version that the request expects. */
function expectVersion(c: Context<AppEnv>, subject: Subject): void {
  c.set("subject", subject);
  // A GET answers by itself what of it is known.
  if (isReading(c)) return;
  for (const expected of expectationsOf(c)) {
    c.set("desk", expecting(c.get("desk"), subject, expected));
  }
}

/** Puts the user of the path where the handler finds it. */
export const knownUser = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await getUser(c.get("desk"), idIn(c, "id") ?? ""));
    c.set("user", found.record);
    isAbout(c, found, { user: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** Puts the shift of the path where the handler finds it. */
export const knownShift = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await findShift(c.get("desk"), idIn(c, "shiftId") ?? ""));
    c.set("shift", found.record);
    isAbout(c, found, { shift: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** Puts the recurring shift of the path where the handler finds it. */
export const knownPattern = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const found = granted(await findPattern(c.get("desk"), idIn(c, "id") ?? ""));
    c.set("shiftPattern", found.record);
    isAbout(c, found, { shiftPattern: found.record.id });
    await next();
  }),
  { refusals: ["not_found"], isVersioned: true },
);

/** Refuses an agent who would do this to another before the body is looked at. */
export function ownAgentOr(permission: Permission): MiddlewareHandler<AppEnv> {
  return ownOr(permission, ({ agent }) => agent.id);
}

/** The same of the agent whose shift the path names. */
export function ownShiftOr(permission: Permission): MiddlewareHandler<AppEnv> {
  return ownOr(permission, ({ shift }) => shift.agentId);
}

/** The same of the agent whose recurring shift it names. */
export function ownPatternOr(permission: Permission): MiddlewareHandler<AppEnv> {
  return ownOr(permission, ({ shiftPattern }) => shiftPattern.agentId);
}

function ownOr(
  permission: Permission,
  agentIdOf: (variables: AppEnv["Variables"]) => string,
): MiddlewareHandler<AppEnv> {
  const middleware = createMiddleware<AppEnv>(async (c, next) => {
    const { actor } = c.var;
    if (!may(actor, permission) && actor.agent?.id !== agentIdOf(c.var)) {
      reject(refuse("forbidden", "Only a supervisor does this for another agent."));
    }
    await next();
  });
  return described(middleware, { refusals: ["forbidden"] });
}
