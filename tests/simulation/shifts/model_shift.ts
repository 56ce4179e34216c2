import type { BreakType, ShiftStatus, Span } from "../../../domain/rules/shift.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { PlannedBreak, ShiftEntry } from "./diary.ts";
import type { ModelBreak, ModelShift } from "./model_result.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A break as it goes on living. */
export class LivedBreak {
  readonly id: string;
  readonly type: BreakType;
  readonly start: Instant;
  readonly end: Instant;
  status: ShiftStatus = "scheduled";
  startedAt: Instant | null = null;
  endedAt: Instant | null = null;
  missed = false;
  reminded: boolean;
  /** Before this it was not planned: its agent planned it late, after there had been work. */
  readonly plannedFrom: Instant;

  constructor(
    { id, type, start, end }: PlannedBreak,
    now: Instant,
    by: ShiftEntry["by"] = "supervisor",
  ) {
    this.id = id;
    this.type = type;
    this.start = start;
    this.end = end;
    // Of what has begun nobody need be reminded.
    this.reminded = start <= now;
    this.plannedFrom = by === "agent" ? Math.max(start, now) : start;
  }

  /** When it ends by itself: begun early it is as long as it was to be. */
  endsAt(startedAt: Instant = this.startedAt ?? this.start): Instant {
    return startedAt < this.start ? startedAt + this.end - this.start : this.end;
  }

  /** The time in which there can be no other break. */
  get taken(): Span | null {
    if (this.status === "cancelled") return null;
    return { start: this.startedAt ?? this.start, end: this.endedAt ?? this.endsAt() };
  }

  /** Whether this minute was planned to be a part of it, and nobody took that back. */
  wasPlannedIn(minute: Instant): boolean {
    const stands = this.status !== "cancelled" || this.missed;
    return stands && this.plannedFrom <= minute && minute < this.end;
  }

  get shown(): ModelBreak {
    const { id, type, start, end, status, startedAt, endedAt, missed } = this;
    return { id, type, start, end, status, startedAt, endedAt, missed };
  }
}

/** A shift as it goes on living. */
export class LivedShift {
  readonly id: string;
  readonly patternId: string | null;
  start: Instant = NaN;
  end: Instant = NaN;
  status: ShiftStatus = "scheduled";
  startedAt: Instant | null = null;
  endedAt: Instant | null = null;
  overtime = false;
  breaks: LivedBreak[] = [];
  /** What is told of it, or need not be. */
  knowsStart = false;
  knowsEnd30 = false;
  knowsEnd5 = false;
  /** It is too short, or planned too late, for the word of half an hour. */
  isShort = false;

  constructor(id: string, patternId: string | null, span: Span, now: Instant) {
    this.id = id;
    this.patternId = patternId;
    this.plan(span, now);
  }

  /** What was told of another start or end is told again. */
  plan({ start, end }: Span, now: Instant): void {
    if (start !== this.start) this.knowsStart = false;
    if (end !== this.end) this.knowsEnd30 = this.knowsEnd5 = false;
    this.start = start;
    this.end = end;
    if (start <= now) this.knowsStart = true;
    this.isShort = end - 30 * MINUTE < Math.max(start, now);
  }

  /** At the latest then it ends that goes on as overtime: a day after it began. */
  get overtimeEndsAt(): Instant {
    return Math.min(this.start, this.startedAt ?? this.start) + DAY;
  }

  get endsAt(): Instant {
    return this.overtime ? this.overtimeEndsAt : this.end;
  }

  /** The time in which the agent can have no other shift: overtime gives way. */
  get taken(): Span | null {
    if (this.status === "cancelled") return null;
    return { start: this.startedAt ?? this.start, end: this.endedAt ?? this.end };
  }

  get running(): LivedBreak | undefined {
    return this.breaks.find(({ status }) => status === "in-progress");
  }

  /** The breaks, with these too, in the order of their starts. */
  add(breaks: readonly LivedBreak[]): void {
    this.breaks = [...this.breaks, ...breaks].sort((a, b) => a.start - b.start);
  }

  get shown(): ModelShift {
    const { id, start, end, status, startedAt, endedAt, overtime } = this;
    const breaks = this.breaks.map(({ shown }) => shown);
    return { id, start, end, status, startedAt, endedAt, overtime, breaks };
  }
}

/** Whether two times have a minute in common; what ended as it began has none. */
export function shareTime(a: Span | null, b: Span | null): boolean {
  return a !== null && b !== null && Math.max(a.start, b.start) < Math.min(a.end, b.end);
}
