import assert from "node:assert/strict";
import { EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import { pairOf } from "../../domain/rules/sla_configuration.ts";
import { makeSlaBook, type SlaBook } from "../../domain/services/sla_book.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { keys } from "../../domain/store/keys.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";

const BILLING = { priority: 1, category: "billing" } as const;

/** Sets the response time of one configuration, as another process would: nobody is told. */
async function edit({ desk }: TestDesk, responseTime: number): Promise<void> {
  granted(await putSlaConfiguration(desk, BILLING, { responseTime }));
}

/** A book of its own, as another process keeps it; counts what it reads from the store. */
function elsewhere({ desk }: TestDesk): { book: SlaBook; reads(): number; store: Store } {
  let count = 0;
  const reader = new Proxy(desk.store.reader, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === "get" || name === "list") count += 1;
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const store: Store = { ...desk.store, reader };
  return { book: makeSlaBook(store), reads: () => count, store };
}

function responseTimeIn(book: Awaited<ReturnType<SlaBook["now"]>>): number | undefined {
  return book.configurations.get(pairOf(1, "billing"))?.responseTime;
}

/** Commits something that goes by the book: what it went by, and how often it was tried. */
async function goBy(store: Store, book: SlaBook): Promise<{ version: number; attempts: number }> {
  let attempts = 0;
  const version = granted(
    await transact(store, async (tx) => {
      attempts = tx.attempt;
      const { version } = await book.read(tx);
      tx.set(keys.secret("went by"), version);
      return version;
    }),
  );
  return { version, attempts };
}

Deno.test("the book of a new desk is empty, and says what is edited", async () => {
  await using desk = await openDesk();
  assert.deepEqual(await desk.desk.book.now(), EMPTY_BOOK);
  await edit(desk, 7);
  const book = await desk.desk.book.now();
  assert.deepEqual([book.version, responseTimeIn(book)], [1, 7]);
  assert.deepEqual(await desk.desk.book.latest(), book);
  await desk.assertSound();
});

Deno.test("a transaction goes by the book without a read", async () => {
  await using desk = await openDesk();
  await edit(desk, 7);
  const { book, reads, store } = elsewhere(desk);
  await book.now();
  const before = reads();
  for (let turn = 0; turn < 5; turn++) {
    desk.clock.advance(60_000);
    assert.deepEqual(await goBy(store, book), { version: 1, attempts: 1 });
  }
  assert.equal(reads(), before);
});

Deno.test("nothing is committed by a book that was edited elsewhere, told of or not", async () => {
  await using desk = await openDesk();
  const { book, store } = elsewhere(desk);
  await book.now();
  await edit(desk, 7);
  // Nobody told this process: it finds out by the commit, and goes by the new book.
  assert.deepEqual(await goBy(store, book), { version: 1, attempts: 2 });
  await edit(desk, 8);
  book.forget({ type: "sla.changed", version: 2 });
  assert.deepEqual(await goBy(store, book), { version: 2, attempts: 1 });
});

Deno.test("a transaction that is under way when the book is edited runs again by the new one", async () => {
  await using desk = await openDesk();
  const { book } = desk.desk;
  const seen: number[] = [];
  granted(
    await transact(desk.desk.store, async (tx) => {
      const { version } = await book.read(tx);
      seen.push(version);
      if (seen.length === 1) await edit(desk, 7);
      tx.set(keys.secret("went by"), version);
    }),
  );
  assert.deepEqual(seen, [0, 1]);
});

Deno.test("what is shown is at most two seconds old, and at once as old as the feed says", async () => {
  await using desk = await openDesk();
  const { book } = elsewhere(desk);
  await book.now();
  await edit(desk, 7);
  assert.equal(responseTimeIn(await book.now()), undefined, "remembered");
  assert.equal(responseTimeIn(await book.latest()), 7);
  await edit(desk, 8);
  desk.clock.advance(1_999);
  assert.equal(responseTimeIn(await book.now()), 7);
  desk.clock.advance(1);
  assert.equal(responseTimeIn(await book.now()), 8);
  await edit(desk, 9);
  book.forget({ type: "sla.changed", version: 3 });
  assert.equal(responseTimeIn(await book.now()), 9);
});

Deno.test("an edit is read once for all who ask at that moment", async () => {
  await using desk = await openDesk();
  const { book, reads, store } = elsewhere(desk);
  await book.now();
  await edit(desk, 7);
  book.forget({ type: "sla.changed", version: 1 });
  const before = reads();
  const done = await Promise.all(Array.from({ length: 30 }, () => goBy(store, book)));
  assert(done.every(({ version, attempts }) => version === 1 && attempts === 1));
  // Each looks at the version; both lists, and the version behind them, are read once.
  assert(reads() - before <= 30 + 3, `${reads() - before} reads`);
});

Deno.test("a book that is edited while it is read is read again, so that it is of one version", async () => {
  await using desk = await openDesk();
  await edit(desk, 1);
  let turns = 0;
  const reader = new Proxy(desk.desk.store.reader, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === "list" && turns++ === 0) {
        // Between the look at the version and the lists.
        return async function* (...asked: Parameters<typeof target.list>) {
          await edit(desk, 2);
          yield* target.list(...asked);
        };
      }
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const book = await makeSlaBook({ ...desk.desk.store, reader }).now();
  assert.deepEqual([book.version, responseTimeIn(book)], [2, 2]);
});
