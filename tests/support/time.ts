import type { Instant } from "../../domain/rules/time.ts";
import type { Sources } from "../../domain/store/store.ts";

/** A clock that stands still until it is moved. */
export interface FakeClock {
  now(): Instant;
  advance(milliseconds: number): void;
}

export const START: Instant = Date.UTC(2026, 0, 5, 9);

export function fakeClock(start: Instant = START): FakeClock {
  let at = start;
  return {
    now: () => at,
    advance(milliseconds): void {
      at += milliseconds;
    },
  };
}

/** Time from the clock, and ids that tell it and count, in the form of a UUID of version 7. */
export function countedSources(clock: FakeClock): Sources {
  let count = 0;
  return {
    now: clock.now,
    newId(): string {
      count += 1;
      const time = clock.now().toString(16).padStart(12, "0");
      const tail = count.toString(16).padStart(12, "0");
      return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
    },
  };
}
