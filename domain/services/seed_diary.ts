import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";

/** What is to happen, in the order of time. */
export class Diary {
  readonly #pages: { readonly at: Instant; readonly happen: () => Promise<void> }[] = [];

  add(at: Instant, happen: () => Promise<void>): void {
    this.#pages.push({ at, happen });
  }

  /**
   * Lets everything happen up to an instant; what happens may add more. `pass` is called as time
   * goes on, before each page and in the end.
   */
  async live(
    clock: { at: Instant },
    until: Instant,
    pass: () => Promise<unknown>,
  ): Promise<void> {
    while (this.#pages.length > 0) {
      this.#pages.sort((a, b) => b.at - a.at);
      const page = this.#pages.pop();
      if (page === undefined || page.at > until) break;
      clock.at = Math.max(clock.at, Math.floor(page.at));
      await pass();
      await page.happen();
    }
    clock.at = until;
    await pass();
  }
}

/** What comes of something that the people of the demonstration desk may do in any case. */
export function expected<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(`Cannot seed: ${outcome.detail}`);
  return outcome;
}
