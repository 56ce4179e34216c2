import assert from "node:assert/strict";
import { putCalendar } from "../../domain/services/calendars.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { HOUR_MS, iso, MINUTE_MS } from "../../domain/rules/time.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk } from "../support/desk.ts";
import { look, open, say, ticketOf, type View } from "../support/work.ts";

const GENERAL = { priority: 2, category: "general" } as const;

Deno.test("a ticket's history tells when an edit moved its deadlines, and nobody is rung for it", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  desk.clock.advance(10 * MINUTE_MS);
  const edited = desk.clock.now();
  granted(
    await putSlaConfiguration(desk.desk, GENERAL, { responseTime: 300, applyToOpen: true }),
  );
  await resumeIntents(desk.desk);
  const { history, updatedAt } = await ticketOf(desk, boss, ticket);
  const [entry, ...others] = history.filter(({ action }: View) => action === "updated");
  assert.deepEqual(others, []);
  assert.equal(entry.performedBy, null);
  assert.deepEqual([entry.timestamp, updatedAt], [iso(edited), iso(edited)]);
  assert.deepEqual(entry.details, {
    by: "edit of promises",
    reason: "target_change",
    responseDeadline: iso(Date.parse(ticket.createdAt) + 5 * HOUR_MS),
  });
  for (const person of [boss, customer]) {
    assert.deepEqual(await look(desk, person, "/api/notifications/unread"), []);
  }
  await desk.assertSound();
});

Deno.test("of a promise that an edit gives up no deadline is told, though it counts by other hours", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const customer = await desk.join("user");
  const hours = { timezone: "UTC", weekly: { tue: [["09:00", "17:00"]] } } as const;
  granted(await putCalendar(desk.desk, "office", { name: "Office", ...hours }));
  granted(await putSlaConfiguration(desk.desk, GENERAL, { nextReplyTime: 60 }));
  const ticket = await open(desk, customer);
  await say(desk, customer, ticket, "Is anybody there?");
  const changes = { nextReplyTime: null, calendar: "office", applyToOpen: true };
  granted(await putSlaConfiguration(desk.desk, GENERAL, changes));
  await resumeIntents(desk.desk);
  const { history } = await ticketOf(desk, boss, ticket);
  const [entry] = history.filter(({ action }: View) => action === "updated");
  assert.deepEqual(Object.keys(entry.details), [
    "by",
    "reason",
    "responseDeadline",
    "resolutionDeadline",
  ]);
  await desk.assertSound();
});

Deno.test("a new calendar is in no other edit's way, and an edit waits a moment for the one before", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (let index = 0; index < 50; index++) await open(desk, customer);
  const hours = { timezone: "UTC", weekly: { mon: [["09:00", "17:00"]] } } as const;
  granted(await putCalendar(desk.desk, "office", { name: "Office", ...hours }));
  assert.equal((await desk.desk.book.latest()).applying, false);
  granted(await putSlaConfiguration(desk.desk, GENERAL, { calendar: "office" }));
  // Each of these is carried to fifty tickets while the next one waits for it.
  for (const responseTime of [60, 70, 80]) {
    granted(await putSlaConfiguration(desk.desk, GENERAL, { responseTime, applyToOpen: true }));
  }
  await desk.background.idle();
  await desk.assertSound();
});
