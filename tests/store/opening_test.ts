import assert from "node:assert/strict";
import { StoreUnavailable } from "../../domain/store/fault.ts";
import type { Kv } from "../../domain/store/open.ts";
import { openPatiently, openWithin } from "../../domain/store/opening.ts";
import { overriding } from "./fake_remote.ts";
import { memoryStore } from "./samples.ts";

const TIMES = { tryMs: 20, firstPauseMs: 1, longestPauseMs: 4, forMs: 10_000 };

Deno.test("a store that comes up later than the desk is waited for", async () => {
  using memory = await memoryStore();
  let tries = 0;
  const opened = await openPatiently(() => {
    tries += 1;
    if (tries < 4) return Promise.reject(new TypeError("failed to connect"));
    // One that takes the connection and says nothing is not waited for either.
    return tries < 6 ? new Promise(() => {}) : Promise.resolve(memory.kv);
  }, TIMES);
  assert.equal(opened, memory.kv);
  assert.equal(tries, 6);
});

Deno.test("a store that does not come up is given up after a while, with what it said last", async () => {
  let tries = 0;
  const outcome = openPatiently(
    () => Promise.reject(new TypeError(`failed to connect, ${++tries}`)),
    { ...TIMES, forMs: 30 },
  );
  await assert.rejects(outcome, (error) => String(error).endsWith(`failed to connect, ${tries}`));
  assert.ok(tries > 1);
});

Deno.test("a store that turns the desk away is given up at once", async () => {
  let tries = 0;
  const why = "the metadata endpoint responded with status 401 Unauthorized: Invalid access token.";
  const outcome = openPatiently(() => {
    tries += 1;
    return Promise.reject(new TypeError(why));
  }, TIMES);
  await assert.rejects(outcome, /401/);
  assert.equal(tries, 1);
});

Deno.test("without an access token no store is waited for", async () => {
  // What is thrown is the platform's own.
  const before = Deno.env.get("DENO_KV_ACCESS_TOKEN");
  Deno.env.delete("DENO_KV_ACCESS_TOKEN");
  try {
    let tries = 0;
    const outcome = openPatiently(() => {
      tries += 1;
      return Deno.openKv("http://127.0.0.1:9");
    }, { ...TIMES, tryMs: 10_000 });
    await assert.rejects(outcome, /DENO_KV_ACCESS_TOKEN/);
    assert.equal(tries, 1);
  } finally {
    if (before !== undefined) Deno.env.set("DENO_KV_ACCESS_TOKEN", before);
  }
});

Deno.test("a connection that comes too late is closed", async () => {
  using memory = await memoryStore();
  const closed = Promise.withResolvers<void>();
  const coming = Promise.withResolvers<Kv>();
  await assert.rejects(openWithin(1, () => coming.promise), StoreUnavailable);
  coming.resolve(overriding(memory.kv, { close: () => closed.resolve() }));
  await closed.promise;
});
