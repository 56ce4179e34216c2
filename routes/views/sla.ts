import { z } from "zod";
import {
  type Clock,
  firstBreachOf,
  isBreached,
  isMet,
  overdueAt,
} from "../../domain/rules/clock.ts";
import { CLOCK_NAMES, type ClockName, clocksOf } from "../../domain/rules/sla.ts";
import { hasBreach, type Ticket } from "../../domain/rules/ticket.ts";
import { type Instant, iso, isoOrNull } from "../../domain/rules/time.ts";
import { instant } from "../http/answers.ts";

export const slaShape = z.object({
  responseDeadline: instant,
  responseTimeMet: z.boolean().meta({ description: "True once the promise was kept in time." }),
  resolutionDeadline: instant,
  resolutionTimeMet: z.boolean(),
  isBreached: z.boolean(),
  paused: z.boolean(),
}).meta({ id: "Sla" });

export function slaView(ticket: Ticket, now: Instant): z.infer<typeof slaShape> {
  const { response, resolution } = ticket.sla;
  return {
    responseDeadline: iso(response.dueAt),
    responseTimeMet: isMet(response),
    resolutionDeadline: iso(resolution.dueAt),
    resolutionTimeMet: isMet(resolution),
    isBreached: hasBreach(ticket, now),
    paused: resolution.state === "paused",
  };
}

const clockShape = z.object({
  name: z.enum(CLOCK_NAMES),
  state: z.enum(["active", "paused", "fulfilled", "cancelled"]),
  targetMinutes: z.number(),
  deadline: instant,
  isBreached: z.boolean(),
  breachedAt: instant.nullable(),
  fulfilledAt: instant.nullable(),
}).meta({ id: "SlaClock" });

export const slaCheckShape = slaShape.extend({ clocks: z.array(clockShape) }).meta({
  id: "SlaCheck",
});

export function slaCheckView(ticket: Ticket, now: Instant): z.infer<typeof slaCheckShape> {
  const clocks = clocksOf(ticket.sla).map(([name, clock]) => clockView(name, clock, now));
  return { ...slaView(ticket, now), clocks };
}

function clockView(
  name: ClockName,
  clock: Clock,
  now: Instant,
): z.infer<typeof clockShape> {
  const { state, targetMinutes, dueAt } = clock;
  // The sweep has a second or two to say so.
  const passed = state === "active" && overdueAt(clock) < now ? dueAt : null;
  return {
    name,
    state,
    targetMinutes,
    deadline: iso(dueAt),
    isBreached: isBreached(clock, now),
    breachedAt: isoOrNull(firstBreachOf(clock) ?? passed),
    fulfilledAt: clock.state === "fulfilled" ? iso(clock.fulfilledAt) : null,
  };
}
