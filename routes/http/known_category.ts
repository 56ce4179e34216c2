import { createMiddleware } from "hono/factory";
import { invalidInput } from "../../domain/rules/refusal.ts";
import { knowsCategory } from "../../domain/services/sla_configurations.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { reject } from "./problem.ts";

interface Named {
  readonly category?: string | undefined;
}

/** Refuses a body that gives a ticket a category of which nobody has said what it promises. */
export const knownCategory = described(
  createMiddleware<AppEnv, string, { in: { json: Named }; out: { json: Named } }>(
    async (c, next) => {
      const { category } = c.req.valid("json");
      if (category !== undefined && !await knowsCategory(c.get("desk"), category)) {
        const message = "There is no such category: an SLA configuration makes one known";
        reject(invalidInput([{ path: "category", code: "custom", message }]));
      }
      await next();
    },
  ),
  { refusals: ["invalid_input"] },
);
