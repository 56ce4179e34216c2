import assert from "node:assert/strict";
import { granted, openDesk, refusalOf, type TestDesk } from "../support/desk.ts";
import { deleteCalendar, listCalendars, putCalendar } from "../../domain/services/calendars.ts";
import { makeSlaBook } from "../../domain/services/sla_book.ts";
import { finishApplying } from "../../domain/services/sla_apply.ts";
import {
  knowsCategory,
  listSlaConfigurations,
  putSlaConfiguration,
} from "../../domain/services/sla_configurations.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { entriesOf } from "../store/samples.ts";

const OFFICE = {
  name: "Office",
  timezone: "Europe/Berlin",
  weekly: { mon: [["09:00", "17:00"]] },
} as const;
const BILLING = { priority: 1, category: "billing" } as const;

/** A desk that does nothing by itself, with a calendar by which nobody counts yet. */
async function openQuietDesk(): Promise<TestDesk> {
  const desk = await openDesk();
  await desk.background.stop();
  granted(await putCalendar(desk.desk, "office", OFFICE));
  await applied(desk);
  return desk;
}

async function applied({ desk }: TestDesk): Promise<void> {
  const { version } = await desk.book.latest();
  await finishApplying(desk, String(version));
  assert.equal((await desk.book.latest()).applying, false);
}

Deno.test("edits that come at once are each made, one version after the other", async () => {
  await using desk = await openQuietDesk();
  const { version } = await desk.desk.book.latest();
  const priorities = [1, 2, 3] as const;
  const pairs = priorities.flatMap((priority) =>
    ["billing", "returns", "cards"].map((category) => ({ priority, category }))
  );
  const edits = await Promise.all(
    pairs.map((pair, index) => putSlaConfiguration(desk.desk, pair, { responseTime: index + 1 })),
  );
  const versions = edits.map((edit) => granted(edit).configuration.version);
  assert.deepEqual(
    versions.toSorted((a, b) => a - b),
    pairs.map((_, index) => version + index + 1),
  );
  const listed = await listSlaConfigurations(desk.desk);
  for (const [index, { priority, category }] of pairs.entries()) {
    const found = listed.find((each) => each.priority === priority && each.category === category);
    assert.equal(found?.responseTime, index + 1);
  }
  await desk.assertSound();
});

Deno.test("edits of one configuration that come at once lose nothing of each other", async () => {
  await using desk = await openQuietDesk();
  const edits = await Promise.all([
    putSlaConfiguration(desk.desk, BILLING, { responseTime: 5 }),
    putSlaConfiguration(desk.desk, BILLING, { resolutionTime: 6 }),
    putSlaConfiguration(desk.desk, BILLING, { nextReplyTime: 7 }),
    putSlaConfiguration(desk.desk, BILLING, { replyOnly: true }),
  ]);
  for (const edit of edits) granted(edit);
  const [found] = (await listSlaConfigurations(desk.desk)).filter((each) =>
    each.priority === 1 && each.category === "billing"
  );
  const { responseTime, resolutionTime, nextReplyTime, replyOnly } = found ?? {};
  assert.deepEqual([responseTime, resolutionTime, nextReplyTime, replyOnly], [5, 6, 7, true]);
  await desk.assertSound();
});

Deno.test("an edit that changes nothing writes nothing", async () => {
  await using desk = await openQuietDesk();
  granted(await putSlaConfiguration(desk.desk, BILLING, { responseTime: 5 }));
  const { reader } = desk.desk.store;
  const before = await entriesOf(reader);
  granted(await putSlaConfiguration(desk.desk, BILLING, {}));
  granted(await putSlaConfiguration(desk.desk, BILLING, { responseTime: 5 }));
  granted(await putCalendar(desk.desk, "office", OFFICE));
  granted(await putCalendar(desk.desk, "default", { name: "Always open", alwaysOpen: true }));
  assert.deepEqual(await entriesOf(reader), before);
});

Deno.test("while an edit is on its way to open tickets there is no other, and then there is", async () => {
  await using desk = await openQuietDesk();
  const first = { responseTime: 5, applyToOpen: true };
  granted(await putSlaConfiguration(desk.desk, BILLING, first));
  const { reader } = desk.desk.store;
  const before = await entriesOf(reader);
  const others = (): Promise<unknown>[] => [
    putSlaConfiguration(desk.desk, BILLING, { responseTime: 6 }),
    putCalendar(desk.desk, "office", { timezone: "Asia/Tokyo" }),
    putCalendar(desk.desk, "office", { name: "Bureau" }),
    deleteCalendar(desk.desk, "office"),
  ];
  for (const other of await Promise.all(others())) assert.equal(refusalOf(other), "conflict");
  assert.deepEqual(await entriesOf(reader), before);
  await desk.assertSound();
  // The same once more is no other.
  granted(await putSlaConfiguration(desk.desk, BILLING, first));
  await applied(desk);
  granted(await putSlaConfiguration(desk.desk, BILLING, { responseTime: 6 }));
  await desk.assertSound();
});

Deno.test("a calendar is never deleted that a configuration comes to name at that moment", async () => {
  for (let round = 0; round < 4; round++) {
    await using desk = await openQuietDesk();
    const named = (): Promise<unknown> =>
      putSlaConfiguration(desk.desk, BILLING, { calendar: "office" });
    const deleted = (): Promise<unknown> => deleteCalendar(desk.desk, "office");
    const both = round % 2 === 0 ? [named(), deleted()] : [deleted(), named()];
    const outcomes = await Promise.all(both);
    assert.equal(outcomes.filter(isRefusal).length, 1, JSON.stringify(outcomes));
    await desk.assertSound();
  }
});

Deno.test("of calendars that want one department at once exactly one has it", async () => {
  await using desk = await openQuietDesk();
  const outcomes = await Promise.all(
    ["a", "b", "c"].map((id) => putCalendar(desk.desk, id, { ...OFFICE, departments: ["Cards"] })),
  );
  assert.equal(outcomes.filter(isRefusal).length, 2);
  assert.equal((await listCalendars(desk.desk)).length, 3);
  await desk.assertSound();
});

Deno.test("a category is known from the commit on that makes it so, in every process", async () => {
  await using desk = await openQuietDesk();
  const other = { ...desk.desk, book: makeSlaBook(desk.desk.store) };
  assert.equal(await knowsCategory(other, "returns"), false);
  assert.equal(await knowsCategory(desk.desk, "returns"), false);
  assert.equal(await knowsCategory(desk.desk, "urgent"), true);
  granted(await putSlaConfiguration(desk.desk, { priority: 3, category: "returns" }, {}));
  assert.equal(await knowsCategory(desk.desk, "returns"), true);
  assert.equal(await knowsCategory(other, "returns"), true);
});
