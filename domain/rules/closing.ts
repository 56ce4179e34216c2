import { statusFact } from "./event.ts";
import type { Decision, Ticket } from "./ticket.ts";
import { DAY_MS, type Instant } from "./time.ts";

/** When a ticket that is resolved closes by itself; null for others. */
export function closesAt(ticket: Ticket, closeAfterDays: number): Instant | null {
  const { status, resolvedAt } = ticket;
  return status === "resolved" && resolvedAt !== null ? resolvedAt + closeAfterDays * DAY_MS : null;
}

/** A ticket that has long been resolved closes at the instant at which that was due. */
export function closeByAge(ticket: Ticket, at: Instant, now: Instant): Decision {
  const closed: Ticket = {
    ...ticket,
    status: "closed",
    closedAt: at,
    closesAt: null,
    updatedAt: now,
  };
  const facts = [statusFact(ticket, "closed", "closed", { by: "age" })];
  return { ticket: closed, agents: [], facts, warnings: [] };
}
