import { statusFact } from "./event.ts";
import type { Decision, Ticket } from "./ticket.ts";
import { DAY_MS, type Instant } from "./time.ts";

/** Tickets resolved at or before this instant close by themselves now. */
export function closesResolvedUpTo(at: Instant, closeAfterDays: number): Instant {
  return at - closeAfterDays * DAY_MS;
}

/** Decides the closing of a ticket that has long been resolved; null while it has not. */
export function closeByAge(ticket: Ticket, closeAfterDays: number, at: Instant): Decision | null {
  const { status, resolvedAt } = ticket;
  if (status !== "resolved" || resolvedAt === null) return null;
  if (resolvedAt > closesResolvedUpTo(at, closeAfterDays)) return null;
  const closed: Ticket = { ...ticket, status: "closed", closedAt: at, updatedAt: at };
  const facts = [statusFact(ticket, "closed", "closed", { by: "age" })];
  return { ticket: closed, agents: [], facts, warnings: [] };
}
