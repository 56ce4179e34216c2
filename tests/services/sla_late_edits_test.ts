import assert from "node:assert/strict";
import type { HistoryAction, HistoryEntry } from "../../domain/rules/event.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { putCalendar } from "../../domain/services/calendars.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { sweepDue } from "../../domain/services/sla_sweep.ts";
import { keys } from "../../domain/store/keys.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { read } from "../../domain/store/store.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";
import { move, open, openFor, type View } from "../support/work.ts";

const GENERAL = { priority: 2, category: "general" } as const;
const OFFICE = {
  name: "Office",
  timezone: "UTC",
  weekly: { mon: [["09:00", "17:00"]] },
  departments: ["cards"],
} as const;

/** When things of that name happened to a ticket, and why. */
async function happened(
  { desk: { store } }: TestDesk,
  { id }: View,
  action: HistoryAction,
): Promise<[Instant, unknown][]> {
  const rows = store.reader.list<HistoryEntry>({ prefix: ["history", id] });
  const entries = (await Array.fromAsync(rows)).map(({ value }) => value);
  return entries.filter((entry) => entry.action === action)
    .map(({ at, details }) => [at, details["reason"]]);
}

async function recordOf({ desk }: TestDesk, { id }: View): Promise<Ticket> {
  const ticket = await read(desk.store, tickets, keys.ticket(id));
  assert(ticket !== null);
  return ticket;
}

Deno.test("what was due before an edit of hours comes as of its instant, however late it is seen", async () => {
  for (const isSeenInTime of [true, false]) {
    await using desk = await openDesk();
    await desk.background.stop();
    const customer = await desk.join("user");
    granted(await putCalendar(desk.desk, "office", OFFICE));
    await resumeIntents(desk.desk);
    const rule = { level: 4, threshold: 30, on: "response", reassign: false } as const;
    const escalationRules = [{ ...rule, notifyRoles: ["supervisor" as const] }];
    const { configuration: { responseTime } } = granted(
      await putSlaConfiguration(desk.desk, GENERAL, { escalationRules }),
    );
    // On a Monday at nine.
    const ticket = await open(desk, customer, { department: "Cards" });
    const opened = desk.clock.now();
    desk.clock.advance(HOUR_MS);
    if (isSeenInTime) await sweepDue(desk.desk);
    // By the new hours not a minute has passed.
    granted(await putCalendar(desk.desk, "office", { weekly: { tue: [["09:00", "17:00"]] } }));
    await desk.assertSound();
    await resumeIntents(desk.desk);
    const levels = await happened(desk, ticket, "escalated");
    assert.deepEqual(levels, [[opened + 30 * MINUTE_MS, undefined]]);
    const { response } = (await recordOf(desk, ticket)).sla;
    assert.equal(response.dueAt, opened + DAY_MS + responseTime * MINUTE_MS);
    await desk.assertSound();
  }
});

Deno.test("a promise that an edit breaks as it lets a waiting ticket's clocks stand still is broken by it", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  granted(await putSlaConfiguration(desk.desk, GENERAL, { pauseOnPending: false }));
  const ticket = await openFor(desk, customer, agent, boss);
  await move(desk, agent, ticket, "pending");
  desk.clock.advance(HOUR_MS);
  const changes = { resolutionTime: 30, responseTime: 300, pauseOnPending: true };
  granted(await putSlaConfiguration(desk.desk, GENERAL, { ...changes, applyToOpen: true }));
  const edited = desk.clock.now();
  desk.clock.advance(HOUR_MS);
  await resumeIntents(desk.desk);
  const { resolution } = (await recordOf(desk, ticket)).sla;
  assert.deepEqual([resolution.state, resolution.consumedMs], ["paused", HOUR_MS]);
  assert.deepEqual([resolution.breachedAt, resolution.isCounted], [edited, true]);
  assert.deepEqual(await happened(desk, ticket, "sla_breach"), [[edited, "target_change"]]);
  await desk.assertSound();
});
