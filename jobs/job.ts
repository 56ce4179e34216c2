import { getLogger } from "@logtape/logtape";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { SECOND_MS } from "../domain/rules/time.ts";
import type { Desk } from "../domain/services/desk.ts";

export interface Job {
  readonly name: string;
  /** Five fields, UTC. */
  readonly schedule: string;
  /** Does what is due and says in figures what it did. */
  run(desk: Desk): Promise<Readonly<Record<string, number>>>;
}

const log = getLogger(["desk", "jobs"]);
const tracer = trace.getTracer("smart-ticketing");

/**
 * Runs a job, in a span of its own, counts the run and logs one line about it; a failure is logged
 * and goes no further.
 */
export async function runJob(job: Job, desk: Desk): Promise<void> {
  const startedAt = performance.now();
  const outcome = await tracer.startActiveSpan(`job ${job.name}`, async (span) => {
    try {
      const figures = await job.run(desk);
      const milliseconds = Math.round(performance.now() - startedAt);
      log.info("Job {job} done", { job: job.name, milliseconds, ...figures });
      span.setAttributes(figures);
      return "done";
    } catch (error) {
      log.error("Job {job} failed: {error}", { job: job.name, error });
      span.setStatus({ code: SpanStatusCode.ERROR });
      return "failed";
    } finally {
      span.end();
    }
  });
  desk.pulse.beat();
  const seconds = (performance.now() - startedAt) / SECOND_MS;
  desk.store.meters.ranJob(job.name, outcome, seconds);
}
