import assert from "node:assert/strict";
import { LABELS_MAX } from "../../domain/rules/classifier.ts";
import { BLOCKS } from "../../domain/rules/classifier_coding.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { classifierState, forgetLearned } from "../../domain/services/classifier_state.ts";
import { learnFromTickets } from "../../domain/services/learning.ts";
import { openTicket } from "../../domain/services/tickets.ts";
import { exportLines, importLines } from "../../domain/store/backup.ts";
import { newHead, readClassifier } from "../../domain/store/classifier.ts";
import { VALUE_BYTES_MAX } from "../../domain/store/draft.ts";
import { storedBytes } from "../../domain/store/size.ts";
import { readList } from "../../domain/store/store.ts";
import { memoryStore } from "../store/samples.ts";
import { faultsOf, granted, openDesk, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { resolveOne, staffed, teach } from "../support/lessons.ts";
import { anotherProcess } from "../support/overdue_desk.ts";
import { dataOf, move, say } from "../support/work.ts";

const CARD = {
  title: "My card is lost",
  description: "Please send a new one.",
  department: "general",
  requiredSkills: [],
  tags: [],
  dueDate: null,
  estimatedHours: 1,
};

/** How many blocks stand in the store, whether the classifier names them or not. */
async function blocksIn({ desk }: TestDesk): Promise<number> {
  return (await readList(desk.store, ["classifier_block"], { limit: 1_000 })).length;
}

async function named({ desk }: TestDesk): Promise<number> {
  const { blocks } = await classifierState(desk);
  return blocks.filter((name) => name !== null).length;
}

Deno.test("each resolved ticket is learned from once, whatever becomes of it", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const taught = await teach(desk, staff);
  assert.equal(await learnFromTickets(desk.desk), taught);
  assert.equal(await learnFromTickets(desk.desk), 0);
  const again = await resolveOne(desk, staff, { title: "My card broke", category: "technical" });
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  await say(desk, staff.customer, again, "It broke again.");
  await move(desk, staff.agent, again, "resolved");
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 0);
  assert.equal((await classifierState(desk.desk)).tickets, taught + 1);
  await desk.assertSound();
});

Deno.test("what was filled in teaches nothing until a person confirms it", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const untouched = await resolveOne(desk, staff, { title: "Hello" });
  const confirmed = await resolveOne(desk, staff, { title: "Hello again" });
  const path = `/api/tickets/${confirmed.id}`;
  dataOf(await desk.call(staff.agent, "PATCH", path, { category: "general" }), 200);
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  const { labels } = await classifierState(desk.desk);
  assert.deepEqual(labels.map(({ aspect, name, examples }) => [aspect, name, examples]), [
    ["category", "general", 1],
  ]);
  // It is not forgotten as something to learn from: to name its category later is in time.
  const late = `/api/tickets/${untouched.id}`;
  dataOf(await desk.call(staff.agent, "PATCH", late, { category: "billing" }), 200);
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  await desk.assertSound();
});

Deno.test("what is not resolved, and what was cancelled, teaches nothing", async () => {
  await using desk = await openDesk();
  const { customer } = await staffed(desk);
  const named = { title: "A card", description: "It is lost.", category: "technical" };
  dataOf(await desk.call(customer, "POST", "/api/tickets", named), 201);
  const cancelled = dataOf(await desk.call(customer, "POST", "/api/tickets", named), 201);
  await move(desk, customer, cancelled, "closed");
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 0);
  assert.equal((await classifierState(desk.desk)).generation, 0);
  await desk.assertSound();
});

Deno.test("of three processes at once one learns, and each ticket still counts once", async () => {
  await using desk = await openDesk();
  const taught = await teach(desk, await staffed(desk));
  const desks = [desk.desk, await anotherProcess(desk.desk), await anotherProcess(desk.desk)];
  const learned = await Promise.all(desks.map(learnFromTickets));
  assert.equal(learned.reduce((sum, each) => sum + each, 0), taught);
  const { labels } = await classifierState(desk.desk);
  for (const { examples } of labels) assert.equal(examples, taught / 2);
  await desk.assertSound();
});

Deno.test("a run that dies at any of its commits is as if it had not been, and the next clears it away", async () => {
  await using desk = await openDesk();
  const taught = await teach(desk, await staffed(desk));
  // The last is the one that makes it known.
  const commits = Math.ceil(64 / 10) + 1;
  for (let done = 0; done < commits; done++) {
    await assert.rejects(learnFromTickets(dyingAfter(desk.desk, done)), /died/);
    assert.equal((await classifierState(desk.desk)).tickets, 0);
    await desk.assertSound();
  }
  assert.ok(await blocksIn(desk) > 64);
  assert.equal(await learnFromTickets(desk.desk), taught);
  // At most a hundred are cleared away by one run: the rest goes with the next ones.
  const staff = await staffed(desk);
  for (let run = 0; run < 2; run++) {
    await resolveOne(desk, staff, { title: "My card", category: "technical" });
    desk.clock.advance(HOUR_MS);
    assert.equal(await learnFromTickets(desk.desk), 1);
  }
  assert.equal(await blocksIn(desk), await named(desk));
  await desk.assertSound();
});

Deno.test("a restored backup knows what was learned, and learns on", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  await teach(desk, staff);
  await learnFromTickets(desk.desk);
  await resolveOne(desk, staff, { title: "My card", category: "technical" });
  using memory = await memoryStore(desk.clock);
  granted(await importLines(memory.store, exportLines(desk.desk.store)));
  const [before, after] = [desk.desk.store, memory.store].map(readClassifier);
  assert.deepEqual((await after)?.classifier, (await before)?.classifier);
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets({ store: memory.store }), 1);
  assert.deepEqual(await faultsOf(memory.store), []);
});

Deno.test("the doctor tells of a block that is not there, and of one that cannot be read", async () => {
  await using desk = await openDesk();
  await teach(desk, await staffed(desk));
  await learnFromTickets(desk.desk);
  const { store } = desk.desk;
  const [first, second] = await readList(store, ["classifier_block"], { limit: 2 });
  assert(first !== undefined && second !== undefined);
  await store.committer.submit({
    checks: [],
    events: [],
    mutations: [
      { kind: "delete", key: first.key },
      { kind: "set", key: second.key, value: Uint8Array.of(1, 255) },
    ],
  });
  const messages = (await faultsOf(store)).map(({ message }) => message);
  assert.deepEqual(messages.toSorted(), ["cannot be read", "is not there"]);
  // A process that cannot read it opens tickets all the same.
  const { actor } = await desk.join("supervisor");
  const ticket = granted(await openTicket(await anotherProcess(desk.desk), actor, CARD));
  assert.deepEqual([ticket.suggested, ticket.category], [undefined, "general"]);
  granted(await forgetLearned(desk.desk, { relearn: false }));
  await desk.assertSound();
});

Deno.test("what is forgotten is learned again only where that is asked for", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const taught = await teach(desk, staff);
  await learnFromTickets(desk.desk);
  const forgotten = granted(await forgetLearned(desk.desk, { relearn: false }));
  assert.equal(forgotten.tickets, taught);
  assert.equal(await blocksIn(desk), 0);
  desk.clock.advance(MINUTE_MS);
  await resolveOne(desk, staff, { title: "My card", category: "technical" });
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  granted(await forgetLearned(desk.desk, { relearn: true }));
  assert.equal(await learnFromTickets(desk.desk), taught + 1);
  await desk.assertSound();
});

Deno.test("as many labels as there may be, of the longest names, fit into a value", () => {
  const labels = Array.from({ length: LABELS_MAX }, (_, index) => ({
    aspect: "category" as const,
    name: String(index).padStart(60, "x"),
    examples: 2 ** 31,
    totals: [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31],
  }));
  const name = "019b8d2e-0000-7000-8000-000000000000";
  const head = { ...newHead(name, 0), labels, blocks: Array.from({ length: BLOCKS }, () => name) };
  assert.ok(storedBytes(head) < VALUE_BYTES_MAX);
});
