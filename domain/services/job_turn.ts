import { getLogger } from "@logtape/logtape";
import { type Instant, MINUTE_MS, SECOND_MS } from "../rules/time.ts";
import { type HeldSlot, takeSlot } from "../store/slot_lease.ts";
import { withFence } from "../store/store.ts";
import type { Desk } from "./desk.ts";

/** What all processes together do once in a while. */
export interface JobTurn {
  readonly name: string;
  /** Once in so long; null for what is due now, whatever was done before. */
  readonly periodMs: number | null;
}

/** How whoever waits for a turn waits. */
export interface Patience {
  /** Resolves after so long, or at once when the signal says so. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Whoever is told to stop leaves its turn to others. */
  readonly signal: AbortSignal;
}

/** Long against what clocks differ by and what a renewal takes, short against a minute. */
const TERMS = { forMs: 15 * SECOND_MS, leftMs: 10 * SECOND_MS };
const KEPT_EVERY_MS = 2 * SECOND_MS;

/** A schedule's tick comes at its instant or after it, but for what a clock is put right by. */
const TICK_EARLY_MAX_MS = 5 * SECOND_MS;
const LOOK_EVERY_MIN_MS = SECOND_MS;
/** Whoever asks for no slot waits no longer for one who died. */
const PATIENCE_MS = MINUTE_MS;

const log = getLogger(["desk", "jobs"]);

/**
 * Does the work unless another process does it, or has done it, in this period; true when it was
 * done here. Where that one dies it is taken over when its lease has ended, up to the end of the
 * period; the next tick does the rest. Everything that is committed through the desk that the work
 * gets is fenced by the lease: a process that was held up, and another took over, commits nothing any
 * more. Without the lease all work would still be done once: it saves double work, and no more. A
 * turn costs 1 read and 2 writes, and one write in 5 s that it takes; one that others took 1 or 2
 * reads.
 *
 * What goes on beyond a run, such as the timers between the ticks and the deliverer to webhooks, has
 * leases of its own and works with the desk that has no fence: each of its transactions reads again
 * what it is about, so that a second one of them finds everything done.
 */
export async function inTurn(
  desk: Desk,
  { name, periodMs }: JobTurn,
  work: (fenced: Desk) => Promise<void>,
  { pause, signal }: Patience,
): Promise<boolean> {
  const { store } = desk;
  const slot = periodMs === null ? null : slotAt(store.now(), periodMs);
  const until = slot === null || periodMs === null
    ? store.now() + PATIENCE_MS
    : (slot + 1) * periodMs - TICK_EARLY_MAX_MS;
  while (!signal.aborted) {
    const taken = await takeSlot(store, `job ${name}`, slot, TERMS);
    if (!("why" in taken)) {
      await runHeld(desk, taken, work, signal);
      return true;
    }
    const waitMs = taken.why === "done"
      ? Infinity
      : Math.max(taken.until - store.now(), LOOK_EVERY_MIN_MS);
    if (store.now() + waitMs >= until) return false;
    await pause(waitMs);
  }
  return false;
}

/** The period that a tick belongs to, by its process's own clock. */
function slotAt(now: Instant, periodMs: number): number {
  return Math.floor((now + TICK_EARLY_MAX_MS) / periodMs);
}

async function runHeld(
  desk: Desk,
  lease: HeldSlot,
  work: (fenced: Desk) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const keep = (): void => {
    // That it could not be renewed shows at the next commit at the latest.
    lease.keep().catch((error) => log.warn("Cannot renew a lease: {error}", { error }));
  };
  const giveUp = (): void => lease.giveUp();
  const timer = setInterval(keep, KEPT_EVERY_MS);
  signal.addEventListener("abort", giveUp);
  if (signal.aborted) giveUp();
  try {
    await work({ ...desk, store: withFence(desk.store, lease) });
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", giveUp);
    await lease.end();
  }
}
