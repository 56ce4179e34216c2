/** How often each job ran in each minute, over all processes, by what these log. */
export interface JobCounts {
  readonly hear: (line: string) => void;
  /** A line for each job, of the whole minutes that were seen. */
  report(): string[];
}

const MINUTE_LENGTH = "2026-01-01T00:00".length;

export function makeJobCounts(): JobCounts {
  const runs = new Map<string, Map<string, number>>();
  const minutes = new Set<string>();
  return {
    hear(line) {
      // Nearly all lines are of requests, which are many.
      if (!line.includes('"logger":"desk.jobs"')) return;
      const { "@timestamp": at, message, job } = JSON.parse(line);
      const minute = at.slice(0, MINUTE_LENGTH);
      minutes.add(minute);
      if (!message.endsWith(" done")) return;
      const counts = runs.get(job) ?? new Map<string, number>();
      runs.set(job, counts.set(minute, (counts.get(minute) ?? 0) + 1));
    },
    report() {
      // The first and the last one are parts of minutes.
      const whole = [...minutes].sort().slice(1, -1);
      const lines = [...runs].sort().map(([job, counts]) =>
        `  ${job}: ${whole.map((minute) => counts.get(minute) ?? 0).join(", ")}`
      );
      return [`Runs of each job in ${whole.length} whole minutes, over all processes:`, ...lines];
    },
  };
}
