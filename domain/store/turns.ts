/** Lets whoever lost a race for the same keys try again one after the other, in this process. */
export interface Turns {
  /** Resolves when it is the caller's turn for all of these keys; call the answer when done. */
  take(keys: readonly string[]): Promise<() => void>;
}

export function makeTurns(): Turns {
  /** For each key that somebody has or waits for: when the last of them is done. */
  const lasts = new Map<string, Promise<void>>();

  function join(key: string): { readonly before: Promise<void>; readonly leave: () => void } {
    const before = lasts.get(key) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    lasts.set(key, promise);
    const leave = (): void => {
      if (lasts.get(key) === promise) lasts.delete(key);
      resolve();
    };
    return { before, leave };
  }

  return {
    async take(keys) {
      const leaves: (() => void)[] = [];
      // In one order for everybody, so that no two wait for each other.
      for (const key of [...new Set(keys)].sort()) {
        const { before, leave } = join(key);
        leaves.push(leave);
        await before;
      }
      return () => {
        for (const leave of leaves) leave();
      };
    },
  };
}
