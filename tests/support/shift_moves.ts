import fc from "fast-check";
import { AGENT_STATUSES } from "../../domain/rules/agent.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import {
  type Break,
  BREAK_TYPES,
  newShift,
  occupied,
  type Span,
} from "../../domain/rules/shift.ts";
import { addBreak, cancelBreak, endBreak, startBreak } from "../../domain/rules/shift_breaks.ts";
import type { ShiftHappening } from "../../domain/rules/shift_edges.ts";
import { refuseOverlap, refusePlan, replan } from "../../domain/rules/shift_plan.ts";
import { cancelShift, endShift, setStatus, startShift } from "../../domain/rules/shift_verbs.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { advanced, after, type Roster } from "./shifts.ts";

/** Something that somebody does to an agent's shifts, some minutes after what was done before. */
export type Move =
  & { readonly minutes: number }
  & (
    | {
      readonly verb: "schedule" | "replan" | "add_break";
      readonly in: number;
      readonly long: number;
    }
    | { readonly verb: "start"; readonly long: number | null }
    | { readonly verb: "end" | "cancel" | "start_break" | "end_break" | "cancel_break" }
    | { readonly verb: "status"; readonly to: (typeof AGENT_STATUSES)[number] }
    | { readonly verb: "nothing" }
  )
  & { readonly which: number };

const minutes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 700 }) },
);
const shared = { minutes, which: fc.nat(9) };

/** Moves as they come about: what is tried may well be refused. */
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: planned("schedule", fc.integer({ min: -30, max: 600 }), 600) },
    { weight: 1, arbitrary: planned("replan", fc.integer({ min: -200, max: 200 }), 600) },
    { weight: 8, arbitrary: planned("add_break", fc.integer({ min: -10, max: 60 }), 40) },
    {
      weight: 2,
      arbitrary: fc.record({
        ...shared,
        verb: fc.constant("start" as const),
        long: fc.option(fc.integer({ min: 0, max: 600 })),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        ...shared,
        verb: fc.constantFrom("start_break", "end_break", "cancel_break"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        ...shared,
        verb: fc.constantFrom("end", "cancel"),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        ...shared,
        verb: fc.constant("status" as const),
        to: fc.constantFrom(...AGENT_STATUSES),
      }),
    },
    { weight: 1, arbitrary: fc.record({ ...shared, verb: fc.constant("nothing" as const) }) },
  ),
  { maxLength: 40, size: "max" },
);

function planned<V extends "schedule" | "replan" | "add_break">(
  verb: V,
  ahead: fc.Arbitrary<number>,
  longMax: number,
): fc.Arbitrary<Move> {
  const long = fc.integer({ min: 0, max: longMax });
  return fc.record({ ...shared, verb: fc.constant(verb), in: ahead, long });
}

/** The roster after a move, with what came of it. `at` is its instant, up to which all has happened. */
export function make(
  roster: Roster,
  move: Move,
  at: Instant,
): { readonly roster: Roster; readonly happened: readonly ShiftHappening[] } {
  const outcome = attempt(roster, move, at);
  if (isRefusal(outcome)) return { roster, happened: [] };
  const { agent, happened } = "agent" in outcome
    ? outcome
    : { agent: roster.agent, happened: outcome };
  const next = after({ ...roster, agent }, happened);
  const course = advanced(next, at, at);
  return { roster: course, happened: [...happened, ...course.happened] };
}

function attempt(
  { agent, shifts }: Roster,
  move: Move,
  at: Instant,
): readonly ShiftHappening[] | ReturnType<typeof setStatus> | Refusal {
  const ahead = shifts.filter(({ status }) => status === "scheduled")
    .toSorted((a, b) => a.start - b.start);
  const current = shifts.find(({ status }) => status === "in-progress") ?? null;
  const shift = (move.which % 3 === 0 ? null : current) ?? pick(shifts, move.which);
  const duty = shift === undefined ? undefined : { agent, shift };
  const due = breakFor(move, shift?.breaks ?? []);
  switch (move.verb) {
    case "schedule": {
      const plan = { ...spanOf(move, at), timezone: "UTC", breaks: [] };
      const id = `shift-${shifts.length}`;
      return refusePlan(plan, at) ?? refuseOverlap(agent.name, plan, shifts) ??
        [{ kind: "changed", at, agent, shift: newShift(plan, { id, agentId: agent.id }, at) }];
    }
    case "replan": {
      if (duty === undefined || !/scheduled|progress/.test(duty.shift.status)) return [];
      const { start, end } = duty.shift;
      const span = { start: start + move.in * MINUTE_MS, end: end + move.long * MINUTE_MS };
      const changed = replan(duty, { ...span, timezone: "UTC" }, at);
      if (isRefusal(changed)) return changed;
      const others = shifts.filter(({ id }) => id !== duty.shift.id);
      const taken = occupied(changed.shift) ?? span;
      return refuseOverlap(agent.name, taken, others) ?? [changed];
    }
    case "start": {
      const end = move.long === null ? undefined : at + move.long * MINUTE_MS;
      const made = { id: `shift-${shifts.length}`, timezone: "UTC" };
      return all(startShift(agent, ahead, { end, timezone: undefined }, made, at));
    }
    case "status": {
      const last = shifts.filter(({ status }) => status === "completed")
        .toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1) ?? null;
      return setStatus(agent, { current, last }, move.to, at);
    }
    case "add_break": {
      if (duty === undefined) return [];
      const type = BREAK_TYPES[move.which % BREAK_TYPES.length] ?? "lunch";
      const id = `${duty.shift.id} break-${duty.shift.breaks.length}`;
      return all(addBreak(duty, { ...spanOf(move, at), id, type }, at));
    }
    case "end":
      return duty === undefined ? [] : endShift(duty, at);
    case "cancel":
      return duty === undefined ? [] : all(cancelShift(duty, at));
    case "start_break":
      return duty === undefined || due === undefined ? [] : all(startBreak(duty, due, at));
    case "end_break":
      return duty === undefined || due === undefined ? [] : all(endBreak(duty, due, at));
    case "cancel_break":
      return duty === undefined || due === undefined ? [] : all(cancelBreak(duty, due, at));
    case "nothing":
      return [];
  }
}

function all(outcome: ShiftHappening | Refusal): readonly ShiftHappening[] | Refusal {
  return isRefusal(outcome) ? outcome : [outcome];
}

/** Mostly one to which the verb can be done. */
function breakFor({ verb, which }: Move, breaks: readonly Break[]): Break | undefined {
  const status = verb === "end_break" ? "in-progress" : "scheduled";
  const fitting = breaks.filter((each) => each.status === status);
  return which % 4 === 0 || fitting.length === 0 ? pick(breaks, which) : pick(fitting, which);
}

/** The newest are picked most: what is long past can hardly change. */
function pick<T>(items: readonly T[], which: number): T | undefined {
  return items.at(-1 - which % Math.max(1, Math.min(items.length, 4)));
}

function spanOf(move: { readonly in: number; readonly long: number }, at: Instant): Span {
  const start = at + move.in * MINUTE_MS;
  return { start, end: start + move.long * MINUTE_MS };
}
