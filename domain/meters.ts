import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** How a transaction ended: with nothing to write, given up against others, or by a defect. */
export type TransactionOutcome = "committed" | "unchanged" | "refused" | "exhausted" | "failed";

/** How a run of a job ended: cut off, where another process has taken over or was left the rest. */
export type JobOutcome = "done" | "cut_off" | "failed";

/** A request as it is counted: by its route's pattern, of which there are few, never its path. */
export interface RequestLabels {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/** What is not counted when it happens but looked up when somebody asks. */
const LEVELS = {
  socketsOpen: ["desk_sockets_open", "WebSockets that this process holds."],
  feedLagSeconds: [
    "desk_feed_lag_seconds",
    "Zero while the newest entry of the feed has been relayed, else how long it has not been so.",
  ],
  queueLength: ["desk_queue_length", "Tickets that wait for an agent."],
  dueOverdue: [
    "desk_due_overdue",
    "Tickets that have come to a warning, a breach, a level or their closing that is yet to happen.",
  ],
  shiftsOverdue: [
    "desk_shifts_overdue",
    "Shifts that have come to a start, an end, a break or word of one that is yet to happen.",
  ],
  shiftPatternsOverdue: [
    "desk_shift_patterns_overdue",
    "Recurring shifts of which shifts are yet to be made, or cancelled.",
  ],
  departuresOverdue: [
    "desk_departures_overdue",
    "Agents who were not back in time, and whose tickets are yet to go back to the queue.",
  ],
} as const satisfies Record<string, readonly [name: string, help: string]>;

export type Level = keyof typeof LEVELS;

/**
 * What one process counts of itself since it started. Each store has meters of its own, handed to
 * whoever works with it. Counting takes well under a microsecond and nothing is read for it.
 */
export interface Meters {
  answered(request: RequestLabels, seconds: number): void;
  decided(outcome: TransactionOutcome, attempts: number, conflicts: number): void;
  /** A commit was made that holds so many transactions. */
  committed(transactions: number): void;
  /** An event went to so many sockets. */
  toldSockets(sockets: number): void;
  droppedSlowClient(): void;
  ranJob(job: string, outcome: JobOutcome, seconds: number): void;
  /** Says how to look a level up; a later word replaces an earlier one. */
  lookUp(level: Level, read: () => number | Promise<number>): void;
  /** Everything in the text format of Prometheus; a level that cannot be read is not a number. */
  render(): Promise<string>;
  /** The media type of that text. */
  readonly contentType: string;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const JOB_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64];

export function makeMeters(): Meters {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "desk_http_requests_total",
    help: "Requests that were answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  // Without the status: it would multiply the buckets and tell little more.
  const latencies = new Histogram({
    name: "desk_http_request_duration_seconds",
    help: "Time from a request's arrival to its answer.",
    labelNames: ["method", "route"],
    buckets: SECONDS,
    registers,
  });
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const transactions = new Counter({
    name: "desk_transactions_total",
    help: "Transactions that ended.",
    labelNames: ["outcome"],
    registers,
  });
  const attempts = counter(
    "desk_transaction_attempts_total",
    "Times that a transaction was decided; more than transactions are retries.",
  );
  const conflicts = counter(
    "desk_transaction_conflicts_total",
    "Attempts that lost to a change made meanwhile.",
  );
  const groupSizes = new Histogram({
    name: "desk_commit_transactions",
    help: "Transactions that shared one commit.",
    buckets: GROUP_SIZES,
    registers,
  });
  const told = counter("desk_socket_events_total", "Events sent, one for each socket.");
  const dropped = counter(
    "desk_slow_clients_dropped_total",
    "Sockets that were closed because their clients read too slowly.",
  );
  const jobRuns = new Counter({
    name: "desk_job_runs_total",
    help: "Runs of jobs that ended.",
    labelNames: ["job", "outcome"],
    registers,
  });
  const jobSeconds = new Histogram({
    name: "desk_job_duration_seconds",
    help: "Time that a run of a job took.",
    labelNames: ["job"],
    buckets: JOB_SECONDS,
    registers,
  });
  const lookUps = new Map<Level, () => number | Promise<number>>();
  for (const [level, [name, help]] of Object.entries(LEVELS)) {
    addLevel(registry, { name, help }, () => lookUps.get(level as Level)); // one of its own keys
  }
  let rendering: Promise<string> | null = null;

  return {
    answered({ method, route, status }, seconds) {
      requests.inc({ method, route, status });
      latencies.observe({ method, route }, seconds);
    },
    decided(outcome, attempted, conflicted) {
      transactions.inc({ outcome });
      attempts.inc(attempted);
      if (conflicted > 0) conflicts.inc(conflicted);
    },
    committed: (members) => groupSizes.observe(members),
    toldSockets: (sockets) => told.inc(sockets),
    droppedSlowClient: () => dropped.inc(),
    ranJob(job, outcome, seconds) {
      jobRuns.inc({ job, outcome });
      jobSeconds.observe({ job }, seconds);
    },
    lookUp(level, read) {
      lookUps.set(level, read);
    },
    render() {
      // Whoever asks while it is made shares it, so that a slow store is not asked ever more.
      rendering ??= registry.metrics().finally(() => rendering = null);
      return rendering;
    },
    contentType: registry.contentType,
  };
}

function addLevel(
  registry: Registry,
  about: { readonly name: string; readonly help: string },
  readerOf: () => (() => number | Promise<number>) | undefined,
): void {
  new Gauge({
    ...about,
    registers: [registry],
    async collect(): Promise<void> {
      try {
        this.set(await readerOf()?.() ?? 0);
      } catch {
        // The other figures are wanted all the more while the store does not answer.
        this.set(NaN);
      }
    },
  });
}
