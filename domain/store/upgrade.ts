import { DEFAULT_CALENDAR } from "../rules/calendar.ts";
import { type Clock, targetOf } from "../rules/clock.ts";
import { type SlaClocks, startClocks } from "../rules/sla.ts";
import { slaConfigurationFor } from "../rules/sla_configuration.ts";
import { EMPTY_BOOK } from "../rules/sla_book.ts";
import { scheduled } from "../rules/sla_course.ts";
import type { Ticket } from "../rules/ticket.ts";
import { MINUTE_MS } from "../rules/time.ts";

/** As a desk that configures nothing has them. */
const WARNING_PERCENT = 80;
const CLOSE_AFTER_DAYS = 7;

/** A clock as tickets of the first schema had them: by the wall clock, and without warnings. */
type WallClock =
  & Pick<Clock, "targetMinutes" | "consumedMs" | "dueAt" | "breachedAt">
  & (
    | { readonly state: "active"; readonly activeSince: number }
    | { readonly state: "paused" | "cancelled" }
    | { readonly state: "fulfilled"; readonly fulfilledAt: number; readonly met: boolean }
  );

/** A ticket of the first schema. */
type FirstTicket =
  & Omit<Ticket, "schema" | "sla" | "firstResolvedAt" | "resolvedMs" | "closesAt" | "nextAt">
  & {
    readonly sla: Pick<SlaClocks, "pauseOnPending" | "replyOnly"> & {
      readonly response: WallClock;
      readonly resolution: WallClock;
    };
  };

/**
 * A ticket of the first schema under the promises that it was opened with. How often it was reopened
 * it does not tell. Nobody was told of anything, but what passed before its time now began counts as
 * told: nobody knows when that was.
 */
export function upgradeTicket(old: { readonly schema: number }): Ticket {
  const first = old as unknown as FirstTicket; // what the schema says
  const { sla, createdAt, resolvedAt, priority, category } = first;
  const { response, resolution, pauseOnPending, replyOnly } = sla;
  const configuration = slaConfigurationFor(EMPTY_BOOK, priority, category);
  const terms = { configuration, calendar: DEFAULT_CALENDAR };
  const passed = configuration.escalationRules.filter(({ on, threshold }) =>
    sla[on].consumedMs > threshold * MINUTE_MS
  );
  const ticket: Ticket = {
    ...first,
    schema: 2,
    sla: {
      ...startClocks(terms, WARNING_PERCENT, createdAt),
      response: upgradeClock(response, createdAt),
      resolution: upgradeClock(resolution, createdAt),
      responseTime: response.targetMinutes,
      resolutionTime: resolution.targetMinutes,
      pauseOnPending,
      replyOnly,
      firedLevels: passed.map(({ level }) => level),
    },
    firstResolvedAt: resolvedAt,
    resolvedMs: 0,
    closesAt: null,
    nextAt: null,
  };
  return scheduled(ticket, DEFAULT_CALENDAR, CLOSE_AFTER_DAYS);
}

function upgradeClock(old: WallClock, startedAt: number): Clock {
  const { targetMinutes, consumedMs, dueAt, breachedAt } = old;
  const target = targetOf(targetMinutes, WARNING_PERCENT);
  const { warnAfterMs } = target;
  const warnAt = dueAt - (targetMinutes * MINUTE_MS - warnAfterMs);
  return {
    ...old,
    startedAt,
    consumedMs,
    warnAfterMs,
    warnAt,
    warnedAt: consumedMs > warnAfterMs ? warnAt : null,
    isCounted: breachedAt !== null || old.state === "fulfilled",
  };
}
