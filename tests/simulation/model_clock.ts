import type { Hours } from "../../domain/rules/calendar.ts";
import type { Instant } from "../../domain/rules/time.ts";
import { afterOpen, openBetween } from "./model_hours.ts";

const MINUTE = 60_000;

/** For as long as the clock ran by the same hours. */
interface Stretch {
  readonly from: Instant;
  to: Instant | null;
  hours: Hours;
}

/** Before the stretch that runs, and therefore before now. */
export const PASSED = -Infinity;
/** Not as long as the clock stands still. */
export const NEVER = Infinity;

/** A promise as the list of stretches for which it ran, from which all is worked out anew. */
export class ModelClock {
  readonly startedAt: Instant;
  readonly stretches: Stretch[] = [];
  targetMinutes: number;
  state: "active" | "paused" | "fulfilled" | "cancelled" = "active";
  fulfilledAt: Instant | null = null;
  met = false;
  warnedAt: Instant | null = null;
  breachedAt: Instant | null = null;
  readonly #warningPercent: number;

  constructor(targetMinutes: number, warningPercent: number, at: Instant, hours: Hours) {
    this.targetMinutes = targetMinutes;
    this.#warningPercent = warningPercent;
    this.startedAt = at;
    this.stretches.push({ from: at, to: null, hours });
  }

  get isOpen(): boolean {
    return this.state === "active" || this.state === "paused";
  }

  /** When the stretch began that runs now. */
  get runsSince(): Instant {
    return this.stretches.find(({ to }) => to === null)?.from ?? NEVER;
  }

  get warnsAt(): Instant {
    return this.reaches(Math.round(this.targetMinutes * MINUTE * this.#warningPercent / 100));
  }

  get dueAt(): Instant {
    return this.reaches(this.targetMinutes * MINUTE);
  }

  /** What was used up before the stretch that runs now. */
  consumed(): number {
    return this.stretches.reduce(
      (sum, { from, to, hours }) => to === null ? sum : sum + openBetween(hours, from, to),
      0,
    );
  }

  /** When so many milliseconds are used up. */
  reaches(amount: number): Instant {
    const running = this.stretches.find(({ to }) => to === null);
    const before = this.consumed();
    if (before > amount) return PASSED;
    return running === undefined ? NEVER : afterOpen(running.hours, running.from, amount - before);
  }

  stop(at: Instant, state: "paused" | "fulfilled" | "cancelled"): void {
    for (const stretch of this.stretches) stretch.to ??= at;
    this.state = state;
    if (state === "fulfilled") {
      this.fulfilledAt = at;
      this.met = this.breachedAt === null;
    }
  }

  goOn(at: Instant, hours: Hours): void {
    if (this.state === "active") return;
    this.stretches.push({ from: at, to: null, hours });
    this.state = "active";
    this.fulfilledAt = null;
  }

  /** Other hours from now on; what ran before ran by those that held then. */
  move(at: Instant, hours: Hours): void {
    if (this.state !== "active") return;
    for (const stretch of this.stretches) stretch.to ??= at;
    this.stretches.push({ from: at, to: null, hours });
  }

  /** The hours were others all the time that it has been running. */
  correct(hours: Hours): void {
    for (const stretch of this.stretches) if (stretch.to === null) stretch.hours = hours;
  }
}
