import { type Agent, isActiveAgent } from "./agent.ts";
import {
  type Break,
  breakEndsAt,
  ENDING_BEFORE_MS,
  endsAt,
  REMINDED_BEFORE_MS,
  type Shift,
  type ShiftNotice,
  STARTING_BEFORE_MS,
  withBreak,
} from "./shift.ts";
import {
  begin,
  beginBreak,
  cancel,
  type Duty,
  endBreak,
  finish,
  missBreak,
  type ShiftHappening,
} from "./shift_edges.ts";
import type { Instant } from "./time.ts";

/** What a shift comes to by itself, before anything is decided about it. */
type Due =
  & { readonly at: Instant }
  & (
    | { readonly kind: "start" | "end" }
    | { readonly kind: "notice"; readonly notice: ShiftNotice }
    | { readonly kind: "reminder" | "break_start" | "break_end"; readonly of: Break }
  );

/**
 * Everything that has become due by now on shifts of one agent, in order, each with its own instant:
 * what is noticed late happens as it would have in time. Among the shifts must be the one in
 * progress and every other of the agent's on which something is due. Nothing happens before `since`,
 * the instant of the change that made it due. Ends: each thing happens once.
 */
export function advanceShifts(
  agent: Agent,
  shifts: readonly Shift[],
  now: Instant,
  since: Instant = -Infinity,
): ShiftHappening[] {
  const happened: ShiftHappening[] = [];
  let current: Agent = agent;
  const known = new Map(shifts.map((shift) => [shift.id, shift]));
  for (let next = firstDue(known, since); next !== null; next = firstDue(known, since)) {
    const [shift, due] = next;
    if (due.at > now) break;
    for (const happening of decide({ shift, agent: current }, due, known)) {
      const timed = withNext(happening);
      happened.push(timed);
      known.set(timed.shift.id, timed.shift);
      current = timed.agent;
    }
  }
  return happened;
}

/** The next instant at which something happens to a shift by itself; null if nothing will. */
export function nextShiftInstant(shift: Shift): Instant | null {
  const instants = everythingDue(shift).map(({ at }) => at);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** The same of what may make another of its agent: the starts and ends of shifts and breaks. */
export function nextEdge(shift: Shift): Instant | null {
  const edges = everythingDue(shift).filter(({ kind }) => kind !== "notice" && kind !== "reminder");
  return edges.length === 0 ? null : Math.min(...edges.map(({ at }) => at));
}

/** The happening with the instant at which something happens to its shift next. */
export function withNext(happening: ShiftHappening): ShiftHappening {
  const { shift } = happening;
  return { ...happening, shift: { ...shift, nextAt: nextShiftInstant(shift) } };
}

function firstDue(shifts: ReadonlyMap<string, Shift>, since: Instant): [Shift, Due] | null {
  let first: [Shift, Due] | null = null;
  for (const shift of shifts.values()) {
    for (const due of everythingDue(shift)) {
      const next = { ...due, at: Math.max(due.at, since) };
      if (first === null || comesBefore(next, first[1])) first = [shift, next];
    }
  }
  return first;
}

/** What comes at one instant comes in this order: what ends makes room for what starts. */
const ORDER: readonly Due["kind"][] = [
  "break_end",
  "notice",
  "end",
  "start",
  "reminder",
  "break_start",
];

function comesBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && ORDER.indexOf(a.kind) < ORDER.indexOf(b.kind));
}

function everythingDue(shift: Shift): Due[] {
  const { status, start, end, startedAt, breaks, told, overtime = false } = shift;
  if (status === "scheduled") {
    return [
      ...noticed(told, "starting", start - STARTING_BEFORE_MS),
      { kind: "start", at: start },
    ];
  }
  if (status !== "in-progress" || startedAt === null) return [];
  // Nothing of it comes before it has started.
  const from = (at: Instant): Instant => Math.max(at, startedAt);
  const notices = overtime ? [] : [
    ...noticed(told, "ending_30", from(end - ENDING_BEFORE_MS.ending_30)),
    ...noticed(told, "ending_5", from(end - ENDING_BEFORE_MS.ending_5)),
  ];
  const ofBreaks = breaks.flatMap((each) => dueOfBreak(each, startedAt));
  return [...ofBreaks, ...notices, { kind: "end", at: endsAt(shift) }];
}

function noticed(told: readonly ShiftNotice[], notice: ShiftNotice, at: Instant): Due[] {
  return told.includes(notice) ? [] : [{ kind: "notice", notice, at }];
}

function dueOfBreak(each: Break, startedAt: Instant): Due[] {
  if (each.status === "in-progress") {
    return [{ kind: "break_end", of: each, at: breakEndsAt(each) }];
  }
  if (each.status !== "scheduled") return [];
  const at = Math.max(each.start, startedAt);
  const needsReminder = !each.reminded && each.start > startedAt;
  const remindedAt = Math.max(each.start - REMINDED_BEFORE_MS, startedAt);
  return [
    ...(needsReminder ? [{ kind: "reminder" as const, of: each, at: remindedAt }] : []),
    { kind: "break_start", of: each, at },
  ];
}

function decide(duty: Duty, due: Due, known: ReadonlyMap<string, Shift>): ShiftHappening[] {
  switch (due.kind) {
    case "notice":
      return [tell(duty, due.notice, due.at)];
    case "start":
      return start(duty, due.at, known);
    case "end":
      return finish(duty, due.at, isFollowed(due.at, known));
    case "reminder":
      return [remind(duty, due.of, due.at)];
    case "break_start":
      return [takeBreak(duty, due.of, due.at)];
    case "break_end":
      return [endBreak(duty, due.of, due.at)];
  }
}

function tell({ shift, agent }: Duty, notice: ShiftNotice, at: Instant): ShiftHappening {
  const told = { ...shift, told: [...shift.told, notice] };
  // Whoever works no more need not come.
  return { kind: isActiveAgent(agent) ? notice : "changed", at, shift: told, agent };
}

/** What goes on as overtime gives way. The shift of who was deactivated does not take place. */
function start(
  { shift, agent }: Duty,
  at: Instant,
  known: ReadonlyMap<string, Shift>,
): ShiftHappening[] {
  if (!isActiveAgent(agent)) return [cancel({ shift, agent }, at)];
  const ended = agent.currentShiftId === undefined
    ? []
    : finish({ shift: shiftOf(known, agent.currentShiftId), agent }, at, true);
  const free = ended.at(-1)?.agent ?? agent;
  const comes = free.status === "offline" && free.onlineAtShiftStart === true;
  const there: Agent = comes ? { ...free, status: "online" } : free;
  return [...ended, begin({ shift, agent: there }, at)];
}

/** Whether another shift starts at the very instant, so that the agent need not leave. */
function isFollowed(at: Instant, known: ReadonlyMap<string, Shift>): boolean {
  return [...known.values()].some(({ status, start }) => status === "scheduled" && start === at);
}

function shiftOf(known: ReadonlyMap<string, Shift>, id: string): Shift {
  const shift = known.get(id);
  if (shift === undefined) {
    throw new Error(`Cannot advance shifts: ${id} is in progress and unread`);
  }
  return shift;
}

function remind({ shift, agent }: Duty, due: Break, at: Instant): ShiftHappening {
  const reminded = withBreak(shift, { ...due, reminded: true });
  return { kind: "break_reminder", at, shift: reminded, agent, breakId: due.id };
}

/** A break that is over before it could start is missed, and so is one of who is not there. */
function takeBreak(duty: Duty, due: Break, at: Instant): ShiftHappening {
  const { shift, agent } = duty;
  if (agent.status !== "offline" && at < due.end) return beginBreak(duty, due, at);
  return { kind: "changed", at, shift: withBreak(shift, missBreak(due)), agent };
}
