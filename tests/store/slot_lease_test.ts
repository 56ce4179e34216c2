import assert from "node:assert/strict";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { keys } from "../../domain/store/keys.ts";
import { openConnections } from "../../domain/store/open.ts";
import { HeldSlot, type SlotLease, takeSlot } from "../../domain/store/slot_lease.ts";
import { makeStore, type Store, withFence, withoutRiders } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { refusalOf } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { countedSources, type FakeClock, fakeClock } from "../support/time.ts";

const TERMS = { forMs: 15 * SECOND_MS, leftMs: 10 * SECOND_MS };
const KEY = keys.lease("work");

/** Several processes on one store, with one clock. */
async function processes(
  count: number,
): Promise<{ stores: Store[]; clock: FakeClock } & Disposable> {
  const clock = fakeClock();
  const sources = countedSources(clock);
  const connections = await openConnections(":memory:");
  const stores = Array.from({ length: count }, () => makeStore(connections, sources));
  return { stores, clock, [Symbol.dispose]: () => stores[0]?.close() };
}

async function taken(store: Store, slot: number | null): Promise<HeldSlot> {
  const held = await takeSlot(store, "work", slot, TERMS);
  assert(held instanceof HeldSlot, JSON.stringify(held));
  return held;
}

async function standing(store: Store): Promise<SlotLease | null> {
  return (await store.reader.get<SlotLease>(KEY)).value;
}

function put(store: Store, name: string): Promise<unknown> {
  return transact(store, async (tx) => {
    const count = await tx.getValue<number>(keys.secret(name)) ?? 0;
    tx.set(keys.secret(name), count + 1);
    return "put";
  });
}

async function countOf(store: Store, name: string): Promise<number> {
  return (await store.reader.get<number>(keys.secret(name))).value ?? 0;
}

Deno.test("of many at once one takes a slot, and nobody takes it again once it is done", async () => {
  using here = await processes(4);
  const { stores: [first], stores } = here;
  assert(first !== undefined);
  const takings = await Promise.all(stores.map((store) => takeSlot(store, "work", 7, TERMS)));
  const [winner, ...more] = takings.filter((taking) => taking instanceof HeldSlot);
  assert(winner !== undefined && more.length === 0);
  const until = here.clock.now() + TERMS.forMs;
  assert.deepEqual(
    takings.filter((taking) => taking !== winner),
    [1, 2, 3].map(() => ({ why: "held", until })),
  );
  await winner.end();
  for (const store of stores) {
    assert.deepEqual(await takeSlot(store, "work", 7, TERMS), { why: "done" });
  }
  const next = await taken(first, 8);
  assert.equal(next.token, winner.token + 1);
  assert.equal((await standing(first))?.slot, 8);
});

Deno.test("the slot of one who died is taken when its lease ends, and not before", async () => {
  using here = await processes(2);
  const [first, second] = here.stores;
  assert(first !== undefined && second !== undefined);
  const dead = await taken(first, 7);
  here.clock.advance(TERMS.forMs - 1);
  for (const slot of [7, 8, null]) {
    const until = here.clock.now() + 1;
    assert.deepEqual(await takeSlot(second, "work", slot, TERMS), { why: "held", until });
  }
  here.clock.advance(1);
  assert.equal((await taken(second, 7)).token, dead.token + 1);
});

Deno.test("who asks for no slot takes what nobody holds, and leaves the slots as they were", async () => {
  using here = await processes(1);
  const [store] = here.stores;
  assert(store !== undefined);
  await (await taken(store, null)).end();
  await (await taken(store, 7)).end();
  await (await taken(store, null)).end();
  assert.deepEqual(await takeSlot(store, "work", 7, TERMS), { why: "done" });
  await (await taken(store, 8)).end();
});

Deno.test("a clock that is far off keeps nobody from the work", async () => {
  using here = await processes(1);
  const [store] = here.stores;
  assert(store !== undefined);
  const ahead: Store = { ...store, now: () => store.now() + 1_000 * TERMS.forMs };
  await taken(ahead, 1_007);
  await (await taken(store, 7)).end();
  await (await taken(ahead, 1_008)).end();
  await (await taken(store, 8)).end();
});

Deno.test("what is done under a lease is committed while it is held, across its renewals", async () => {
  using here = await processes(2);
  const [store, other] = here.stores;
  assert(store !== undefined && other !== undefined);
  const lease = await taken(store, 7);
  const fenced = withoutRiders(withFence(store, lease));
  const before = await standing(store);
  assert.equal(await put(fenced, "a"), "put");
  assert.deepEqual(await standing(store), before, "there is no need to renew it");
  for (let renewal = 0; renewal < 5; renewal++) {
    here.clock.advance(TERMS.forMs - TERMS.leftMs + 1);
    const puts = Array.from({ length: 20 }, (_, index) => put(fenced, `${renewal} ${index}`));
    for (const outcome of await Promise.all(puts)) assert.equal(outcome, "put");
    assert.equal((await standing(store))?.expiresAt, here.clock.now() + TERMS.forMs);
    assert.equal((await takeSlot(other, "work", 8, TERMS) as { why: string }).why, "held");
  }
  // Nobody took it: it goes on, however late.
  here.clock.advance(10 * TERMS.forMs);
  assert.equal(await put(fenced, "a"), "put");
  assert.equal(await countOf(store, "a"), 2);
});

Deno.test("who slept over the end of its lease commits nothing once another has taken it", async () => {
  using here = await processes(2);
  const [store, other] = here.stores;
  assert(store !== undefined && other !== undefined);
  const lease = await taken(store, 7);
  const fenced = withoutRiders(withFence(store, lease));
  const { promise: asleep, resolve: wake } = Promise.withResolvers<void>();
  let attempts = 0;
  const halfWay = transact(fenced, async (tx) => {
    attempts += 1;
    tx.set(keys.secret("half way"), attempts);
    await asleep;
  });
  here.clock.advance(TERMS.forMs);
  const next = await taken(other, 7);
  const before = await stored(store);
  wake();
  assert.equal(refusalOf(await halfWay), "unavailable");
  assert.equal(attempts, 1);
  assert.equal(refusalOf(await put(fenced, "later")), "unavailable");
  await lease.keep();
  await lease.end();
  assert.deepEqual(await stored(store), before);
  // The one who holds it goes on.
  assert.equal(await put(withFence(other, next), "later"), "put");
  await next.end();
  assert.equal((await standing(other))?.done, true);
});

Deno.test("what a run leaves behind when it has ended commits nothing any more", async () => {
  using here = await processes(1);
  const [store] = here.stores;
  assert(store !== undefined);
  const lease = await taken(store, 7);
  const fenced = withFence(store, lease);
  await lease.end();
  assert.equal(refusalOf(await put(fenced, "a")), "unavailable");
  assert.equal(await countOf(store, "a"), 0);
});

Deno.test("who gives up leaves its slot to the next one at once", async () => {
  using here = await processes(2);
  const [store, other] = here.stores;
  assert(store !== undefined && other !== undefined);
  const lease = await taken(store, 7);
  lease.giveUp();
  assert.equal(refusalOf(await put(withFence(store, lease), "a")), "unavailable");
  await lease.end();
  await taken(other, 7);
});

Deno.test("a renewal of whose end nobody heard is found out, and the work goes on", async () => {
  using here = await processes(1);
  const [store] = here.stores;
  assert(store !== undefined);
  const { committer } = store;
  let losing = false;
  const submit: typeof committer.submit = async (draft) => {
    const versionstamp = await committer.submit(draft);
    if (losing) throw new Error("The answer got lost");
    return versionstamp;
  };
  const deaf: Store = { ...store, committer: { ...committer, submit } };
  const lease = await taken(deaf, 7);
  here.clock.advance(TERMS.forMs - TERMS.leftMs + 1);
  losing = true;
  await assert.rejects(lease.keep(), /got lost/);
  losing = false;
  assert.equal(await put(withFence(store, lease), "a"), "put");
  assert.equal(await countOf(store, "a"), 1);
  assert.equal(lease.refusal, null);
});
