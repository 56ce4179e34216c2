import type { Agent } from "./agent.ts";
import type { Hours } from "./calendar.ts";
import {
  breachClock,
  type Clock,
  consumedAt,
  isRunning,
  overdueAt,
  warnClock,
  warningAt,
} from "./clock.ts";
import { closeByAge } from "./closing.ts";
import type { Details, TicketFact } from "./event.ts";
import { requeue } from "./reopen.ts";
import { type ClockName, clocksOf, type SlaClocks } from "./sla.ts";
import type { EscalationRule } from "./sla_configuration.ts";
import { type Decision, isWaiting, type Ticket } from "./ticket.ts";
import { type Instant, iso, MINUTE_MS } from "./time.ts";

/** Something that a ticket comes to by itself, with what it does. */
export interface Happening {
  readonly kind: "warning" | "breach" | "level" | "close";
  /** When it was due, whenever that is noticed. */
  readonly at: Instant;
  readonly decision: Decision;
}

/** What is to happen, before anything is decided about it. */
type Due =
  | { readonly kind: "warning" | "breach"; readonly clock: ClockName; readonly at: Instant }
  | { readonly kind: "level"; readonly rule: EscalationRule; readonly at: Instant }
  | { readonly kind: "close"; readonly at: Instant };

/** Two things for each clock, a level for each rule, the closing: it never comes to so many. */
const HAPPENINGS_MAX = 100;

/**
 * Everything that has become due on a ticket by now, in order, each with its own instant: what is
 * noticed late happens as it would have in time. What is due this very millisecond is left to whoever
 * acts in it, but for the closing of what was resolved long ago. Ends: each thing happens once.
 */
export function advance(
  ticket: Ticket,
  holder: Agent | null,
  hours: Hours,
  now: Instant,
): Happening[] {
  const happenings: Happening[] = [];
  let [current, agent] = [ticket, holder];
  for (let due = firstDue(current, hours, now); due !== null; due = firstDue(current, hours, now)) {
    if (happenings.length >= HAPPENINGS_MAX) {
      throw new Error(`Cannot advance ticket ${ticket.id}: there is no end to what is due`);
    }
    const decision = decide(current, due, { holder: agent, hours, now });
    happenings.push({ kind: due.kind, at: due.at, decision });
    current = decision.ticket;
    const held = decision.agents.find(({ id }) => id === current.assignee?.agentId);
    agent = current.assignee === null ? null : held ?? agent;
  }
  return happenings;
}

/** The next instant at which something happens to the ticket by itself; null if nothing will. */
export function nextInstant(ticket: Ticket, hours: Hours): Instant | null {
  const instants = everythingDue(ticket, hours).map(({ at }) => at).filter(Number.isFinite);
  return instants.length === 0 ? null : Math.min(...instants);
}

function firstDue(ticket: Ticket, hours: Hours, now: Instant): Due | null {
  return everythingDue(ticket, hours)
    .filter(({ isDueBy }) => isDueBy(now))
    .reduce<Due | null>((first, due) => first === null || due.at < first.at ? due : first, null);
}

type Expected = Due & { isDueBy(now: Instant): boolean };

/** In the order in which what comes at one instant happens: a broken promise needs no warning. */
function everythingDue(ticket: Ticket, hours: Hours): Expected[] {
  const { sla, closesAt } = ticket;
  if (closesAt !== null) {
    return [{ kind: "close", at: closesAt, isDueBy: (now) => closesAt <= now }];
  }
  const running = clocksOf(sla).filter(([, clock]) => isRunning(clock));
  const breaches = running.filter(([, clock]) => clock.breachedAt === null).map(([name, clock]) =>
    expected({ kind: "breach", clock: name }, overdueAt(clock), sla)
  );
  const warnings = running.filter(([, { breachedAt, warnedAt }]) =>
    breachedAt === null && warnedAt === null
  ).map(([name, clock]) => expected({ kind: "warning", clock: name }, warningAt(clock), sla));
  return [...breaches, ...levels(sla, hours), ...warnings];
}

function levels(sla: SlaClocks, hours: Hours): Expected[] {
  return sla.escalationRules
    .filter(({ on, level }) => isRunning(sla[on]) && !sla.firedLevels.includes(level))
    .toSorted((a, b) => a.level - b.level)
    .map((rule) => {
      const at = consumedAt(sla[rule.on], rule.threshold * MINUTE_MS, hours);
      return expected({ kind: "level", rule }, at, sla);
    });
}

/** Nothing that a change brought about happened before the change. */
function expected(
  what: { kind: "warning" | "breach"; clock: ClockName } | { kind: "level"; rule: EscalationRule },
  instant: Instant,
  { changed }: SlaClocks,
): Expected {
  return { ...what, at: Math.max(instant, changed.at), isDueBy: (now) => instant < now };
}

/** In what surroundings a thing happens. */
interface Circumstances {
  readonly holder: Agent | null;
  readonly hours: Hours;
  readonly now: Instant;
}

function decide(ticket: Ticket, due: Due, circumstances: Circumstances): Decision {
  switch (due.kind) {
    case "close":
      return closeByAge(ticket, due.at, circumstances.now);
    case "warning":
      return warn(ticket, due.clock, due.at, circumstances.now);
    case "breach":
      return breach(ticket, due, circumstances);
    case "level":
      return raise(ticket, due, circumstances);
  }
}

function warn(ticket: Ticket, name: ClockName, at: Instant, now: Instant): Decision {
  const clock = clockOf(ticket, name);
  const warned = withClock(ticket, name, warnClock(clock, at));
  const details = { clock: name, dueAt: iso(clock.dueAt) };
  const fact: TicketFact = { event: "sla.warning", action: "sla_warning", details };
  return { ticket: { ...warned, updatedAt: now }, agents: [], facts: [fact], warnings: [] };
}

/** The first level at least, and `escalated`, unless the ticket waits for its customer. */
function breach(
  ticket: Ticket,
  { clock: name, at }: { readonly clock: ClockName; readonly at: Instant },
  { holder, now }: Circumstances,
): Decision {
  const clock = clockOf(ticket, name);
  const broken = withClock(ticket, name, breachClock(clock, at));
  const status = ticket.status === "pending" ? "pending" : "escalated";
  const escalationLevel = Math.max(1, ticket.escalationLevel);
  const { reason } = ticket.sla.changed;
  const isByChange = reason !== null && overdueAt(clock) < ticket.sla.changed.at;
  const details: Details = {
    clock: name,
    dueAt: iso(clock.dueAt),
    from: ticket.status,
    to: status,
    level: escalationLevel,
    ...(isByChange ? { reason } : {}),
  };
  const next: Ticket = { ...broken, status, escalationLevel, updatedAt: now };
  const waitingSince = isWaiting(next) ? ticket.waitingSince ?? at : null;
  const leavesWork = holder?.currentTicketId === ticket.id && status === "escalated";
  return {
    ticket: { ...next, waitingSince },
    agents: leavesWork ? [{ ...holder, currentTicketId: null, updatedAt: now }] : [],
    facts: [{ event: "sla.breach", action: "sla_breach", details }],
    warnings: [],
  };
}

/** A rule fires: the level rises to its own, and with `reassign` the ticket goes back to the queue. */
function raise(
  ticket: Ticket,
  { rule, at }: { readonly rule: EscalationRule; readonly at: Instant },
  { holder, hours, now }: Circumstances,
): Decision {
  const { level, threshold, on, reassign, notifyRoles: tells } = rule;
  const raised: Ticket = {
    ...ticket,
    escalationLevel: Math.max(level, ticket.escalationLevel),
    sla: { ...ticket.sla, firedLevels: [...ticket.sla.firedLevels, level] },
    updatedAt: now,
  };
  const details = { by: "rule", level, clock: on, threshold };
  const fact: TicketFact = { event: "ticket.escalated", action: "escalated", details, tells };
  // What waits in the queue stays there; its level alone puts it at the head.
  if (!reassign || isWaiting(ticket)) {
    return { ticket: raised, agents: [], facts: [fact], warnings: [] };
  }
  const back = requeue(raised, holder, at, hours);
  return { ...back, ticket: { ...back.ticket, updatedAt: now }, facts: [fact, ...back.facts] };
}

function clockOf(ticket: Ticket, name: ClockName): Clock {
  const clock = ticket.sla[name];
  if (clock === null) {
    throw new Error(`Cannot advance ticket ${ticket.id}: it has no ${name} clock`);
  }
  return clock;
}

function withClock(ticket: Ticket, name: ClockName, clock: Clock): Ticket {
  return { ...ticket, sla: { ...ticket.sla, [name]: clock } };
}
