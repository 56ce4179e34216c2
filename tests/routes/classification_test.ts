import assert from "node:assert/strict";
import { learnFromTickets } from "../../domain/services/learning.ts";
import { openDesk } from "../support/desk.ts";
import { openUnnamed, type Staff, staffed, teach } from "../support/lessons.ts";
import { anotherProcess } from "../support/overdue_desk.ts";
import { agentId, dataOf, look, move, open, ticketOf } from "../support/work.ts";

type TestDesk = Awaited<ReturnType<typeof openDesk>>;

async function taughtDesk(desk: TestDesk): Promise<Staff> {
  const staff = await staffed(desk);
  await teach(desk, staff);
  await learnFromTickets(desk.desk);
  // Asked for once, so that this process reads it.
  await desk.desk.classification.now();
  await desk.desk.classification.idle();
  return staff;
}

Deno.test("staff see what is suggested where the requester said nothing, and customers do not", async () => {
  await using desk = await openDesk();
  const { customer, boss } = await taughtDesk(desk);
  const opened = await openUnnamed(desk, customer, "I lost my card");
  assert.equal(opened.suggested, null);
  const seen = await ticketOf(desk, boss, opened);
  assert.equal(seen.suggested.category, "technical");
  assert.equal(seen.suggested.priority, 1);
  assert.deepEqual(seen.suggested.applied, []);
  const { category, priority } = seen.suggested.confidences;
  assert.equal(seen.suggested.confidence, Math.min(category, priority));
  assert.deepEqual([seen.category, seen.priority], ["general", 2]);
  await desk.assertSound();
});

Deno.test("nothing is suggested for what the requester said", async () => {
  await using desk = await openDesk();
  const { customer, boss } = await taughtDesk(desk);
  const named = { title: "I lost my card", requiredSkills: ["nobody has it"] };
  const half = await open(desk, customer, { ...named, category: "general" });
  const { suggested } = await ticketOf(desk, boss, half);
  assert.deepEqual([suggested.category, suggested.priority], [null, 1]);
  assert.equal(suggested.confidences.category, null);
  const whole = await open(desk, customer, { ...named, category: "general", priority: 2 });
  assert.equal((await ticketOf(desk, boss, whole)).suggested, null);
  await desk.assertSound();
});

Deno.test("a desk that has learned nothing suggests nothing", async () => {
  await using desk = await openDesk({ CLASSIFY_APPLY_ABOVE: "0.5" });
  const boss = await desk.join("supervisor");
  const opened = await openUnnamed(desk, boss, "I lost my card");
  assert.deepEqual([opened.suggested, opened.category, opened.priority], [null, "general", 2]);
  await desk.assertSound();
});

Deno.test("what is sure enough is applied, brings its own deadlines, and teaches nothing", async () => {
  await using desk = await openDesk({ CLASSIFY_APPLY_ABOVE: "0.9" });
  const { customer, agent, boss } = await taughtDesk(desk);
  const opened = await openUnnamed(desk, customer, "I lost my card");
  assert.deepEqual([opened.category, opened.priority], ["technical", 1]);
  const minutes = (Date.parse(opened.sla.responseDeadline) - Date.parse(opened.createdAt)) / 60_000;
  assert.equal(minutes, 45);
  const seen = await ticketOf(desk, boss, opened);
  assert.deepEqual(seen.suggested.applied, ["category", "priority"]);
  assert.equal(seen.history.at(-1).details.suggested, "category, priority");
  const unsure = await openUnnamed(desk, customer, "Good morning");
  assert.deepEqual([unsure.category, unsure.priority], ["general", 2]);

  await move(desk, boss, opened, "assigned", { agentId: agentId(agent) });
  await move(desk, agent, opened, "resolved");
  desk.clock.advance(3_600_000);
  assert.equal(await learnFromTickets(desk.desk), 0);
  await desk.assertSound();
});

Deno.test("an administrator sees what was learned, and has it forgotten in every process", async () => {
  await using desk = await openDesk();
  const { customer, boss } = await taughtDesk(desk);
  const admin = await desk.join("admin");
  const known = await look(desk, admin, "/api/classification");
  assert.deepEqual(known.categories, [
    { name: "billing", examples: 30 },
    { name: "technical", examples: 30 },
  ]);
  assert.equal(known.tickets, 60);
  const other = await anotherProcess(desk.desk);
  assert.equal((await other.classification.now()).labels.length, 4);

  const forgotten = dataOf(await desk.call(admin, "DELETE", "/api/classification"), 200);
  assert.deepEqual(forgotten, known);
  const after = await look(desk, admin, "/api/classification");
  assert.deepEqual([after.tickets, after.categories, after.blocks], [0, [], 0]);
  const opened = await openUnnamed(desk, customer, "I lost my card");
  assert.equal((await ticketOf(desk, boss, opened)).suggested, null);
  // The other process has no relay here: it looks by itself.
  desk.clock.advance(2_000);
  await other.classification.now();
  await other.classification.idle();
  assert.equal((await other.classification.now()).labels.length, 0);
  await desk.assertSound();
});
