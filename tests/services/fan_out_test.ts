import assert from "node:assert/strict";
import { fanOut } from "../../domain/services/fan_out.ts";
import { readAllNotifications } from "../../domain/services/read_all.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter, NOTHING_RESUMED } from "../support/interruption.ts";
import { look, move, open, type View } from "../support/work.ts";

/** A desk without a background, so that announcements wait until a test carries them out. */
async function crowd(desk: TestDesk): Promise<{ customer: Person; chiefs: Person[] }> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const chiefs: Person[] = [];
  for (let index = 0; index < 12; index++) {
    chiefs.push(await desk.join(index % 2 === 0 ? "supervisor" : "admin"));
  }
  return { customer, chiefs };
}

async function counts(desk: TestDesk, people: readonly Person[]): Promise<number[]> {
  const lists = await Promise.all(
    people.map((person) => look(desk, person, "/api/notifications/unread")),
  );
  return lists.map(({ length }: View[]) => length);
}

Deno.test("an announcement cut off anywhere is resumed, and tells everybody exactly once", async () => {
  for (const commits of [0, 1, 5, 11, 12]) {
    await using desk = await openDesk();
    const { customer, chiefs } = await crowd(desk);
    const agent = await desk.join("agent", { agent: { status: "busy" } });
    const ticket = await open(desk, customer);
    await move(desk, agent, ticket, "escalated");
    const [announcement = ""] = await openIntents(desk.desk, "fan_out");
    await assert.rejects(fanOut(dyingAfter(desk.desk, commits), announcement));
    const told = (await counts(desk, chiefs)).filter((count) => count > 0);
    assert.equal(told.length, commits);
    assert.deepEqual(await openIntents(desk.desk, "fan_out"), [announcement]);
    assert.deepEqual(await resumeIntents(desk.desk), { ...NOTHING_RESUMED, announced: 1 });
    assert.deepEqual(await counts(desk, chiefs), chiefs.map(() => 1));
    assert.deepEqual(await openIntents(desk.desk, "fan_out"), []);
    await desk.assertSound();
  }
});

Deno.test("runs at the same time, and runs after the end, tell nobody twice", async () => {
  await using desk = await openDesk();
  const { customer, chiefs } = await crowd(desk);
  const [escalating = customer] = chiefs;
  await move(desk, escalating, await open(desk, customer), "escalated");
  const [announcement = ""] = await openIntents(desk.desk, "fan_out");
  await Promise.all([1, 2, 3, 4].map(() => fanOut(desk.desk, announcement)));
  await fanOut(desk.desk, announcement);
  await resumeIntents(desk.desk);
  assert.deepEqual(await counts(desk, chiefs), chiefs.map((chief) => chief === escalating ? 0 : 1));
  await desk.assertSound();
});

Deno.test("who has read an announcement is not told again when it is resumed", async () => {
  await using desk = await openDesk();
  const { customer, chiefs } = await crowd(desk);
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  await move(desk, agent, await open(desk, customer), "escalated");
  const [announcement = ""] = await openIntents(desk.desk, "fan_out");
  await assert.rejects(fanOut(dyingAfter(desk.desk, 6), announcement));
  for (const chief of chiefs) await readAllNotifications(desk.desk, chief.actor);
  await resumeIntents(desk.desk);
  assert.equal((await counts(desk, chiefs)).reduce((sum, count) => sum + count, 0), 6);
  await desk.assertSound();
});
