import assert from "node:assert/strict";
import fc from "fast-check";
import type { Agent } from "../../domain/rules/agent.ts";
import { keys } from "../../domain/store/keys.ts";
import { agents, users } from "../../domain/store/kinds.ts";
import { read } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { faultsOf, granted, refusalOf } from "../support/desk.ts";
import { add, entriesOf, memoryStore, sampleAgent, sampleUser } from "./samples.ts";

Deno.test("a transaction knows how often it has been tried", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const attempts: number[] = [];
  granted(
    await transact(store, async (tx) => {
      attempts.push(tx.attempt);
      await tx.getValue(keys.secret("name"));
      if (tx.attempt < 3) await kv.set(keys.secret("name"), tx.attempt);
      tx.set(keys.secret("other"), tx.attempt);
    }),
  );
  assert.deepEqual(attempts, [1, 2, 3]);
});

Deno.test("a check of a version commits while it stands, and not after", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  await kv.set(keys.secret("guard"), 1);
  const { versionstamp } = await kv.get(keys.secret("guard"));
  const write = (version: string | null, value: string): Promise<unknown> =>
    transact(store, (tx) => {
      tx.check(keys.secret("guard"), version);
      tx.check(keys.secret("absent"), null);
      tx.set(keys.secret("value"), value);
      return Promise.resolve();
    });
  granted(await write(versionstamp, "first"));
  await kv.set(keys.secret("guard"), 2);
  assert.equal(refusalOf(await write(versionstamp, "second")), "unavailable");
  assert.equal((await kv.get(keys.secret("value"))).value, "first");
});

Deno.test("a version that was checked and read anew in between commits nothing", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  let runs = 0;
  granted(
    await transact(store, async (tx) => {
      runs += 1;
      const { versionstamp } = await kv.get(keys.secret("guard"));
      tx.check(keys.secret("guard"), versionstamp);
      if (runs === 1) await kv.set(keys.secret("guard"), 1);
      await tx.getValue(keys.secret("guard"));
      tx.set(keys.secret("value"), runs);
    }),
  );
  assert.equal(runs, 2);
  assert.equal((await kv.get(keys.secret("value"))).value, 2);
});

Deno.test("who loses a race for what only was checked waits for nobody", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  await transact(store, async (tx) => {
    tx.check(keys.secret("guard"), null);
    await tx.getValue(keys.secret("read"));
    assert.deepEqual(tx.keysRead(), [JSON.stringify(keys.secret("read"))]);
  });
  assert.deepEqual(await entriesOf(kv), []);
});

Deno.test("a record that was removed cannot be written, and one that was added not added again", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const user = await add(store, users, sampleUser(store));
  const resurrect = transact(store, async (tx) => {
    const found = await tx.get(users, keys.user(user.id));
    assert(found !== null);
    tx.remove(users, found);
    tx.put(users, found);
  });
  await assert.rejects(resurrect, /Cannot write user: this transaction has removed it/);
  const twice = transact(store, (tx) => {
    const made = sampleUser(store);
    tx.add(users, made);
    tx.add(users, made);
    return Promise.resolve();
  });
  await assert.rejects(twice, /Cannot add user: this transaction has it/);
});

/** What a transaction may do to one of a few agents. */
const anyStep = fc.record({
  which: fc.nat(2),
  what: fc.constantFrom("get", "write", "remove"),
  status: fc.constantFrom("online" as const, "busy" as const, "offline" as const),
});

Deno.test("a transaction reads what it wrote, and only the end of it is in the store", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      fc.array(anyStep, { maxLength: 12 }),
      async (stored, steps) => {
        using memory = await memoryStore();
        const { store } = memory;
        const model = new Map<number, Agent>();
        const samples: Agent[] = [];
        for (const [index, isStored] of stored.entries()) {
          const user = await add(store, users, sampleUser(store, { role: "agent" }));
          const sample = sampleAgent(store, user);
          samples.push(sample);
          if (isStored) model.set(index, await add(store, agents, sample));
        }
        granted(
          await transact(store, async (tx) => {
            for (const { which, what, status } of steps) {
              const sample = samples[which];
              assert(sample !== undefined);
              const found = await tx.get(agents, keys.agent(sample.id));
              assert.deepEqual(found, model.get(which) ?? null);
              const changed = { ...sample, status };
              if (what === "write") {
                if (found === null) tx.add(agents, changed);
                else tx.put(agents, changed);
                model.set(which, changed);
              }
              if (what === "remove" && found !== null) {
                tx.remove(agents, found);
                model.delete(which);
              }
            }
          }),
        );
        for (const [index, { id }] of samples.entries()) {
          assert.deepEqual(await read(store, agents, keys.agent(id)), model.get(index) ?? null);
        }
        assert.deepEqual(await faultsOf(store), [], "index entries follow the records");
      },
    ),
    { numRuns: 100 },
  );
});
