import assert from "node:assert/strict";
import {
  COMMIT_BYTES_MAX,
  COMMIT_KEY_BYTES_MAX,
  COMMIT_MUTATIONS_MAX,
  FEED_ENTRY_BYTES_MAX,
  VALUE_BYTES_MAX,
} from "../../domain/store/draft.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { CHECKS_MAX_ANYWHERE } from "../../domain/store/open.ts";
import { keyBytes, storedBytes } from "../../domain/store/size.ts";
import { transact, type Transaction } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { entriesOf, memoryStore } from "./samples.ts";

interface Limit {
  /** As the error says it. */
  readonly what: string;
  readonly limit: number;
  /** Puts this much into the transaction, and nothing of anything else near its limit. */
  fill(tx: Transaction, amount: number): Promise<void>;
}

/** Parts of a value's size that its text does not make up. */
const TEXT_VALUE_OVERHEAD = storedBytes("");

const LIMITS: readonly Limit[] = [
  {
    what: "checks",
    limit: CHECKS_MAX_ANYWHERE,
    async fill(tx, amount) {
      for (let index = 0; index < amount; index++) await tx.getValue(["secret", index]);
      tx.set(["secret", "all"], amount);
    },
  },
  {
    what: "mutations",
    limit: COMMIT_MUTATIONS_MAX,
    fill(tx, amount) {
      for (let index = 0; index < amount; index++) tx.set(["secret", index], index);
      return Promise.resolve();
    },
  },
  {
    what: "bytes of keys",
    limit: COMMIT_KEY_BYTES_MAX,
    fill(tx, amount) {
      for (let left = amount, index = 0; left > 0; index++) {
        const head = keyBytes(["secret", index, ""]);
        // The last key takes what is left; three bytes are reckoned for each unit of text.
        const letters = Math.ceil((Math.min(left, 1_500) - head) / 3);
        const key = ["secret", index, "x".repeat(Math.max(0, letters))];
        tx.delete(key);
        left -= keyBytes(key);
      }
      return Promise.resolve();
    },
  },
  {
    what: "bytes",
    limit: COMMIT_BYTES_MAX,
    fill(tx, amount) {
      for (let left = amount, index = 0; left > 0; index++) {
        const key = ["secret", index];
        const letters = Math.min(60_000, left - keyBytes(key) - TEXT_VALUE_OVERHEAD);
        tx.set(key, "x".repeat(Math.max(0, letters)));
        left -= keyBytes(key) + TEXT_VALUE_OVERHEAD + letters;
      }
      return Promise.resolve();
    },
  },
  {
    what: "bytes of secret",
    limit: VALUE_BYTES_MAX,
    fill(tx, amount) {
      tx.set(["secret", "long"], "x".repeat(amount - TEXT_VALUE_OVERHEAD));
      return Promise.resolve();
    },
  },
  {
    what: "bytes of events",
    limit: FEED_ENTRY_BYTES_MAX,
    fill(tx, amount) {
      const event = (name: string): FeedEvent => ({ type: "intent.made", name, id: "1" });
      tx.emit(event("x".repeat(amount - storedBytes([event("")]))));
      return Promise.resolve();
    },
  },
];

for (const { what, limit, fill } of LIMITS) {
  Deno.test(`a transaction over the limit of ${what} is named and commits nothing`, async () => {
    using memory = await memoryStore();
    // Keys are measured in threes, so one step over may be three bytes.
    const outcome = transact(
      memory.store,
      (tx) => fill(tx, limit + (what.endsWith("keys") ? 3 : 1)),
    );
    await assert.rejects(outcome, (error: Error) => {
      assert(error instanceof RangeError);
      assert.match(
        error.message,
        new RegExp(`^Cannot commit \\d+ ${what}: the limit is ${limit}$`),
      );
      return true;
    });
    assert.deepEqual(await entriesOf(memory.kv), []);
  });

  Deno.test(`the platform takes a transaction at the limit of ${what}`, async () => {
    using memory = await memoryStore();
    granted(
      await transact(memory.store, (tx) => fill(tx, limit - (what.endsWith("keys") ? 3 : 0))),
    );
  });
}
