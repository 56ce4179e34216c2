import type { Clock } from "../../domain/rules/clock.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { Kv } from "../../domain/store/open.ts";

/** A record of the first schema, in which clocks ran by all hours and nothing came by itself. */
export type FirstTicket = { readonly schema: 1 } & Record<string, unknown>;

/** A ticket as the first schema had it; what it did not know is left out. */
export function firstTicket(ticket: Ticket): FirstTicket {
  const { sla, firstResolvedAt: _, resolvedMs: _ms, closesAt: _at, nextAt: _next, ...rest } =
    ticket;
  const { pauseOnPending, replyOnly } = sla;
  const clocks = { response: firstClock(sla.response), resolution: firstClock(sla.resolution) };
  return { ...rest, schema: 1, sla: { ...clocks, pauseOnPending, replyOnly } };
}

function firstClock(clock: Clock): unknown {
  const { startedAt: _, warnAfterMs: _ms, warnAt: _at, warnedAt: _was, isCounted: _is, ...rest } =
    clock;
  return rest;
}

/** Rows of tickets stand in these; everything else of a ticket is as it was in the first schema. */
const ROWS = new Set([
  "ticket",
  "ticket_by_status",
  "ticket_by_department",
  "ticket_by_assignee",
  "ticket_by_requester",
  "ticket_by_tag",
]);

/** Makes of a store in memory what a desk of the first schema would have written. */
export async function toFirstSchema(kv: Kv): Promise<void> {
  for (const { key, value } of await Array.fromAsync(kv.list({ prefix: [] }))) {
    const [name] = key;
    if (name === "due") await kv.delete(key);
    if (!ROWS.has(String(name)) || typeof value !== "object") continue;
    const ticket = value as Ticket; // what stands in these
    await kv.set(key, firstTicket(ticket));
    if (name !== "ticket" || ticket.status !== "resolved") continue;
    await kv.set(["ticket_resolved", ticket.resolvedAt ?? 0, ticket.id], ticket.id);
  }
}
