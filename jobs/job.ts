import { getLogger } from "@logtape/logtape";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { SECOND_MS } from "../domain/rules/time.ts";
import type { Desk } from "../domain/services/desk.ts";
import { inTurn, type Patience } from "../domain/services/job_turn.ts";
import { faultLevel } from "../domain/services/fault_level.ts";

export interface Job {
  readonly name: string;
  /** Five fields, UTC. */
  readonly schedule: string;
  /** Does what is due and says in figures what it did. */
  run(desk: Desk): Promise<Readonly<Record<string, number>>>;
}

/** A job, and how long it is from one instant of its schedule to the next. */
export interface ScheduledJob extends Job {
  readonly periodMs: number;
}

const log = getLogger(["desk", "jobs"]);
const tracer = trace.getTracer("smart-ticketing");

/**
 * Runs a job as one of several processes that do so at the same time: of all of them one runs it in
 * each period. `periodMs` null runs it now, unless it is being run. Never rejects: what goes wrong is
 * logged and left to the next tick.
 */
export async function runJobInTurn(
  job: Pick<ScheduledJob, "name" | "run"> & { readonly periodMs: number | null },
  desk: Desk,
  patience: Patience,
): Promise<void> {
  // The schedule works, whoever runs the job.
  desk.pulse.beat();
  try {
    const hasRun = await inTurn(desk, job, (fenced) => runJob(job, fenced), patience);
    if (!hasRun) log.debug("Job {job} is run by another process", { job: job.name });
  } catch (error) {
    log[faultLevel(error)]("Job {job} cannot have its turn: {error}", { job: job.name, error });
  }
}

/**
 * Runs a job, in a span of its own, counts the run and logs one line about it; a failure is logged
 * and goes no further. Cut off is what another process has taken over, or is left to one.
 */
export async function runJob(job: Pick<Job, "name" | "run">, desk: Desk): Promise<void> {
  const startedAt = performance.now();
  const outcome = await tracer.startActiveSpan(`job ${job.name}`, async (span) => {
    try {
      const figures = await job.run(desk);
      span.setAttributes(figures);
      const milliseconds = Math.round(performance.now() - startedAt);
      const line = { job: job.name, milliseconds, ...figures };
      const why = desk.store.fence?.refusal ?? null;
      if (why === null) log.info("Job {job} done", line);
      else log.warn("Job {job} cut off: {why}", { ...line, why: why.detail });
      return why === null ? "done" : "cut_off";
    } catch (error) {
      log[faultLevel(error)]("Job {job} failed: {error}", { job: job.name, error });
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
