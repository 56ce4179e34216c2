import { Hono } from "hono";
import { z } from "zod";
import { one } from "./http/answers.ts";
import { authenticate } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { param } from "./http/validate.ts";
import { slaCheckShape, slaCheckView } from "./views/sla.ts";

// deno-lint-ignore explicit-module-boundary-types
export function slaRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/check/:id",
      describe({
        summary: "How a ticket stands with its promises",
        answers: { 200: one(slaCheckShape) },
      }),
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      (c) => {
        const { desk, ticket } = c.var;
        const data = slaCheckView(ticket, desk.store.now());
        return c.json({ success: true as const, data }, 200);
      },
    );
}
