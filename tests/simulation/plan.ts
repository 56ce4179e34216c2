import type { Instant } from "../../domain/rules/time.ts";

interface Page {
  readonly at: Instant;
  readonly happen: () => Promise<void> | void;
}

/** What is to be done, in the order of time; what comes at one instant as it was planned. */
export class Plan {
  readonly #pages: Page[] = [];

  add(at: Instant, happen: () => Promise<void> | void): void {
    let [low, high] = [0, this.#pages.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      // The last is the next.
      if ((this.#pages[middle]?.at ?? -Infinity) > at) low = middle + 1;
      else high = middle;
    }
    this.#pages.splice(low, 0, { at, happen });
  }

  nextAt(): Instant {
    return this.#pages.at(-1)?.at ?? Infinity;
  }

  async next(): Promise<void> {
    await this.#pages.pop()?.happen();
  }
}
