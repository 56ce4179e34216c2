/** Chance that can be repeated: the same seed, the same luck. */
export interface Chance {
  /** Whole, from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** A share from `low` to `high`, to a hundredth. */
  share(low: number, high: number): number;
  /** True in so many of a hundred cases. */
  percent(count: number): boolean;
  /** One of them, each as often as its weight says. */
  weigh<T>(items: readonly T[], weightOf: (item: T) => number): T;
}

/** The generator known as mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    between,
    share: (low, high) => between(100 * low, 100 * high) / 100,
    percent: (count) => between(1, 100) <= count,
    weigh(items, weightOf) {
      let left = next() * items.reduce((sum, item) => sum + weightOf(item), 0);
      const found = items.find((item) => (left -= weightOf(item)) < 0) ?? items.at(-1);
      if (found === undefined) throw new Error("Cannot choose from nothing");
      return found;
    },
  };
}
