import type { Hours } from "../../domain/rules/calendar.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import type { Measure } from "../../domain/rules/sla_metrics.ts";
import type { Status } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";
import type { Kind, Promised, TicketDiary, Who } from "./diary.ts";
import type { ModelBook } from "./model_book.ts";
import { ModelClock, PASSED } from "./model_clock.ts";

export type ClockName = "response" | "nextReply" | "resolution";

/** By which name the figures have each. */
const MEASURED = {
  response: "response",
  nextReply: "next_reply",
  resolution: "resolution",
} as const;

export type Reason = "target_change" | "calendar_change";

/** What a ticket came to by itself. */
export interface Happened {
  readonly action: "sla_warning" | "sla_breach" | "escalated" | "requeued" | "closed" | "updated";
  readonly at: Instant;
  readonly details: Readonly<Record<string, string | number | null>>;
}

/** Who was told what about a ticket. */
export interface Told {
  readonly userId: string;
  readonly type: "sla_warning" | "sla_breach" | "escalation";
  readonly at: Instant;
}

/** Something that the figures count. */
export interface Sample {
  readonly measure: Measure;
  readonly at: Instant;
  /** How long it took; null for what only happens. */
  readonly milliseconds: number | null;
  readonly kind: Kind;
  /** Whoever had the ticket. */
  readonly agentId: string | null;
}

/** What a ticket's course depends on beside its own diary. */
export interface World {
  readonly book: ModelBook;
  readonly people: readonly Who[];
  readonly warningPercent: number;
  readonly closeAfterDays: number;
}

/** One ticket as its diary tells it, up to some instant. */
export class ModelTicket {
  kind: Kind;
  status: Status = "queued";
  level = 0;
  assignee: Who | null = null;
  readonly clocks: {
    readonly response: ModelClock;
    nextReply: ModelClock | null;
    readonly resolution: ModelClock;
  };
  pauseOnPending: boolean;
  replyOnly: boolean;
  nextReplyTime: number | null;
  rules: readonly EscalationRule[];
  configuredCalendar: string;
  calendarId: string;
  readonly firedLevels = new Set<number>();
  /** The customer has said something that nobody of the staff has answered. */
  isUnanswered = false;
  firstResponseAt: Instant | null = null;
  resolvedAt: Instant | null = null;
  firstResolvedAt: Instant | null = null;
  restedMs = 0;
  closedAt: Instant | null = null;
  /** When somebody last did something to it, and why deadlines last moved. */
  touchedAt: Instant;
  reason: Reason | null = null;
  readonly happened: Happened[] = [];
  /** The clocks whose deadlines an edict may have moved or not: nobody can say where they are. */
  readonly vague = new Map<Instant, ReadonlySet<string>>();
  readonly told: Told[] = [];
  readonly samples: Sample[] = [];
  #fresh: Omit<Sample, "kind" | "agentId">[] = [];
  /** Those whose present stretch has come out. */
  readonly counted = new Set<ModelClock>();

  constructor(
    readonly diary: TicketDiary,
    readonly world: World,
  ) {
    const { openedAt, kind } = diary;
    const { book } = world;
    this.kind = kind;
    this.touchedAt = openedAt;
    const promised = book.promiseFor(kind);
    this.pauseOnPending = promised.pauseOnPending;
    this.replyOnly = promised.replyOnly;
    this.nextReplyTime = promised.nextReplyTime;
    this.rules = promised.escalationRules;
    this.configuredCalendar = promised.calendarId;
    this.calendarId = book.calendarFor(kind, promised.calendarId);
    this.clocks = {
      response: this.newClock(promised.responseTime, openedAt),
      nextReply: null,
      resolution: this.newClock(promised.resolutionTime, openedAt),
    };
    this.sample("created", openedAt, null);
    this.settleSamples();
  }

  get hours(): Hours {
    return this.world.book.hoursOf(this.calendarId);
  }

  get isOpen(): boolean {
    return this.status !== "resolved" && this.status !== "closed";
  }

  get isWaiting(): boolean {
    return this.status === "queued" || (this.status === "escalated" && this.assignee === null);
  }

  get running(): (readonly [ClockName, ModelClock])[] {
    return this.all.filter(([, clock]) => clock.isOpen);
  }

  get all(): (readonly [ClockName, ModelClock])[] {
    return (["response", "nextReply", "resolution"] as const).flatMap((name) => {
      const clock = this.clocks[name];
      return clock === null ? [] : [[name, clock] as const];
    });
  }

  /** Somebody does something to it, or changes what its deadlines depend on. */
  touch(at: Instant, reason: Reason | null = this.reason): void {
    this.touchedAt = at;
    // What does not run has no deadline that another calendar could move.
    const isRunning = this.all.some(([, { state }]) => state === "active");
    if (reason !== "calendar_change" || isRunning) this.reason = reason;
  }

  /** The deadlines by their names in the history; those that nobody can tell are not finite. */
  deadlines(): ReadonlyMap<string, Instant> {
    return new Map(this.running.map(([name, { dueAt, runsSince }]) => {
      return [`${name}Deadline`, dueAt <= runsSince ? PASSED : dueAt];
    }));
  }

  /** An edict has given it other deadlines than before. */
  noteMoved(before: ReadonlyMap<string, Instant>, at: Instant): void {
    const after = [...this.deadlines()];
    const known = after.filter(([, dueAt]) => Number.isFinite(dueAt));
    const vague = after.filter(([, dueAt]) => !Number.isFinite(dueAt)).map(([name]) => name);
    this.vague.set(at, new Set([...this.vague.get(at) ?? [], ...vague]));
    const moved = known.filter(([name, dueAt]) => before.get(name) !== dueAt)
      .map(([name, dueAt]) => [name, new Date(dueAt).toISOString()] as const);
    if (moved.length === 0) return;
    const details = { by: "edit of promises", reason: this.reason, ...Object.fromEntries(moved) };
    this.happened.push({ action: "updated", at, details });
  }

  /** What has just been counted counts for whoever has the ticket now, and as what it is now. */
  settleSamples(): void {
    const { kind, assignee } = this;
    const agentId = assignee?.agentId ?? null;
    this.samples.push(...this.#fresh.map((sample) => ({ ...sample, kind, agentId })));
    this.#fresh = [];
  }

  newClock(minutes: number, at: Instant): ModelClock {
    return new ModelClock(minutes, this.world.warningPercent, at, this.hours);
  }

  /** What was promised under another pair or anew; the calendar holds from now on. */
  retarget(promised: Promised, at: Instant): void {
    this.configuredCalendar = promised.calendarId;
    this.followCalendar(at);
    const { response, nextReply, resolution } = this.clocks;
    response.targetMinutes = promised.responseTime;
    resolution.targetMinutes = promised.resolutionTime;
    if (nextReply !== null && promised.nextReplyTime !== null) {
      nextReply.targetMinutes = promised.nextReplyTime;
    } else if (nextReply?.isOpen) nextReply.stop(at, "cancelled");
    this.nextReplyTime = promised.nextReplyTime;
    this.rules = promised.escalationRules;
  }

  /** The calendar that is its own by now, from now on; whether it is another. */
  followCalendar(at: Instant): boolean {
    const calendarId = this.world.book.calendarFor(this.kind, this.configuredCalendar);
    if (calendarId === this.calendarId) return false;
    this.calendarId = calendarId;
    for (const [, clock] of this.all) clock.move(at, this.hours);
    return true;
  }

  pause(at: Instant): void {
    if (!this.pauseOnPending) return;
    for (const [name, clock] of this.running) {
      if (name !== "response" && clock.state === "active") clock.stop(at, "paused");
    }
  }

  unpause(at: Instant): void {
    for (const [, clock] of this.running) clock.goOn(at, this.hours);
  }

  fulfil(name: ClockName, at: Instant): void {
    const clock = this.clocks[name];
    if (clock === null || !clock.isOpen) return;
    clock.stop(at, "fulfilled");
    this.count(name, clock, at, clock.met);
    const isRepeat = name === "resolution" && this.firstResolvedAt !== null;
    const measure = isRepeat ? "repeat" : MEASURED[name];
    const began = name === "nextReply" ? clock.startedAt : this.diary.openedAt;
    const rested = name === "resolution" ? this.restedMs : 0;
    this.sample(`${measure}_business`, at, clock.consumed());
    this.sample(`${measure}_wall`, at, at - began - rested);
  }

  /** Every stretch of a clock comes out once, met or broken. */
  count(name: ClockName, clock: ModelClock, at: Instant, isMet: boolean): void {
    if (this.counted.has(clock)) return;
    this.counted.add(clock);
    this.sample(`${MEASURED[name]}_${isMet ? "met" : "breached"}`, at, null);
  }

  sample(measure: Measure, at: Instant, milliseconds: number | null): void {
    this.#fresh.push({ measure, at, milliseconds });
  }

  /** What counts for another agent than the ticket's, or for what the ticket was before. */
  sampleOf(measure: Measure, at: Instant, kind: Kind, agentId: string | null): void {
    this.samples.push({ measure, at, milliseconds: null, kind, agentId });
  }

  cancel(name: ClockName, at: Instant): void {
    const clock = this.clocks[name];
    if (clock?.isOpen) clock.stop(at, "cancelled");
  }
}
