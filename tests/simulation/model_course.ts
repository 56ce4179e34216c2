import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import type { Instant } from "../../domain/rules/time.ts";
import type { ModelClock } from "./model_clock.ts";
import type { ClockName, ModelTicket } from "./model_ticket.ts";
import { tellAll, tellHolder } from "./model_told.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

type Due =
  & { readonly at: Instant }
  & (
    | { readonly what: "breach" | "warning"; readonly name: ClockName; readonly clock: ModelClock }
    | { readonly what: "level"; readonly rule: EscalationRule }
    | { readonly what: "close" }
  );

/** Lets happen, one after the other, what is due before an instant. */
export function letPass(ticket: ModelTicket, until: Instant): void {
  for (let due = nextDue(ticket, until); due !== null; due = nextDue(ticket, until)) {
    happen(ticket, due);
    ticket.settleSamples();
  }
}

/** When something next happens to the ticket by itself. */
export function nextInstant(ticket: ModelTicket): Instant | null {
  const instants = allDue(ticket).map(({ at }) => at).filter(Number.isFinite);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** The first of what is due; of what is due at once a breach comes first, and a warning last. */
function nextDue(ticket: ModelTicket, until: Instant): Due | null {
  const before = (due: Due): boolean => due.what === "close" ? due.at <= until : due.at < until;
  const dated = allDue(ticket).filter(before)
    // What somebody's deed moved into the past happens with the deed.
    .map((due) => ({ due, dated: Math.max(due.at, ticket.touchedAt) }));
  const [first] = dated.toSorted((a, b) => a.dated - b.dated);
  return first?.due ?? null;
}

function allDue(ticket: ModelTicket): Due[] {
  const { closeAfterDays } = ticket.world;
  if (ticket.status === "closed") return [];
  if (ticket.resolvedAt !== null) {
    return [{ what: "close", at: ticket.resolvedAt + closeAfterDays * DAY }];
  }
  const unbroken = ticket.running.filter(([, { breachedAt }]) => breachedAt === null);
  const unwarned = unbroken.filter(([, { warnedAt }]) => warnedAt === null);
  const levels = ticket.rules.filter(({ level, on }) =>
    !ticket.firedLevels.has(level) && ticket.clocks[on].isOpen
  ).toSorted((a, b) => a.level - b.level);
  return [
    ...unbroken.map(([name, clock]) => ({ what: "breach", name, clock, at: clock.dueAt }) as const),
    ...levels.map((rule) => {
      const at = ticket.clocks[rule.on].reaches(rule.threshold * MINUTE);
      return { what: "level", rule, at } as const;
    }),
    ...unwarned.map(([name, clock]) =>
      ({ what: "warning", name, clock, at: clock.warnsAt }) as const
    ),
  ];
}

function happen(ticket: ModelTicket, due: Due): void {
  const at = Math.max(due.at, ticket.touchedAt);
  switch (due.what) {
    case "close":
      ticket.status = "closed";
      ticket.closedAt = at;
      ticket.happened.push({ action: "closed", at, details: { by: "age" } });
      return;
    case "warning":
      due.clock.warnedAt = at;
      ticket.happened.push({
        action: "sla_warning",
        at,
        details: { clock: due.name, ...deadline(due.clock.dueAt) },
      });
      if (!tellHolder(ticket, "sla_warning", at)) {
        tellAll(ticket, "sla_warning", ["supervisor", "admin"], at);
      }
      return;
    case "breach":
      return breach(ticket, due.name, due.clock, { dueAt: due.at, at });
    case "level":
      return raise(ticket, due.rule, at);
  }
}

function breach(
  ticket: ModelTicket,
  name: ClockName,
  clock: ModelClock,
  { dueAt, at }: { readonly dueAt: Instant; readonly at: Instant },
): void {
  const from = ticket.status;
  clock.breachedAt = at;
  ticket.count(name, clock, at, false);
  ticket.level = Math.max(1, ticket.level);
  if (ticket.status !== "pending") ticket.status = "escalated";
  const isMoved = dueAt < ticket.touchedAt;
  ticket.happened.push({
    action: "sla_breach",
    at,
    details: {
      clock: name,
      ...deadline(dueAt),
      reason: isMoved ? ticket.reason : null,
      from,
      to: ticket.status,
      level: ticket.level,
    },
  });
  tellHolder(ticket, "sla_breach", at);
  tellAll(ticket, "sla_breach", ["supervisor", "admin"], at, ticket.assignee);
}

/** Where it is while the clock stands still, or was before the clock ran last, nobody can say. */
function deadline(dueAt: Instant): { readonly dueAt?: string } {
  return Number.isFinite(dueAt) ? { dueAt: new Date(dueAt).toISOString() } : {};
}

function raise(ticket: ModelTicket, rule: EscalationRule, at: Instant): void {
  const { level, on, threshold, reassign, notifyRoles } = rule;
  ticket.firedLevels.add(level);
  ticket.level = Math.max(level, ticket.level);
  const details = { by: "rule", level, clock: on, threshold };
  ticket.happened.push({ action: "escalated", at, details });
  if (reassign && !ticket.isWaiting) {
    const details = { from: ticket.status, to: "queued", agent: ticket.assignee?.agentId ?? null };
    ticket.happened.push({ action: "requeued", at, details });
    ticket.unpause(at);
    ticket.assignee = null;
    ticket.status = "queued";
  }
  tellAll(ticket, "escalation", notifyRoles, at);
}
