import { Hono } from "hono";
import { z } from "zod";
import { NOTIFIED_ROLES } from "../domain/rules/sla_configuration.ts";
import {
  listSlaConfigurations,
  putSlaConfiguration,
} from "../domain/services/sla_configurations.ts";
import { list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { pair, slug } from "./http/schemas.ts";
import { anyConfiguration, knownConfiguration } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { slaConfigurationShape, slaConfigurationView } from "./views/sla_configuration.ts";

/** A year. */
const MINUTES_MAX = 525_600;
const LEVEL_MAX = 10;

const minutes = z.number().int().min(1).max(MINUTES_MAX);

const escalationRule = z.object({
  level: z.number().int().min(1).max(LEVEL_MAX),
  threshold: minutes,
  notifyRoles: z.array(z.enum(NOTIFIED_ROLES)).min(1).max(NOTIFIED_ROLES.length)
    .refine((roles) => new Set(roles).size === roles.length, "Must name each role once"),
  on: z.enum(["response", "resolution"]).default("response"),
  reassign: z.boolean().default(false),
});

const escalationRules = z.array(escalationRule).max(LEVEL_MAX).superRefine((rules, context) => {
  const levels = rules.map(({ level }) => level);
  for (const [index, level] of levels.entries()) {
    if (levels.indexOf(level) === index) continue;
    const path = [index, "level"];
    context.addIssue({ code: "custom", path, message: "Another rule has this level" });
  }
});

const changes = z.object({
  responseTime: minutes.optional(),
  nextReplyTime: minutes.nullable().optional().meta({ description: "Null takes it away." }),
  resolutionTime: minutes.optional(),
  pauseOnPending: z.boolean().optional(),
  replyOnly: z.boolean().optional(),
  escalationRules: escalationRules.optional(),
  calendar: slug.optional(),
  applyToOpen: z.boolean().optional().meta({
    description: "Tickets that are open now get it too; else they keep what they were promised.",
  }),
});

const EXAMPLES: Record<string, z.input<typeof changes>> = {
  faster: { responseTime: 30, applyToOpen: true },
  whole: {
    responseTime: 60,
    nextReplyTime: 120,
    resolutionTime: 480,
    pauseOnPending: true,
    replyOnly: false,
    escalationRules: [
      { level: 1, threshold: 60, notifyRoles: ["supervisor"] },
      { level: 2, threshold: 240, notifyRoles: ["admin"], on: "resolution", reassign: true },
    ],
    calendar: "default",
  },
};

/** What is promised, by priority and category. */
// deno-lint-ignore explicit-module-boundary-types
export function slaConfigRoutes() {
  const pairPath = param(pair);
  return new Hono<AppEnv>()
    .get(
      "/config",
      describe({
        summary: "The promises, by priority and category",
        details: "A category that a priority does not list has that priority's `general`.",
        answers: { 200: list(someFields(slaConfigurationShape)) },
      }),
      authenticate,
      permit("read_sla_configuration"),
      query(z.object({ fields: fieldsOf(slaConfigurationShape) })),
      async (c) => {
        const { fields } = c.req.valid("query");
        const all = await listSlaConfigurations(c.get("desk"));
        const data = all.map((each) => pick(slaConfigurationView(each), fields));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .get(
      "/config/:priority/:category",
      describe({
        summary: "The promise for a priority and category",
        answers: { 200: one(someFields(slaConfigurationShape)) },
        isTagged: true,
      }),
      authenticate,
      pairPath,
      permit("read_sla_configuration"),
      knownConfiguration,
      query(z.object({ fields: fieldsOf(slaConfigurationShape) })),
      (c) => {
        const { slaConfiguration, versionstamp } = c.var;
        const data = pick(slaConfigurationView(slaConfiguration), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/config/:priority/:category",
      describe({
        summary: "Change the promise for a priority and category, or make it",
        details:
          "What is not named stays; a new pair begins with what held for it before, and its " +
          "category can be given to tickets from then on. Tickets that are open keep their " +
          "promises unless `applyToOpen` is said. While an edit is being applied to open tickets " +
          "there is no other: 409 `conflict`.",
        answers: { 200: one(slaConfigurationShape), 201: one(slaConfigurationShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      pairPath,
      permit("edit_sla_configuration"),
      anyConfiguration,
      retagged,
      body(changes, EXAMPLES),
      async (c) => {
        const { priority, category } = c.req.valid("param");
        const input = c.req.valid("json");
        return await once(
          c,
          (desk) => putSlaConfiguration(desk, { priority, category }, input),
          ({ configuration, isNew }) => {
            if (isNew) c.header("Location", `/api/sla/config/${priority}/${category}`);
            const data = slaConfigurationView(configuration);
            return c.json({ success: true as const, data }, isNew ? 201 : 200);
          },
        );
      },
    );
}
