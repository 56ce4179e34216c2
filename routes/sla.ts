import { Hono } from "hono";
import { z } from "zod";
import { defaultSlaConfigurations } from "../domain/rules/sla.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { param } from "./http/validate.ts";
import { clockView, slaConfigurationView, slaView } from "./views.ts";

// deno-lint-ignore explicit-module-boundary-types
export function slaRoutes() {
  return new Hono<AppEnv>()
    .get("/config", authenticate, permit("read_sla_configuration"), (c) => {
      const data = defaultSlaConfigurations().map(slaConfigurationView);
      return c.json({ success: true as const, data, count: data.length }, 200);
    })
    .get(
      "/check/:id",
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      (c) => {
        const { desk, ticket } = c.var;
        const now = desk.store.now();
        const { response, resolution } = ticket.sla;
        const clocks = [
          clockView("response", response, now),
          clockView("resolution", resolution, now),
        ];
        return c.json({ success: true as const, data: { ...slaView(ticket, now), clocks } }, 200);
      },
    );
}
