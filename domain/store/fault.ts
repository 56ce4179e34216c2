/**
 * The store does not answer, or says that it cannot. What was asked of it may be done all the same;
 * where nothing was, whoever asked says so.
 */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** Another process has the store's file for itself at this moment: nothing was read or written. */
export function isLocked(error: unknown): boolean {
  return error instanceof TypeError && /database is (locked|busy)/.test(error.message);
}

/** Whether it is the store that is at fault: the same may work a moment later. */
export function isStoreFault(error: unknown): error is Error {
  return error instanceof StoreUnavailable || isLocked(error);
}

/** A process that was held still finds its timers run out before it can look for the answers. */
const LAST_LOOK_MS = 100;

/** An answer, or `StoreUnavailable` when it has not come within this time; it may still come. */
export async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `The store has not answered within ${milliseconds} ms`;
    const giveUp = (): void => reject(new StoreUnavailable(why));
    timer = setTimeout(() => {
      timer = setTimeout(giveUp, Math.min(LAST_LOOK_MS, milliseconds));
    }, milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
