import type { AgentStatus } from "../../../domain/rules/agent.ts";
import type { RefusalCode } from "../../../domain/rules/refusal.ts";
import type { BreakPlan, Span } from "../../../domain/rules/shift.ts";
import type { PatternPlan } from "../../../domain/rules/shift_pattern.ts";
import type { Instant } from "../../../domain/rules/time.ts";

// All that anybody does in it is done at whole minutes: the model lives through them one by one.

/** A break that was planned, with the id that the desk gave it. */
export type PlannedBreak = BreakPlan & { readonly id: string };

/** When a shift is to be; no breaks named (null) leaves those that it has. */
export interface Planned extends Span {
  readonly breaks: readonly PlannedBreak[] | null;
}

/**
 * What somebody does to an agent's shifts. Where it was refused the ids that the desk would have
 * given are empty.
 */
export type ShiftDeed =
  | { readonly verb: "schedule"; readonly shiftId: string; readonly plan: Planned }
  /** Another plan for the current shift, else the next one, else a new shift. */
  | { readonly verb: "set_shift"; readonly shiftId: string; readonly plan: Planned }
  /** By hand: the next shift, where that is near, else a new one. */
  | { readonly verb: "start"; readonly shiftId: string; readonly end: Instant | null }
  | { readonly verb: "end" | "cancel"; readonly shiftId: string }
  | { readonly verb: "add_break"; readonly shiftId: string; readonly planned: PlannedBreak }
  | {
    readonly verb: "start_break" | "end_break" | "cancel_break";
    readonly shiftId: string;
    readonly breakId: string;
  }
  | { readonly verb: "status"; readonly to: AgentStatus }
  /** Whether the agent is to be set online when a shift of it starts. */
  | { readonly verb: "prefer"; readonly online: boolean }
  | { readonly verb: "recur"; readonly patternId: string; readonly plan: PatternPlan }
  | { readonly verb: "stop_recurring"; readonly patternId: string }
  | { readonly verb: "deactivate" | "reactivate" };

/** What somebody tried, and what the desk said to it. */
export interface ShiftEntry {
  /** Among all that was tried: what comes at one instant is told apart by it. */
  readonly place: number;
  readonly at: Instant;
  /** The agent itself, or somebody who supervises. */
  readonly by: "agent" | "supervisor";
  readonly deed: ShiftDeed;
  readonly answer: "granted" | RefusalCode;
}

/** A shift that the desk made of a pattern. */
export interface RecurringShift {
  readonly shiftId: string;
  readonly patternId: string;
  /** The ids of its breaks, in the order of their starts as they were planned by the pattern. */
  readonly breakIds: readonly string[];
}

/** All that was tried on one agent's shifts. */
export interface AgentDiary {
  readonly agentId: string;
  readonly userId: string;
  readonly timezone: string;
  /** As it was when the simulation began, without any shift. */
  readonly status: AgentStatus;
  readonly entries: readonly ShiftEntry[];
  /** In the order in which they were made. */
  readonly recurring: readonly RecurringShift[];
}

/** What the slow model replays. */
export interface ShiftDiary {
  readonly beginsAt: Instant;
  readonly endsAt: Instant;
  readonly agents: readonly AgentDiary[];
}
