import { Hono } from "hono";
import { z } from "zod";
import { allConfigurations } from "../domain/rules/sla_configuration.ts";
import { list, one } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { param } from "./http/validate.ts";
import {
  slaCheckShape,
  slaCheckView,
  slaConfigurationShape,
  slaConfigurationView,
} from "./views/sla.ts";

// deno-lint-ignore explicit-module-boundary-types
export function slaRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/config",
      describe({
        summary: "The promises, by priority and category",
        answers: { 200: list(slaConfigurationShape) },
      }),
      authenticate,
      permit("read_sla_configuration"),
      async (c) => {
        const data = allConfigurations(await c.var.desk.book.now()).map(slaConfigurationView);
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
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
