import type { Desk } from "../domain/services/desk.ts";
import { startShiftTimer } from "../domain/services/shift_timer.ts";
import { startSlaTimer } from "../domain/services/sla_timer.ts";
import { deliverWebhooks } from "./deliver_webhooks.ts";
import { packMetrics } from "./pack_metrics.ts";
import { processWaiting } from "./process_queue.ts";
import { pruneFeed } from "./prune_feed.ts";
import { resumeIntents } from "./resume_intents.ts";
import { type Job, runJob } from "./job.ts";
import { shiftRollover } from "./shift_rollover.ts";
import { slaSweep } from "./sla_sweep.ts";
import { sweepLimits } from "./sweep_limits.ts";

const EVERY_MINUTE = "* * * * *";
const EVERY_TEN_MINUTES = "*/10 * * * *";

const RESUME_INTENTS: Job = { name: "resume-intents", schedule: EVERY_MINUTE, run: resumeIntents };

const JOBS: readonly Job[] = [
  { name: "process-queue", schedule: EVERY_MINUTE, run: processWaiting },
  RESUME_INTENTS,
  { name: "sla-sweep", schedule: EVERY_MINUTE, run: slaSweep },
  { name: "shift-rollover", schedule: EVERY_MINUTE, run: shiftRollover },
  { name: "pack-metrics", schedule: EVERY_TEN_MINUTES, run: packMetrics },
  { name: "prune-feed", schedule: EVERY_TEN_MINUTES, run: pruneFeed },
  { name: "sweep-limits", schedule: EVERY_MINUTE, run: sweepLimits },
  { name: "deliver-webhooks", schedule: EVERY_MINUTE, run: deliverWebhooks },
];

/** What goes on between the ticks of the jobs. */
interface Schedule {
  stop(): Promise<void>;
}

/**
 * Registers every job, and looks after what becomes due between their ticks. A run that fails is
 * left to the next tick: all of them are idempotent.
 */
export function scheduleJobs(desk: Desk): Schedule {
  for (const job of JOBS) {
    Deno.cron(job.name, job.schedule, { backoffSchedule: [] }, () => runJob(job, desk));
  }
  // What a process left when it was killed goes on at once.
  void runJob(RESUME_INTENTS, desk);
  const timers = [startSlaTimer(desk), startShiftTimer(desk)];
  return {
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
    },
  };
}
