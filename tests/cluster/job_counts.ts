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
      const minute = /"@timestamp":"([^"]+)"/.exec(line)?.[1]?.slice(0, MINUTE_LENGTH);
      if (minute === undefined) return;
      minutes.add(minute);
      const job = /"message":"Job [^"]* done"/.test(line) && /"job":"([^"]+)"/.exec(line)?.[1];
      if (!job) return;
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
