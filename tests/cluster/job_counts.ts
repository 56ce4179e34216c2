import { MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";

/** How often each job ran in each minute, over all processes, by what these log. */
export interface JobCounts {
  readonly hear: (line: string) => void;
  /** A line for each job, of the minutes that were seen from their beginning. */
  report(): string[];
}

/** Within this time of the minute every process has done its jobs, or left them to another. */
const DONE_WITHIN_MS = 15 * SECOND_MS;

export function makeJobCounts(): JobCounts {
  const startedAt = Date.now();
  const runs = new Map<string, Map<number, number>>();
  return {
    hear(line) {
      // Nearly all lines are of requests, which are many.
      if (!line.includes('"logger":"desk.jobs"')) return;
      const { "@timestamp": at, message, job } = JSON.parse(line);
      if (!message.endsWith(" done")) return;
      const minute = Math.floor(Date.parse(at) / MINUTE_MS);
      const counts = runs.get(job) ?? new Map<number, number>();
      runs.set(job, counts.set(minute, (counts.get(minute) ?? 0) + 1));
    },
    report() {
      const first = Math.ceil(startedAt / MINUTE_MS);
      const last = Math.floor((Date.now() - DONE_WITHIN_MS) / MINUTE_MS);
      const minutes = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const lines = [...runs].sort().map(([job, counts]) =>
        `  ${job}: ${minutes.map((minute) => counts.get(minute) ?? 0).join(", ")}`
      );
      return [`Runs of each job in ${minutes.length} minutes, over all processes:`, ...lines];
    },
  };
}
