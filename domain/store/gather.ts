/** Does the same work for everybody who rings, at once when it was quiet, else together. */
export interface Gatherer {
  ring(): void;
  /** Resolves once the work is done for everybody who has rung. */
  idle(): Promise<void>;
}

/**
 * Runs `work` when it is rung for, never twice at a time and never again before `gatherMs` have
 * passed since it ended: on a quiet desk nobody waits, and a busy one pays once for many. `work`
 * must not reject.
 */
export function makeGatherer(work: () => Promise<void>, gatherMs: number): Gatherer {
  let running: Promise<void> | null = null;
  let hasRung = false;
  let endedAt = -Infinity;

  async function run(): Promise<void> {
    while (hasRung) {
      const waitMs = endedAt + gatherMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      hasRung = false;
      await work();
      endedAt = performance.now();
    }
    running = null;
  }

  return {
    ring() {
      hasRung = true;
      running ??= run();
    },
    async idle() {
      while (running !== null) await running;
    },
  };
}
