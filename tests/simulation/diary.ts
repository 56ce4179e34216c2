import type { Role } from "../../domain/rules/actor.ts";
import type { Visibility } from "../../domain/rules/comment.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import type { Hours } from "../../domain/rules/calendar.ts";
import type { Priority, Score, Status } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";

/** Somebody of the desk, as far as it matters to a ticket what they do. */
export interface Who {
  readonly userId: string;
  readonly role: Role;
  /** The agent's record, for those who work tickets. */
  readonly agentId: string | null;
  /** The departments whose tickets an agent sees, `general` aside. */
  readonly departments: readonly string[];
}

/** What tells one ticket from another to its promises. */
export interface Kind {
  readonly priority: Priority;
  readonly category: string;
  readonly department: string;
}

/** What somebody does to a ticket. */
export type Deed =
  | { readonly verb: "claim"; readonly agent: Who }
  | {
    readonly verb: "status";
    readonly to: Status;
    readonly agent: Who | null;
    /** With a public comment. */
    readonly says: boolean;
  }
  /** Another priority and another status at once. */
  | {
    readonly verb: "batch";
    readonly priority: Priority;
    readonly to: Status;
    readonly agent: Who | null;
  }
  | { readonly verb: "comment"; readonly visibility: Visibility }
  | { readonly verb: "edit"; readonly changes: Partial<Kind> }
  | { readonly verb: "escalate" }
  | { readonly verb: "resolve_escalation" }
  | { readonly verb: "rate"; readonly score: Score };

/** A deed that was granted. */
export interface Entry {
  /** Among all that was committed: what comes at one instant is told apart by it. */
  readonly place: number;
  readonly at: Instant;
  readonly by: Who;
  readonly deed: Deed;
}

/** All that people did to one ticket. */
export interface TicketDiary {
  readonly id: string;
  readonly place: number;
  readonly openedAt: Instant;
  readonly requester: Who;
  readonly kind: Kind;
  readonly entries: Entry[];
}

/** The promise for a pair, as an administrator writes it. */
export interface Promised {
  readonly responseTime: number;
  readonly nextReplyTime: number | null;
  readonly resolutionTime: number;
  readonly pauseOnPending: boolean;
  readonly replyOnly: boolean;
  readonly escalationRules: readonly EscalationRule[];
  readonly calendarId: string;
}

/** A calendar, as an administrator writes it. */
export interface Opening {
  readonly hours: Hours;
  readonly departments: readonly string[];
}

/** What an administrator changes for the whole desk. */
export type Edict =
  | {
    readonly verb: "promise";
    readonly priority: Priority;
    readonly category: string;
    readonly promised: Promised;
    readonly applyToOpen: boolean;
  }
  | { readonly verb: "calendar"; readonly id: string; readonly opening: Opening }
  | { readonly verb: "close_calendar"; readonly id: string };

/** An edict that was granted. */
export interface EdictEntry {
  readonly place: number;
  readonly at: Instant;
  readonly edict: Edict;
}

/** What the slow model replays. */
export interface Diary {
  readonly people: readonly Who[];
  readonly warningPercent: number;
  readonly closeAfterDays: number;
  readonly tickets: readonly TicketDiary[];
  readonly edicts: readonly EdictEntry[];
  readonly beginsAt: Instant;
  readonly endsAt: Instant;
}
