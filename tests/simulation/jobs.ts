import { HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { firstDue, sweepDue } from "../../domain/services/sla_sweep.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { slaSweep } from "../../jobs/sla_sweep.ts";
import { dyingAfter } from "../support/interruption.ts";
import type { FakeClock } from "../support/time.ts";
import type { Chance } from "./chance.ts";

/** Announcements need not be carried out at once: what is told is dated by what it tells. */
const RESUMES_EVERY_MS = 12 * HOUR_MS;
const PACKS_EVERY_MS = 12 * HOUR_MS;
/** A job that dies has committed so much at most. */
const COMMITS_MAX = 12;
/** What is cut off again and again is done in the end. */
const TRIES_MAX = 100;

/** What the desk does by itself every minute, when there is something to do; not always in time. */
export class Jobs {
  readonly #desk: Desk;
  readonly #clock: FakeClock;
  readonly #chance: Chance;
  #outUntil: Instant = 0;
  #resumesAt: Instant = Infinity;
  #sweptAt: Instant = 0;
  #packsAt: Instant = 0;

  constructor(desk: Desk, clock: FakeClock, chance: Chance) {
    [this.#desk, this.#clock, this.#chance] = [desk, clock, chance];
  }

  /** Somebody wanted something done over many tickets: at the next minute, or a later one. */
  expectIntents(): void {
    const late = this.#chance.percent(30) ? this.#chance.between(1, 90) : 0;
    const at = minuteAfter(this.#clock.now()) + late * MINUTE_MS;
    this.#resumesAt = Math.min(this.#resumesAt, at);
  }

  rest(until: Instant): void {
    this.#outUntil = Math.max(this.#outUntil, until);
  }

  /** The next minute at which something is due. */
  async nextAt(): Promise<Instant> {
    const due = await firstDue(this.#desk.store) ?? Infinity;
    const sweeps = minuteAfter(Math.max(due, this.#sweptAt));
    return Math.max(Math.min(sweeps, this.#resumesAt), this.#outUntil, this.#clock.now());
  }

  async run(): Promise<void> {
    const now = this.#clock.now();
    if (this.#chance.percent(0.5)) {
      this.#outUntil = minuteAfter(now) + this.#chance.between(60, 200) * MINUTE_MS;
      return;
    }
    this.#sweptAt = now;
    await this.sweep();
    if (this.#packsAt <= now) await this.#pack(now);
    if (this.#resumesAt <= now) {
      this.#resumesAt = now - now % RESUMES_EVERY_MS + RESUMES_EVERY_MS;
      await this.#resume();
    }
  }

  /** One sweep, or several at once, or one that dies over it. */
  async sweep(): Promise<void> {
    const desk = this.#desk;
    const commits = this.#chance.between(0, COMMITS_MAX);
    await this.#chance.weigh<() => Promise<unknown>>([
      [80, () => slaSweep(desk)],
      [6, () => Promise.all([slaSweep(desk), slaSweep(desk)])],
      [6, () => Promise.all([sweepDue(desk), sweepDue(desk), sweepDue(desk)])],
      [4, () => dead(slaSweep(dyingAfter(desk, commits)))],
      [4, () => Promise.all([dead(sweepDue(dyingAfter(desk, commits))), sweepDue(desk)])],
    ])();
  }

  /** At the end everything is done that is due. */
  async finish(): Promise<void> {
    // The lease of a dead one runs out.
    await sweepDue(this.#desk);
    await resumeIntents(this.#desk);
    await sweepDue(this.#desk);
    await resumeIntents(this.#desk);
  }

  /** What was measured is packed: by one or two at once, or by one that dies over it. */
  async #pack(now: Instant): Promise<void> {
    this.#packsAt = now + this.#chance.between(1, PACKS_EVERY_MS);
    const commits = this.#chance.between(0, COMMITS_MAX);
    if (this.#chance.percent(20)) await dead(packMetrics(dyingAfter(this.#desk, commits)));
    const runs = this.#chance.percent(20) ? 2 : 1;
    await Promise.all(Array.from({ length: runs }, () => packMetrics(this.#desk)));
  }

  async #resume(): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX && this.#chance.percent(30); tries++) {
      const commits = this.#chance.between(0, COMMITS_MAX);
      await dead(resumeIntents(dyingAfter(this.#desk, commits)));
      // Somebody goes on later, and much may be done until then.
      if (this.#chance.percent(20)) return this.expectIntents();
    }
    const runs = this.#chance.percent(10) ? 2 : 1;
    await Promise.all(Array.from({ length: runs }, () => resumeIntents(this.#desk)));
  }
}

/** What a process that dies says is of no interest; what it left undone, another one does. */
async function dead(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!String(error).includes("died") && !isDeadWithin(error)) throw error;
  }
}

function isDeadWithin(error: unknown): boolean {
  return error instanceof AggregateError &&
    error.errors.every((each) => String(each).includes("died"));
}

function minuteAfter(at: Instant): Instant {
  return Number.isFinite(at) ? at - at % MINUTE_MS + MINUTE_MS : at;
}
