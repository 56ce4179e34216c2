import type { Desk } from "../domain/services/desk.ts";
import { closeResolved } from "./close_resolved.ts";
import { deliverWebhooks } from "./deliver_webhooks.ts";
import { processWaiting } from "./process_queue.ts";
import { resumeIntents } from "./resume_intents.ts";
import { type Job, runJob } from "./job.ts";
import { sweepLimits } from "./sweep_limits.ts";

const EVERY_MINUTE = "* * * * *";
const EVERY_TEN_MINUTES = "*/10 * * * *";

const JOBS: readonly Job[] = [
  { name: "process-queue", schedule: EVERY_MINUTE, run: processWaiting },
  { name: "resume-intents", schedule: EVERY_MINUTE, run: resumeIntents },
  { name: "close-resolved", schedule: EVERY_TEN_MINUTES, run: closeResolved },
  { name: "sweep-limits", schedule: EVERY_MINUTE, run: sweepLimits },
  { name: "deliver-webhooks", schedule: EVERY_MINUTE, run: deliverWebhooks },
];

/** Registers every job. A run that fails is left to the next tick: all of them are idempotent. */
export function scheduleJobs(desk: Desk): void {
  for (const job of JOBS) {
    Deno.cron(job.name, job.schedule, { backoffSchedule: [] }, () => runJob(job, desk));
  }
}
