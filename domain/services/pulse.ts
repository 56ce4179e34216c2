import { type Instant, MINUTE_MS } from "../rules/time.ts";

/** Whether the platform's schedule still comes to this process's jobs; failures show elsewhere. */
export interface Pulse {
  /** A job has had its tick, be it that another process runs it. */
  beat(): void;
  /** Whether one has had it lately; a process that has just begun is taken to be alive. */
  isAlive(): boolean;
}

/** Several jobs are due each minute: this long without any of them is two ticks of each. */
export const SILENCE_MAX_MS = 2 * MINUTE_MS;

export function makePulse(now: () => Instant): Pulse {
  let heardAt = now();
  return {
    beat() {
      heardAt = now();
    },
    isAlive: () => now() - heardAt <= SILENCE_MAX_MS,
  };
}
