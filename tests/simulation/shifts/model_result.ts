import type { AgentStatus } from "../../../domain/rules/agent.ts";
import type { RefusalCode } from "../../../domain/rules/refusal.ts";
import type { BreakType, ShiftStatus } from "../../../domain/rules/shift.ts";
import type { Instant } from "../../../domain/rules/time.ts";

/** What an agent is like in a minute, after all that happens in it. */
export interface ModelMinute {
  readonly status: AgentStatus;
  readonly onBreak: boolean;
  /** Is given work by itself, as far as it has room. */
  readonly onDuty: boolean;
  /** May take work: on duty, or busy without being on a break. */
  readonly atWork: boolean;
}

/** Something that was told, or that happened, as the feed has it. */
export interface ModelFact {
  readonly at: Instant;
  readonly what:
    | "shift_starting"
    /** With the minutes that are left: 30 and 5, or what there is of a short one. */
    | `shift_ending ${number}`
    | "break_reminder"
    | "shift.started"
    | "shift.ended"
    | "break.started"
    | "break.ended";
  readonly shiftId: string;
  readonly breakId: string | null;
}

/** When the agent went offline, and came back: null where it did not. */
export interface ModelAbsence {
  readonly wentAt: Instant;
  readonly cameAt: Instant | null;
  /** It was deactivated at this instant: its tickets go at once. */
  readonly deactivatedAt: Instant | null;
}

export interface ModelBreak {
  readonly id: string;
  readonly type: BreakType;
  readonly start: Instant;
  readonly end: Instant;
  readonly status: ShiftStatus;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly missed: boolean;
}

export interface ModelShift {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly status: ShiftStatus;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly overtime: boolean;
  /** In the order of their planned starts. */
  readonly breaks: readonly ModelBreak[];
}

/** Whole minutes. */
export interface ModelAdherence {
  readonly shifts: number;
  readonly scheduled: number;
  readonly worked: number;
  readonly conformed: number;
  readonly overtime: number;
  readonly breaks: Readonly<
    Record<BreakType, { readonly scheduled: number; readonly taken: number }>
  >;
}

/** What the model makes of one agent's diary. */
export interface ModelAgent {
  /** What the desk should have answered, in the order of the entries. */
  readonly answers: readonly ("granted" | RefusalCode)[];
  minute(at: Instant): ModelMinute;
  /** In the order of time. */
  readonly facts: readonly ModelFact[];
  readonly absences: readonly ModelAbsence[];
  readonly shifts: readonly ModelShift[];
  /** From `start` to `end`, both whole minutes, as it is asked for at the end of the simulation. */
  adherence(start: Instant, end: Instant): ModelAdherence;
}
