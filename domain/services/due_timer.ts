import { getLogger } from "@logtape/logtape";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import type { Desk } from "./desk.ts";
import { faultLevel } from "./fault_level.ts";

/** What becomes due by itself. */
export interface DueWork {
  readonly name: string;
  /** Does what is due as long as it goes on, unless another process is at it. */
  sweep(goesOn: () => boolean): Promise<unknown>;
  /** When something is due next; null when nothing is. */
  firstDue(): Promise<Instant | null>;
}

/** At the latest; what becomes due sooner by a commit, of whatever process, is seen by then. */
const LOOK_EVERY_MS = SECOND_MS;
/** At the soonest: what is due in the same moment is swept together. */
const LOOK_AFTER_MS = 10;

const log = getLogger(["desk", "due"]);

/**
 * Sweeps at the instant at which something next becomes due, so that a live desk need not wait for
 * the minute's job. Costs one look a second while nothing is. It outlives every run of that job, so it
 * is given a desk that no lease of a job fences: sweeps have a lease of their own, and each thing that
 * happens is decided anew by the transaction that commits it, so that one beside the job, or one that
 * slept, finds it done.
 */
export function startDueTimer(desk: Desk, work: DueWork): { stop(): Promise<void> } {
  let isStopped = false;
  let running = Promise.resolve();
  let timer = arm(LOOK_AFTER_MS);

  function arm(milliseconds: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      running = look();
    }, milliseconds);
  }

  async function look(): Promise<void> {
    let wait = LOOK_EVERY_MS;
    try {
      await work.sweep(() => !isStopped);
      const first = await work.firstDue();
      const ahead = first === null ? LOOK_EVERY_MS : first + 1 - desk.store.now();
      // What stays due although it was swept is looked at again in a second, not at once.
      if (ahead > 0) wait = Math.min(LOOK_EVERY_MS, Math.max(LOOK_AFTER_MS, ahead));
    } catch (error) {
      log[faultLevel(error)]("Cannot sweep {name}: {error}", { name: work.name, error });
    }
    if (!isStopped) timer = arm(wait);
  }

  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
