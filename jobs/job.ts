import { getLogger } from "@logtape/logtape";
import type { Desk } from "../domain/services/desk.ts";

export interface Job {
  readonly name: string;
  /** Five fields, UTC. */
  readonly schedule: string;
  /** Does what is due and says in figures what it did. */
  run(desk: Desk): Promise<Readonly<Record<string, number>>>;
}

const log = getLogger(["desk", "jobs"]);

/** Runs a job and logs one line about it; a failure is logged and goes no further. */
export async function runJob(job: Job, desk: Desk): Promise<void> {
  const startedAt = performance.now();
  try {
    const figures = await job.run(desk);
    const milliseconds = Math.round(performance.now() - startedAt);
    log.info("Job {job} done", { job: job.name, milliseconds, ...figures });
  } catch (error) {
    log.error("Job {job} failed: {error}", { job: job.name, error });
  }
}
