import assert from "node:assert/strict";
import { StoreUnavailable } from "../../domain/store/fault.ts";
import { guarded } from "../../domain/store/guard.ts";
import type { Kv } from "../../domain/store/open.ts";
import { makeStore } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { overriding } from "./fake_remote.ts";
import { memoryStore } from "./samples.ts";

/** A store that is there answers within this time, on a busy machine too. */
const CALL_MS = 250;
const RECONNECT_MS = 5;
const TIMES = { callMs: CALL_MS, reconnectMs: RECONNECT_MS };
const UNREACHABLE = (): Promise<Kv> => Promise.reject(new Error("connection refused"));

/** A connection whose calls are answered once it is let through; the platform waits as long. */
interface HeldUp {
  readonly kv: Kv;
  /** How many calls it was asked for. */
  calls(): number;
  hold(): void;
  letThrough(): void;
}

function heldUp(target: Deno.Kv): HeldUp {
  let calls = 0;
  let gate = Promise.resolve();
  let open = (): void => {};
  const wait = async <T>(answer: () => Promise<T>): Promise<T> => {
    calls += 1;
    await gate;
    return await answer();
  };
  const kv = overriding(target, {
    get: (...asked: Parameters<Kv["get"]>) => wait(() => target.get(...asked)),
    getMany: (...asked: Parameters<Kv["getMany"]>) => wait(() => target.getMany(...asked)),
    list(...asked: Parameters<Kv["list"]>) {
      const entries = target.list(...asked);
      const next = entries.next.bind(entries);
      entries.next = () => wait(next);
      return entries;
    },
    atomic() {
      const atomic = target.atomic();
      const commit = atomic.commit.bind(atomic);
      atomic.commit = () => wait(commit);
      return atomic;
    },
    close() {},
  });
  return {
    kv,
    calls: () => calls,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      [gate, open] = [promise, resolve];
    },
    letThrough: () => open(),
  };
}

const CALLS: Readonly<Record<string, (kv: Kv) => Promise<unknown>>> = {
  "a read": (kv) => kv.get(["key"]),
  "a read of many": (kv) => kv.getMany([["key"], ["other"]]),
  "a list": (kv) => Array.fromAsync(kv.list({ prefix: [] })),
  "a commit": (kv) => kv.atomic().set(["key"], 2).commit(),
};

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`${name} that is not answered ends in time, and is not asked for again until the store is back`, async () => {
    using memory = await memoryStore();
    const remote = heldUp(memory.kv);
    const kv = guarded(remote.kv, UNREACHABLE, TIMES);
    await call(kv);
    remote.hold();
    await assert.rejects(call(kv), StoreUnavailable);
    const { calls } = remote;
    const before = calls();
    for (let again = 0; again < 10; again++) await assert.rejects(call(kv), StoreUnavailable);
    assert.equal(calls(), before, "a store that is away is left alone");
    remote.letThrough();
    // Those that were asked for before it was given up are answered now.
    await until(() => call(kv).then(() => true, () => false));
    kv.close();
  });
}

Deno.test("a store that was only slow with one call is back at once for all others", async () => {
  using memory = await memoryStore();
  const slow = overriding(memory.kv, { getMany: () => new Promise(() => {}), close() {} });
  const kv = guarded(slow, UNREACHABLE, TIMES);
  await assert.rejects(kv.getMany([["key"]]), StoreUnavailable);
  // No new connection can be had, so that it is the old one that answers.
  await until(() => kv.get(["key"]).then(() => true, () => false));
  kv.close();
});

Deno.test("a connection that broke unnoticed is replaced by a new one", async () => {
  using memory = await memoryStore();
  const broken = heldUp(memory.kv);
  let opened = 0;
  const fresh = overriding(memory.kv, { close() {} });
  const open = (): Promise<Kv> => ++opened < 3 ? UNREACHABLE() : Promise.resolve(fresh);
  const kv = guarded(broken.kv, open, TIMES);
  broken.hold();
  await assert.rejects(kv.get(["key"]), StoreUnavailable);
  await until(async () => (await kv.get(["key"]).catch(() => null)) !== null);
  assert.equal(opened, 3);
  kv.close();
});

Deno.test("a store that answers again on the old connection keeps it, and the new one is closed", async () => {
  using memory = await memoryStore();
  const remote = heldUp(memory.kv);
  const closed: string[] = [];
  const old = overriding(remote.kv as Deno.Kv, { close: () => closed.push("old") });
  const fresh = overriding(memory.kv, { close: () => closed.push("new") });
  const kv = guarded(old, () => {
    remote.letThrough();
    return Promise.resolve(fresh);
  }, { ...TIMES, reconnectMs: CALL_MS });
  remote.hold();
  await assert.rejects(kv.get(["key"]), StoreUnavailable);
  await until(() => Promise.resolve(closed.length > 0));
  assert.deepEqual(closed, ["new"]);
  kv.close();
  assert.deepEqual(closed, ["new", "old"]);
});

Deno.test("what the store says is its own fault, and what was wrong with the call is not", async () => {
  using memory = await memoryStore();
  const errors = [
    new Error("KV Connect failed to read response body: connection reset"),
    new Error("KV Connect failed to call 'http://kv' (status=401 Unauthorized): expired"),
    new Error("KV Connect failed to call 'http://kv' (status=400 Bad Request): Too many checks"),
    new TypeError("Value too large (max 65536 bytes)"),
  ];
  const found: string[] = [];
  for (const error of errors) {
    const kv = guarded(
      overriding(memory.kv, { get: () => Promise.reject(error), close() {} }),
      UNREACHABLE,
      TIMES,
    );
    const thrown: unknown = await kv.get(["key"]).catch((each: unknown) => each);
    found.push((thrown as Error).name); // rejected, for it cannot be an entry
    assert.equal(await kv.getMany([["key"]]).then(() => "asked"), "asked", "it is not away");
    kv.close();
  }
  assert.deepEqual(found, ["StoreUnavailable", "StoreUnavailable", "Error", "TypeError"]);
});

Deno.test("what has taken too long to decide is not sent any more to a store that answers slowly", async () => {
  using memory = await memoryStore();
  const { kv } = memory;
  const clock = performance.now;
  for (const losesAnswers of [true, false]) {
    const store = makeStore(
      { writer: kv, reader: kv, losesAnswers, checksMax: 9 },
      memory.store,
    );
    const outcome = transact(store, (tx) => {
      tx.set(["secret", "name"], losesAnswers);
      performance.now = () => clock.call(performance) + 5_001;
      return Promise.resolve("decided");
    }).finally(() => performance.now = clock);
    if (losesAnswers) await assert.rejects(outcome, StoreUnavailable);
    else assert.equal(await outcome, "decided", "a store of this machine is never slow");
    const { value } = await kv.get(["secret", "name"]);
    assert.equal(value, losesAnswers ? null : false);
  }
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1_000; round++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
  assert.fail("It did not come to it");
}
