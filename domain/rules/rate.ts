import { type Instant, MINUTE_MS } from "./time.ts";

/** Attempts are counted by the minute of the clock. */
export const WINDOW_MS = MINUTE_MS;

/** How many there were in the window that runs, and in the whole one before it. */
export interface WindowCounts {
  readonly previous: number;
  readonly current: number;
}

/** Which window an instant is in. */
export function windowOf(at: Instant): number {
  return Math.floor(at / WINDOW_MS);
}

/**
 * How many milliseconds until one more attempt fits into the limit; 0 when it does now. The window
 * before counts by the share of it that the last minute still covers, as if its attempts had been
 * spread evenly: so the edge of a window lets nobody have two limits at once.
 */
export function waitMs({ previous, current }: WindowCounts, limit: number, at: Instant): number {
  const elapsed = at % WINDOW_MS;
  const room = limit - 1 - current;
  if (room >= 0) return Math.max(0, fitsAfter(previous, room) - elapsed);
  // What runs now must first become the window before.
  return WINDOW_MS - elapsed + fitsAfter(current, limit - 1);
}

/** How far into a window the one before it weighs no more than there is room for. */
function fitsAfter(previous: number, room: number): number {
  return previous <= room ? 0 : Math.ceil(WINDOW_MS * (1 - room / previous));
}
