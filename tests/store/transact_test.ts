import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { refuse } from "../../domain/rules/refusal.ts";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import { keys } from "../../domain/store/keys.ts";
import { agents, users } from "../../domain/store/kinds.ts";
import { read, type Store } from "../../domain/store/store.ts";
import { ATTEMPTS_MAX, transact } from "../../domain/store/transact.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { add, entriesOf, memoryStore, numbered, sampleAgent, sampleUser } from "./samples.ts";

async function addAgent(store: Store): Promise<Agent> {
  const user = await add(store, users, sampleUser(store, { role: "agent" }));
  return await add(store, agents, sampleAgent(store, user, { maxTickets: 0 }));
}

/** One more place, by whoever calls: what a lost update would lose. */
function addPlace(store: Store, id: string): Promise<unknown> {
  return transact(store, async (tx) => {
    const agent = await tx.get(agents, keys.agent(id));
    assert(agent !== null);
    tx.put(agents, { ...agent, maxTickets: agent.maxTickets + 1 });
  });
}

async function placesOf(store: Store, id: string): Promise<number | undefined> {
  return (await read(store, agents, keys.agent(id)))?.maxTickets;
}

Deno.test("a refusal commits nothing of what was put and told before it", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const outcome = await transact(store, (tx) => {
    tx.add(users, sampleUser(store));
    tx.set(keys.secret("name"), "value");
    tx.emit(numbered(1));
    return Promise.resolve(refuse("conflict", "No."));
  });
  assert.equal(refusalOf(outcome), "conflict");
  assert.deepEqual(await entriesOf(kv), []);
});

Deno.test("a decision that throws commits nothing, and the error comes through", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const outcome = transact(store, (tx) => {
    tx.add(users, sampleUser(store));
    throw new Error("no luck");
  });
  await assert.rejects(outcome, /no luck/);
  assert.deepEqual(await entriesOf(kv), []);
});

Deno.test("of writers of one record who come at once each one's change takes effect", async () => {
  using memory = await memoryStore();
  const { id } = await addAgent(memory.store);
  // Each failed check is another's success, so eight need eight attempts at most.
  const writers = Array.from({ length: 8 }, () => addPlace(memory.store, id));
  for (const outcome of await Promise.all(writers)) granted(outcome);
  assert.equal(await placesOf(memory.store, id), 8);
});

Deno.test("of fifty transactions that each want to be the first exactly one wins", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, place) =>
      transact(store, async (tx) => {
        if (await tx.getValue(keys.secret("first")) !== null) return refuse("already_claimed", "");
        tx.set(keys.secret("first"), place);
        return place;
      })),
  );
  const winners = outcomes.filter((outcome) => typeof outcome === "number");
  assert.equal(winners.length, 1);
  assert.deepEqual((await store.reader.get(keys.secret("first"))).value, winners[0]);
});

Deno.test("a decision runs again on what has changed since it read", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  const seen: number[] = [];
  granted(
    await transact(store, async (tx) => {
      const agent = await tx.get(agents, keys.agent(id));
      assert(agent !== null);
      seen.push(agent.maxTickets);
      if (seen.length === 1) await addPlace(store, id);
      tx.put(agents, { ...agent, maxTickets: agent.maxTickets + 10 });
    }),
  );
  assert.deepEqual(seen, [0, 1]);
  assert.equal(await placesOf(store, id), 11);
});

Deno.test("a change between two reads of one record in one transaction is not lost", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  let runs = 0;
  granted(
    await transact(store, async (tx) => {
      runs += 1;
      const first = await tx.get(agents, keys.agent(id));
      if (runs === 1) await addPlace(store, id);
      const second = await tx.get(agents, keys.agent(id));
      assert(first !== null);
      assert.deepEqual(second, first, "a transaction sees a record in one state");
      tx.put(agents, { ...first, maxTickets: first.maxTickets + 10 });
    }),
  );
  assert.equal(runs, 2);
  assert.equal(await placesOf(store, id), 11);
});

Deno.test("a record that was peeked at may change before the commit", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  let runs = 0;
  granted(
    await transact(store, async (tx) => {
      runs += 1;
      assert.equal((await tx.peek(agents, keys.agent(id)))?.maxTickets, runs - 1);
      await addPlace(store, id);
      tx.set(keys.secret("name"), "value");
    }),
  );
  assert.equal(runs, 1);
});

Deno.test("a record that the transaction has not read can be neither put nor removed", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const agent = await addAgent(store);
  const before = await entriesOf(kv);
  const put = transact(store, async (tx) => {
    await tx.peek(agents, keys.agent(agent.id));
    tx.put(agents, { ...agent, maxTickets: 9 });
  });
  await assert.rejects(put, /Cannot write agent: this transaction has not read it/);
  const remove = transact(store, (tx) => Promise.resolve(tx.remove(agents, agent)));
  await assert.rejects(remove, /Cannot write agent: this transaction has not read it/);
  assert.deepEqual(await entriesOf(kv), before);
});

Deno.test("a record put twice leaves the index entries of its last form alone", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const { id } = await addAgent(store);
  granted(
    await transact(store, async (tx) => {
      const agent = await tx.get(agents, keys.agent(id));
      assert(agent !== null);
      tx.put(agents, { ...agent, status: "busy" });
      tx.put(agents, { ...agent, status: "online" });
    }),
  );
  const entries = (await entriesOf(kv)).filter(({ key }) => key[0] === "agent_by_status");
  assert.deepEqual(entries.map(({ key }) => key), [keys.agentByStatus("online", "support", id)]);
});

Deno.test("a record that a later version of the program wrote is not read", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const user = sampleUser(store);
  await kv.set(keys.user(user.id), { ...user, schema: 2 });
  const outcome = transact(store, (tx) => tx.get(users, keys.user(user.id)));
  await assert.rejects(outcome, /Cannot read user of schema 2: this version knows 1/);
  await assert.rejects(read(store, users, keys.user(user.id)), /schema 2/);
});

Deno.test("contention that does not end is `unavailable`, after a bounded number of tries", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  let runs = 0;
  const outcome = await transact(store, async (tx) => {
    runs += 1;
    const agent = await tx.get(agents, keys.agent(id));
    assert(agent !== null);
    await addPlace(store, id);
    tx.put(agents, { ...agent, maxTickets: 1_000 });
    tx.emit(numbered(runs));
  });
  assert.equal(refusalOf(outcome), "unavailable");
  assert(runs > 1 && runs <= ATTEMPTS_MAX, `${runs} runs`);
  assert.equal(await placesOf(store, id), runs, "the others' changes, and nothing else");
  const told = (await readFeed(store, FEED_START, 1_000)).flatMap(({ events }) => events);
  assert.deepEqual(told.filter(({ type }) => type === numbered(0).type), []);
});

Deno.test("three hundred writers of one record at once all take effect", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  const outcomes = await Promise.all(Array.from({ length: 300 }, () => addPlace(store, id)));
  assert.ok(outcomes.every((outcome) => outcome === undefined));
  assert.equal(await placesOf(store, id), 300);
});

Deno.test("a record that the transaction has read cannot be added again", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const { id } = await addAgent(store);
  const adding = transact(store, async (tx) => {
    const agent = await tx.get(agents, keys.agent(id));
    if (agent !== null) tx.add(agents, agent);
  });
  await assert.rejects(adding, /Cannot add agent/);
});
