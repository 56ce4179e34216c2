import { type Instant, MINUTE_MS } from "../rules/time.ts";

/** Whether the platform's schedule still runs this process's jobs; failures show elsewhere. */
export interface Pulse {
  /** A job has run. */
  beat(): void;
  /** Whether one has run lately; a process that has just begun is taken to be alive. */
  isAlive(): boolean;
}

/** Several jobs run each minute: this long without any of them is two that each was due. */
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
