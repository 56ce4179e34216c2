import assert from "node:assert/strict";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { holdLease, releaseLease } from "../../domain/store/lease.ts";
import { openConnections } from "../../domain/store/open.ts";
import { makeStore, type Store } from "../../domain/store/store.ts";
import { stored } from "../support/problem.ts";
import { countedSources, type FakeClock, fakeClock } from "../support/time.ts";

const TERMS = { forMs: 15 * SECOND_MS, leftMs: 12 * SECOND_MS };

async function leased(): Promise<{ store: Store; clock: FakeClock } & Disposable> {
  const clock = fakeClock();
  const store = makeStore(await openConnections(":memory:"), countedSources(clock));
  return { store, clock, [Symbol.dispose]: () => store.close() };
}

Deno.test("of many at once one gets the lease, and the others get it when it has ended", async () => {
  using here = await leased();
  const take = (holder: string): Promise<boolean> => holdLease(here.store, "work", holder, TERMS);
  const holders = ["a", "b", "c", "d"];
  const [winner, ...more] = (await Promise.all(holders.map(take)))
    .flatMap((has, index) => has ? [holders[index] ?? ""] : []);
  assert.ok(winner !== undefined);
  assert.deepEqual(more, []);
  const other = winner === "a" ? "b" : "a";
  here.clock.advance(TERMS.forMs - 1);
  assert.equal(await take(other), false);
  here.clock.advance(1);
  assert.equal(await take(other), true);
  assert.equal(await take(winner), false);
});

Deno.test("a lease is kept by its holder, and written again only when little of it is left", async () => {
  using here = await leased();
  const { store, clock } = here;
  const take = (): Promise<boolean> => holdLease(store, "work", "a", TERMS);
  assert.equal(await take(), true);
  const before = await stored(store);
  clock.advance(TERMS.forMs - TERMS.leftMs);
  assert.equal(await take(), true);
  assert.deepEqual(await stored(store), before);
  clock.advance(1);
  assert.equal(await take(), true);
  assert.notDeepEqual(await stored(store), before);
  clock.advance(TERMS.forMs - 1);
  assert.equal(await holdLease(store, "work", "b", TERMS), false);
});

Deno.test("only its holder gives a lease back, and then the next one has it at once", async () => {
  using here = await leased();
  const { store } = here;
  await holdLease(store, "work", "a", TERMS);
  await releaseLease(store, "work", "b");
  assert.equal(await holdLease(store, "work", "b", TERMS), false);
  assert.equal(await holdLease(store, "other work", "b", TERMS), true);
  await releaseLease(store, "work", "a");
  assert.equal(await holdLease(store, "work", "b", TERMS), true);
});
