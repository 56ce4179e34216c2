import { HOUR_MS, MINUTE_MS } from "../domain/rules/time.ts";
import type { Desk } from "../domain/services/desk.ts";
import { startShiftTimer } from "../domain/services/shift_timer.ts";
import { PACKED_EVERY_MS } from "../domain/services/sla_packing.ts";
import { startSlaTimer } from "../domain/services/sla_timer.ts";
import { deliverWebhooks } from "./deliver_webhooks.ts";
import { learnCategories } from "./learn_categories.ts";
import { optimizeQueue } from "./optimize.ts";
import { packMetrics } from "./pack_metrics.ts";
import { predict } from "./predict.ts";
import { processWaiting } from "./process_queue.ts";
import { pruneFeed } from "./prune_feed.ts";
import { rebalanceWork } from "./rebalance.ts";
import { resumeIntents } from "./resume_intents.ts";
import { runJobInTurn, type ScheduledJob } from "./job.ts";
import { shiftRollover } from "./shift_rollover.ts";
import { slaSweep } from "./sla_sweep.ts";
import { sweepLimits } from "./sweep_limits.ts";

const EVERY_MINUTE = { schedule: "* * * * *", periodMs: MINUTE_MS };
const AS_OFTEN_AS_PACKED = { schedule: "*/10 * * * *", periodMs: PACKED_EVERY_MS };
const EVERY_TEN_MINUTES = { schedule: "*/10 * * * *", periodMs: 10 * MINUTE_MS };
/** By then the hour before has been packed. */
const QUARTER_PAST = { schedule: "15 * * * *", periodMs: HOUR_MS };
const EVERY_QUARTER = { schedule: "*/15 * * * *", periodMs: 15 * MINUTE_MS };

const RESUME_INTENTS: ScheduledJob = {
  name: "resume-intents",
  ...EVERY_MINUTE,
  run: resumeIntents,
};

const PACK_METRICS: ScheduledJob = {
  name: "pack-metrics",
  ...AS_OFTEN_AS_PACKED,
  run: packMetrics,
};

export const JOBS: readonly ScheduledJob[] = [
  { name: "learn-categories", ...EVERY_TEN_MINUTES, run: learnCategories },
  { name: "process-queue", ...EVERY_MINUTE, run: processWaiting },
  RESUME_INTENTS,
  { name: "sla-sweep", ...EVERY_MINUTE, run: slaSweep },
  { name: "shift-rollover", ...EVERY_MINUTE, run: shiftRollover },
  PACK_METRICS,
  { name: "prune-feed", ...EVERY_TEN_MINUTES, run: pruneFeed },
  { name: "sweep-limits", ...EVERY_MINUTE, run: sweepLimits },
  { name: "deliver-webhooks", ...EVERY_MINUTE, run: deliverWebhooks },
  { name: "predict", ...QUARTER_PAST, run: predict },
];

/** These run only where the configuration says so. */
export const BALANCING_JOBS: Readonly<Record<keyof Desk["config"]["balancing"], ScheduledJob>> = {
  rebalances: { name: "rebalance", ...EVERY_QUARTER, run: rebalanceWork },
  optimizes: { name: "optimize", ...EVERY_QUARTER, run: optimizeQueue },
};

/** What runs on a desk of this configuration. */
export function jobsFor({ balancing }: Pick<Desk["config"], "balancing">): ScheduledJob[] {
  const { rebalances, optimizes } = BALANCING_JOBS;
  return [
    ...JOBS,
    ...(balancing.rebalances ? [rebalances] : []),
    ...(balancing.optimizes ? [optimizes] : []),
  ];
}

/** What goes on between the ticks of the jobs. */
interface Schedule {
  /** Breaks off what runs, which another process goes on with, and resolves once it has ended. */
  stop(): Promise<void>;
}

/**
 * Registers every job, each of which one of all processes runs in its turn, and looks after what
 * becomes due between their ticks. A run that fails is left to the next tick: all of them are
 * idempotent.
 */
export function scheduleJobs(desk: Desk): Schedule {
  const stopping = new AbortController();
  const patience = { pause: pauseUntil(stopping.signal), signal: stopping.signal };
  const running = new Set<Promise<void>>();
  const run = (job: Parameters<typeof runJobInTurn>[0]): Promise<void> => {
    const run = runJobInTurn(job, desk, patience).finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  for (const job of jobsFor(desk.config)) {
    Deno.cron(job.name, job.schedule, { backoffSchedule: [] }, () => run(job));
  }
  // What a process left when it was killed goes on at once, though a run of this minute be over, and
  // so do the figures of a desk that stood still; not beside another process that is at it, or when
  // many start together.
  for (const job of [RESUME_INTENTS, PACK_METRICS]) void run({ ...job, periodMs: null });
  const timers = [startSlaTimer(desk), startShiftTimer(desk)];
  return {
    async stop() {
      stopping.abort();
      await Promise.all([...running, ...timers.map((timer) => timer.stop())]);
    },
  };
}

/** Waits so long, and no longer than until the signal. */
function pauseUntil(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  return (milliseconds) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener("abort", end);
    });
}
