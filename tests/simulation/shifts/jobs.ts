import { type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import type { Desk } from "../../../domain/services/desk.ts";
import { firstShiftDue, rollOver } from "../../../domain/services/shift_rollover.ts";
import { processWaiting } from "../../../jobs/process_queue.ts";
import { resumeIntents } from "../../../jobs/resume_intents.ts";
import { shiftRollover } from "../../../jobs/shift_rollover.ts";
import { dyingAfter } from "../../support/interruption.ts";
import type { FakeClock } from "../../support/time.ts";
import type { Chance } from "../chance.ts";

/** A rollover that dies has committed so much at most. */
const COMMITS_MAX = 6;
/** So often in a thousand minutes nothing goes on by itself for hours, or for some minutes. */
const OUT_FOR_HOURS = 0.8;
const OUT_FOR_MINUTES = 6;

/**
 * When the rollover of a minute comes: before what people do in it, beside it, after it, some time
 * later in the minute, or not at all.
 */
export type Turn = "before" | "beside" | "after" | "later" | "out";

/** What the desk does by itself every minute; not always in time, not always once. */
export class Jobs {
  /** When all that was due had been done, in the order of time. */
  readonly ranAt: Instant[] = [];
  readonly #desk: Desk;
  readonly #clock: FakeClock;
  readonly #chance: Chance;
  #outUntil: Instant = 0;

  constructor(desk: Desk, clock: FakeClock, chance: Chance) {
    [this.#desk, this.#clock, this.#chance] = [desk, clock, chance];
  }

  /** Whether something may be overdue. */
  get isOut(): boolean {
    return this.#clock.now() < this.#outUntil;
  }

  nextTurn(): Turn {
    const chance = this.#chance;
    if (this.isOut) return "out";
    if (chance.percent(OUT_FOR_HOURS / 10)) return this.#goOut(chance.between(20, 240));
    if (chance.percent(OUT_FOR_MINUTES / 10)) return this.#goOut(chance.between(1, 12));
    return chance.weigh<Turn>([[60, "before"], [10, "beside"], [15, "after"], [15, "later"]]);
  }

  #goOut(minutes: number): Turn {
    this.#outUntil = this.#clock.now() + minutes * MINUTE_MS;
    return "out";
  }

  /** One rollover, or several at once, or one that dies over it. */
  async rollOver(): Promise<void> {
    const [desk, chance] = [this.#desk, this.#chance];
    const due = await firstShiftDue(desk.store);
    if (due !== null && due <= this.#clock.now()) {
      const commits = chance.between(0, COMMITS_MAX);
      const isDone = await chance.weigh<() => Promise<boolean>>([
        [78, () => done(shiftRollover(desk))],
        [6, () => done(Promise.all([shiftRollover(desk), shiftRollover(desk)]))],
        [6, () => done(Promise.all([rollOver(desk), rollOver(desk), rollOver(desk)]))],
        [3, () => died(shiftRollover(dyingAfter(desk, commits)))],
        [3, async () => {
          await died(rollOver(dyingAfter(desk, commits)));
          return await done(rollOver(desk));
        }],
        [4, () => done(Promise.all([died(rollOver(dyingAfter(desk, commits))), rollOver(desk)]))],
      ])();
      if (!isDone) {
        // Its lease runs out before the next minute comes.
        this.#goOut(1);
        return;
      }
    }
    this.ranAt.push(this.#clock.now());
  }

  /** The queue's job, where something waits. */
  async route(): Promise<void> {
    if (this.isOut) return;
    const { reader } = this.#desk.store;
    for await (const _ of reader.list({ prefix: ["queue"] }, { limit: 1 })) {
      await processWaiting(this.#desk);
    }
  }

  async resume(): Promise<void> {
    const desk = this.#desk;
    if (this.#chance.percent(10)) {
      await died(resumeIntents(dyingAfter(desk, this.#chance.between(0, COMMITS_MAX))));
    }
    const runs = this.#chance.percent(10) ? 2 : 1;
    await Promise.all(Array.from({ length: runs }, () => resumeIntents(desk)));
  }

  /** At the end everything is done that is due. */
  async finish(): Promise<void> {
    this.#outUntil = 0;
    await rollOver(this.#desk);
    this.ranAt.push(this.#clock.now());
    await resumeIntents(this.#desk);
  }
}

async function done(work: Promise<unknown>): Promise<true> {
  await work;
  return true;
}

/** What a process that dies says is of no interest; what it left undone, another one does. */
async function died(work: Promise<unknown>): Promise<false> {
  try {
    await work;
  } catch (error) {
    if (!String(error).includes("died") && !isDeadWithin(error)) throw error;
  }
  return false;
}

function isDeadWithin(error: unknown): boolean {
  return error instanceof AggregateError &&
    error.errors.every((each) => String(each).includes("died"));
}
