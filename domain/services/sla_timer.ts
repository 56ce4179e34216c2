import { getLogger } from "@logtape/logtape";
import { SECOND_MS } from "../rules/time.ts";
import type { Desk } from "./desk.ts";
import { firstDue, sweepAlone } from "./sla_sweep.ts";

/** At the latest; what becomes due sooner by a commit, of whatever process, is seen by then. */
const LOOK_EVERY_MS = SECOND_MS;
/** At the soonest: what is due in the same moment is swept together. */
const LOOK_AFTER_MS = 10;

const log = getLogger(["desk", "sla"]);

/**
 * Sweeps at the instant at which something next becomes due, so that a live desk need not wait for
 * the minute's job. Costs one small read a second while nothing is.
 */
export function startSlaTimer(desk: Desk): { stop(): Promise<void> } {
  const { store } = desk;
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
      await sweepAlone(desk, () => !isStopped);
      const first = await firstDue(store);
      const ahead = first === null ? LOOK_EVERY_MS : first + 1 - store.now();
      // What stays due although it was swept is looked at again in a second, not at once.
      if (ahead > 0) wait = Math.min(LOOK_EVERY_MS, Math.max(LOOK_AFTER_MS, ahead));
    } catch (error) {
      log.error("Cannot sweep: {error}", { error });
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
