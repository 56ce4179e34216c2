import assert from "node:assert/strict";
import { NOTIFICATION_TYPES } from "../../domain/rules/notification.ts";
import { notifications } from "../../domain/store/kinds.ts";
import { transact } from "../../domain/store/transact.ts";
import { sampleNotification } from "../store/samples.ts";
import { granted, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { dataOf, type View, walk } from "../support/work.ts";

const PATH = "/api/notifications";

/** Somebody with notifications of all types, every third of them read; all of them, newest first. */
async function fill(
  desk: TestDesk,
  count: number,
): Promise<{ readonly person: Person; readonly all: readonly View[] }> {
  const person = await desk.join("user");
  for (let index = 0; index < count; index++) await add(desk, person, index);
  const all = dataOf(await desk.call(person, "GET", `${PATH}?limit=100`), 200);
  assert.equal(all.length, count);
  return { person, all };
}

async function add(desk: TestDesk, person: Person, index: number): Promise<void> {
  const { store } = desk.desk;
  const notification = sampleNotification(store, person.actor.userId, {
    type: NOTIFICATION_TYPES[index % NOTIFICATION_TYPES.length] ?? "escalation",
    read: index % 3 === 0,
  });
  granted(await transact(store, (tx) => Promise.resolve(tx.add(notifications, notification))));
}

function idsOf(views: readonly View[]): string[] {
  return views.map(({ id }) => id);
}

Deno.test("every filter gives what fits it, newest first, with its exact total, page by page", async () => {
  await using desk = await openDesk();
  await fill(desk, 20);
  const { person, all } = await fill(desk, 60);
  assert.deepEqual(idsOf(all), idsOf(all).toSorted().toReversed());
  const questions: [string, (view: View) => boolean][] = [["", () => true]];
  for (const read of [true, false]) {
    questions.push([`unread=${!read}`, (view) => view.read === read]);
    for (const type of NOTIFICATION_TYPES) {
      const fits = (view: View): boolean => view.type === type && view.read === read;
      questions.push([`type=${type}&unread=${!read}`, fits]);
    }
  }
  for (const [question, fits] of questions) {
    const expected = idsOf(all.filter(fits));
    for (const limit of [1, 7, 20]) {
      const path = `${PATH}?limit=${limit}&${question}`;
      assert.deepEqual(idsOf(await walk(desk, person, path)), expected, path);
      const { json } = await desk.call(person, "GET", path);
      assert.equal(json.total, expected.length, path);
      assert.equal(json.pages, Math.ceil(expected.length / limit), path);
      assert.equal("totalCapped" in json, false, path);
      const second = await desk.call(person, "GET", `${path}&page=2`);
      assert.deepEqual(idsOf(second.json.data), expected.slice(limit, 2 * limit), path);
      assert.equal(second.json.currentPage, 2);
    }
  }
  await desk.assertSound();
});

Deno.test("a walk repeats nothing and misses nothing, while some come, are read, or are removed", async () => {
  for (const question of ["", "unread=true", "unread=true&type=escalation"]) {
    await using desk = await openDesk();
    const { person, all } = await fill(desk, 60);
    const path = `${PATH}?limit=4&${question}`;
    const before = idsOf(await walk(desk, person, path));
    const removed: string[] = [];
    const walked = await walk(desk, person, path, async (page) => {
      await add(desk, person, 5);
      // The page's own first, which has been seen, and the last of all, which has not.
      await desk.call(person, "PUT", `${PATH}/${before[4 * (page - 1)]}/read`);
      const doomed = all.at(-page)?.id;
      dataOf(await desk.call(person, "DELETE", `${PATH}/${doomed}`), 200);
      removed.push(doomed);
    });
    const unseen = removed.filter((id) => !idsOf(walked).includes(id));
    assert.deepEqual(idsOf(walked), before.filter((id) => !unseen.includes(id)), question);
    await desk.assertSound();
  }
});

Deno.test("a notification that is removed is given once more, and is gone from lists and counts", async () => {
  await using desk = await openDesk();
  const { person, all } = await fill(desk, 10);
  const stranger = await desk.join("admin");
  let unread = all.filter(({ read }) => !read).length;
  for (const view of all.slice(0, 6)) {
    const path = `${PATH}/${view.id}`;
    assertProblem(await desk.call(stranger, "DELETE", path), 404, "not_found");
    assert.deepEqual(dataOf(await desk.call(person, "DELETE", path), 200), view);
    assertProblem(await desk.call(person, "DELETE", path), 404, "not_found");
    assertProblem(await desk.call(person, "PUT", `${path}/read`), 404, "not_found");
    if (!view.read) unread -= 1;
    const { json } = await desk.call(person, "GET", `${PATH}/unread`);
    assert.deepEqual([json.count, json.total], [unread, unread]);
  }
  const left = await desk.call(person, "GET", PATH);
  assert.deepEqual(idsOf(left.json.data), idsOf(all.slice(6)));
  await desk.assertSound();
});

Deno.test("what is no question is refused, and so is a cursor of another question or person", async () => {
  await using desk = await openDesk();
  const { person } = await fill(desk, 10);
  const other = await desk.join("user");
  const { json } = await desk.call(person, "GET", `${PATH}?limit=2&unread=true`);
  const cursor = `limit=2&cursor=${json.nextCursor}`;
  assert.equal((await desk.call(person, "GET", `${PATH}?unread=true&${cursor}`)).status, 200);
  const bad: [Person, string][] = [
    [person, cursor],
    [person, `unread=false&${cursor}`],
    [other, `unread=true&${cursor}`],
    [person, "cursor=nonsense"],
    [person, "unread=yes"],
    [person, "type=gossip"],
    [person, "limit=0"],
    [person, "limit=101"],
    [person, "page=0"],
    [person, "page=10000"],
  ];
  for (const [asking, question] of bad) {
    const answer = await desk.call(asking, "GET", `${PATH}?${question}`);
    assertProblem(answer, 400, "invalid_input");
  }
  await desk.assertSound();
});

Deno.test("preferences keep what is not named, ignore what is unknown, and refuse other words", async () => {
  await using desk = await openDesk();
  const person = await desk.join("user");
  const path = `${PATH}/preferences`;
  const before = dataOf(await desk.call(person, "GET", path), 200);
  assert.deepEqual(Object.keys(before).sort(), [...NOTIFICATION_TYPES].sort());
  assert.deepEqual(new Set(Object.values(before)), new Set(["live"]));
  const first = { comment_added: "off", gossip: "loud" };
  const changed = { ...before, comment_added: "off" };
  assert.deepEqual(dataOf(await desk.call(person, "PUT", path, first), 200), changed);
  const second = { sla_warning: "silent" };
  const both = { ...changed, sla_warning: "silent" };
  assert.deepEqual(dataOf(await desk.call(person, "PUT", path, second), 200), both);
  assert.deepEqual(dataOf(await desk.call(person, "PUT", path, {}), 200), both);
  for (const bad of [{ comment_added: "loud" }, { comment_added: null }, [], "off"]) {
    assertProblem(await desk.call(person, "PUT", path, bad), 400, "invalid_input");
  }
  assert.deepEqual(dataOf(await desk.call(person, "GET", path), 200), both);
  const other = await desk.join("user");
  assert.deepEqual(dataOf(await desk.call(other, "GET", path), 200), before);
  await desk.assertSound();
});
