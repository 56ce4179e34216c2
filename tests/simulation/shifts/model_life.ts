import type { AgentStatus } from "../../../domain/rules/agent.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { AgentDiary } from "./diary.ts";
import type { LivedPattern } from "./model_pattern.ts";
import type { ModelAbsence, ModelFact, ModelMinute } from "./model_result.ts";
import { type LivedBreak, type LivedShift, MINUTE } from "./model_shift.ts";

/** An absence that may still go on. */
type Absence = { -readonly [Name in keyof ModelAbsence]: ModelAbsence[Name] };

/** What a minute was like, and which shift and break went on in it. */
interface LivedMinute {
  readonly shown: ModelMinute;
  readonly shift: LivedShift | null;
  readonly break: LivedBreak | null;
}

/** One agent, as it lives through its diary. */
export class Life {
  readonly diary: AgentDiary;
  now: Instant;
  status: AgentStatus;
  isActive = true;
  comesAtShiftStart = false;
  /** What it is after the break. */
  statusAfterBreak: AgentStatus = "online";
  readonly shifts: LivedShift[] = [];
  readonly patterns: LivedPattern[] = [];
  current: LivedShift | null = null;
  lastEnded: LivedShift | null = null;
  readonly facts: ModelFact[] = [];
  readonly absences: Absence[] = [];
  readonly #beginsAt: Instant;
  readonly #minutes: LivedMinute[] = [];

  constructor(diary: AgentDiary, beginsAt: Instant) {
    this.diary = diary;
    this.status = diary.status;
    this.now = this.#beginsAt = beginsAt;
  }

  /** Whether it works by shifts. */
  get hasShifts(): boolean {
    return this.shifts.some(({ status }) => status !== "cancelled");
  }

  get scheduled(): LivedShift[] {
    return this.shifts.filter(({ status }) => status === "scheduled")
      .sort((a, b) => a.start - b.start);
  }

  tell(what: ModelFact["what"], { id }: LivedShift, of: LivedBreak | null = null): void {
    this.facts.push({ at: this.now, what, shiftId: id, breakId: of?.id ?? null });
  }

  become(status: AgentStatus): void {
    const wasAway = this.status === "offline";
    this.status = status;
    const isAway = status === "offline";
    if (isAway && !wasAway) this.#leave();
    const last = this.absences.at(-1);
    if (!isAway && wasAway && last !== undefined) last.cameAt ??= this.now;
  }

  #leave(): Absence {
    const absence = { wentAt: this.now, cameAt: null, deactivatedAt: null };
    this.absences.push(absence);
    return absence;
  }

  deactivate(): void {
    if (!this.isActive) return;
    if (this.current !== null) this.endShift(this.current);
    this.become("offline");
    this.isActive = false;
    const last = this.absences.at(-1);
    const absence = last === undefined || last.cameAt !== null ? this.#leave() : last;
    absence.deactivatedAt ??= this.now;
  }

  startShift(shift: LivedShift): void {
    shift.status = "in-progress";
    shift.startedAt = this.now;
    this.current = shift;
    this.tell("shift.started", shift);
  }

  /** The shift that has ended goes on. */
  resumeShift(shift: LivedShift): void {
    shift.status = "in-progress";
    shift.endedAt = null;
    shift.overtime = true;
    this.current = shift;
    this.tell("shift.started", shift);
  }

  endShift(shift: LivedShift, next: "leaves" | "stays" = "leaves"): void {
    this.endBreak();
    for (const each of shift.breaks) if (each.status === "scheduled") this.missBreak(each);
    shift.status = "completed";
    shift.endedAt = this.now;
    this.current = null;
    this.lastEnded = shift;
    this.tell("shift.ended", shift);
    if (next === "leaves") this.become("offline");
  }

  cancelShift(shift: LivedShift): void {
    shift.status = "cancelled";
    for (const each of shift.breaks) each.status = "cancelled";
  }

  startBreak(shift: LivedShift, each: LivedBreak): void {
    each.status = "in-progress";
    each.startedAt = this.now;
    this.statusAfterBreak = this.status;
    this.become("busy");
    this.tell("break.started", shift, each);
  }

  /** Ends the break that is being taken, if one is. */
  endBreak(): void {
    const running = this.current?.running;
    if (this.current === null || running === undefined) return;
    running.status = "completed";
    running.endedAt = this.now;
    this.become(this.statusAfterBreak);
    this.tell("break.ended", this.current, running);
  }

  missBreak(each: LivedBreak): void {
    each.status = "cancelled";
    each.missed = true;
  }

  /** Nothing more happens in this minute: so it was, and so it stays to its end. */
  keepMinute(): void {
    const { status, current } = this;
    const running = current?.running ?? null;
    const isOff = status === "offline" || running !== null ||
      (current === null && this.hasShifts);
    const shown = known({
      status,
      onBreak: running !== null,
      onDuty: status === "online" && !isOff,
      atWork: !isOff,
    });
    const last = this.#minutes.at(-1);
    const isSame = last?.shown === shown && last.shift === current && last.break === running;
    this.#minutes.push(isSame ? last : { shown, shift: current, break: running });
  }

  /** How a minute was that has been lived through. */
  minute(at: Instant): LivedMinute {
    const minute = this.#minutes[Math.floor((at - this.#beginsAt) / MINUTE)];
    if (minute === undefined) throw new Error(`Cannot tell of ${at}: it was not lived through`);
    return minute;
  }
}

const KNOWN = new Map<string, ModelMinute>();

/** One and the same for all minutes that are alike: there are many. */
function known(minute: ModelMinute): ModelMinute {
  const name = Object.values(minute).join();
  const before = KNOWN.get(name);
  if (before === undefined) KNOWN.set(name, minute);
  return before ?? minute;
}
