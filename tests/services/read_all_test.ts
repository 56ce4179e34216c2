import assert from "node:assert/strict";
import type { Notification } from "../../domain/rules/notification.ts";
import { removeNotification } from "../../domain/services/notifications.ts";
import { finishReading, readAllNotifications } from "../../domain/services/read_all.ts";
import { notifications } from "../../domain/store/kinds.ts";
import { transact } from "../../domain/store/transact.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { sampleNotification } from "../store/samples.ts";
import { granted, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter, NOTHING_RESUMED } from "../support/interruption.ts";

const UNREAD = 230;
/** The word to read all, and twenty-three commits of ten. */
const COMMITS = 24;

/** Somebody who has so many unread notifications; their ids, oldest first. */
async function fill(
  desk: TestDesk,
  count = UNREAD,
): Promise<{ readonly person: Person; readonly ids: readonly string[] }> {
  await desk.background.stop();
  const person = await desk.join("user");
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await add(desk, person)).id);
  return { person, ids };
}

async function add(desk: TestDesk, person: Person): Promise<Notification> {
  const { store } = desk.desk;
  const notification = sampleNotification(store, person.actor.userId);
  granted(await transact(store, (tx) => Promise.resolve(tx.add(notifications, notification))));
  return notification;
}

/** How many unread there are by the list, and by the total beside it. */
async function unreadOf(desk: TestDesk, person: Person): Promise<[number, number]> {
  const { json } = await desk.call(person, "GET", "/api/notifications/unread");
  return [json.count, json.total];
}

Deno.test("all are read at once for whoever looks, wherever the marking is cut off, and resumed once", async () => {
  for (const commits of [1, 2, 13, COMMITS - 1, COMMITS]) {
    await using desk = await openDesk();
    const { person } = await fill(desk);
    await assert.rejects(readAllNotifications(dyingAfter(desk.desk, commits), person.actor));
    assert.deepEqual(await unreadOf(desk, person), [0, 0], `${commits} commits`);
    // What comes after the word to read all is unread, also while the marking is not done.
    await add(desk, person);
    assert.deepEqual(await unreadOf(desk, person), [1, 1]);
    const read = await desk.call(person, "GET", "/api/notifications?unread=false&limit=1");
    assert.equal(read.json.total, UNREAD);
    assert.deepEqual(await openIntents(desk.desk, "read_all"), [person.actor.userId]);
    assert.deepEqual(await resumeIntents(desk.desk), { ...NOTHING_RESUMED, read: 1 });
    assert.deepEqual(await openIntents(desk.desk, "read_all"), []);
    assert.deepEqual(await unreadOf(desk, person), [1, 1]);
    assert.equal(await finishReading(desk.desk, person.actor.userId), 0);
    await desk.assertSound();
  }
});

Deno.test("of several runs at once each notification is marked by one", async () => {
  await using desk = await openDesk();
  const { person } = await fill(desk);
  const runs = await Promise.all(
    [1, 2, 3].map(() => readAllNotifications(desk.desk, person.actor)),
  );
  const marked = runs.reduce((sum, run) => sum + granted(run).marked, 0);
  assert.equal(marked, UNREAD);
  assert.deepEqual(await unreadOf(desk, person), [0, 0]);
  assert.deepEqual(await openIntents(desk.desk, "read_all"), []);
  await desk.assertSound();
});

Deno.test("what is removed while all are being read is gone, counted once, and hinders nothing", async () => {
  await using desk = await openDesk();
  const { person, ids } = await fill(desk);
  const doomed = ids.filter((_, index) => index % 7 === 0);
  const reading = readAllNotifications(desk.desk, person.actor);
  const removals = doomed.map((id) => removeNotification(desk.desk, person.actor, id));
  for (const removal of await Promise.all(removals)) granted(removal);
  granted(await reading);
  assert.deepEqual(await unreadOf(desk, person), [0, 0]);
  const { json } = await desk.call(person, "GET", "/api/notifications?limit=1");
  assert.equal(json.total, UNREAD - doomed.length);
  assert.deepEqual(await openIntents(desk.desk, "read_all"), []);
  await desk.assertSound();
});
