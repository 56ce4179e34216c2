import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { HistoryEntry } from "../../domain/rules/event.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { clocksOf } from "../../domain/rules/sla.ts";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import { type Measure, placeOf } from "../../domain/rules/sla_metrics.ts";
import { packStart } from "../../domain/rules/sla_range.ts";
import { PRIORITIES, type Ticket } from "../../domain/rules/ticket.ts";
import { DAY_MS, HOUR_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { seedDesk } from "../../domain/services/seed.ts";
import { PACKS_READ_MAX } from "../../domain/services/sla_figures.ts";
import { readMetrics, readTrends } from "../../domain/services/sla_metrics.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { keys } from "../../domain/store/keys.ts";
import { holdLease, releaseLease } from "../../domain/store/lease.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { piecesOf } from "../../domain/store/sla_packs.ts";
import { granted, openDesk, refusalOf, SETUP, type TestDesk } from "../support/desk.ts";
import {
  addMeasured,
  expectedFigures,
  measured,
  shownFigures,
  variedMeasured,
} from "../support/measurements.ts";
import { disturbed } from "../store/disturbed.ts";

const WHOLE = { startDate: { at: Date.UTC(2025, 10, 1) }, endDate: { at: Date.UTC(2026, 1, 1) } };

/** The same desk, but something happens at each step of whatever list it reads. */
function disturbedDesk({ desk }: TestDesk, happen: () => Promise<void>): Desk {
  // In memory there is one connection, for reading and writing.
  const { store } = desk;
  const memory = { kv: store.reader, store, [Symbol.dispose]: (): void => {} };
  return { ...desk, store: disturbed(memory, happen) };
}

Deno.test("what is packed while somebody reads counts once for them", async () => {
  // Whenever it happens: before the first step of a list, or before a later one.
  for (let after = 0; after < 12; after++) {
    await using desk = await openDesk();
    const { store } = desk.desk;
    const all = variedMeasured(60, desk.clock.now(), 50);
    await addMeasured(store, all.slice(0, 20));
    await packMeasurements(desk.desk);
    await addMeasured(store, all.slice(20));
    let steps = 0;
    const reading = disturbedDesk(desk, async () => {
      steps += 1;
      if (steps === after + 1) await packMeasurements(desk.desk);
    });
    const { figures, range } = granted(await readMetrics(reading, SETUP, WHOLE));
    assert.ok(steps > after, "it happened");
    assert.deepEqual(shownFigures(figures), expectedFigures(all, range));
  }
});

Deno.test("who reads while everything is packed again and again is told to try again", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const [one] = variedMeasured(1, desk.clock.now(), 1);
  assert(one !== undefined);
  const reading = disturbedDesk(desk, async () => {
    await addMeasured(store, [one]);
    await packMeasurements(desk.desk);
  });
  assert.equal(refusalOf(await readMetrics(reading, SETUP, WHOLE)), "unavailable");
});

Deno.test("figures are read without a look at any ticket, and a month without its days", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  await addMeasured(store, variedMeasured(100, desk.clock.now(), 60));
  await packMeasurements(desk.desk);
  const read: string[] = [];
  const note = (how: string, key: Deno.KvKey): void => void read.push([how, ...key].join(" "));
  const reader = new Proxy(store.reader, {
    get(target, name) {
      if (name === "list") {
        return (selector: Deno.KvListSelector, options: Deno.KvListOptions) => {
          note("list", "prefix" in selector ? selector.prefix : selector.start);
          return target.list(selector, options);
        };
      }
      if (name === "get") {
        return (key: Deno.KvKey) => {
          note("get", key);
          return target.get(key);
        };
      }
      if (name === "getMany") {
        return (keys: Deno.KvKey[]) => {
          for (const key of keys) note("get", key);
          return target.getMany(keys);
        };
      }
      throw new Error(`Nobody reads by ${String(name)}`);
    },
  });
  const counting = { ...desk.desk, store: { ...store, reader } };
  const december = { startDate: { date: "2025-12-01" }, endDate: { date: "2025-12-31" } };
  const start = Date.UTC(2025, 11, 1);
  const always = ["get guard packing", "get guard packing", "list measurement"];
  granted(await readMetrics(counting, SETUP, december));
  assert.deepEqual(read.splice(0).sort(), [...always, `list sla_pack department month ${start}`]);
  const billing = { ...december, department: "Billing" };
  granted(await readMetrics(counting, SETUP, billing));
  assert.deepEqual(
    read.splice(0).sort(),
    [
      ...always,
      ...PRIORITIES.map((each) => `get sla_pack department month ${start} billing ${each} 0`),
    ].sort(),
  );
  granted(await readMetrics(counting, SETUP, { ...billing, priority: 3 }));
  assert.equal(read.filter((each) => each.includes("sla_pack")).length, 1);
});

Deno.test("each row of a trend has what lies in it, in the time zone of the desk", async () => {
  for (const timezone of ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]) {
    await using desk = await openDesk({ DESK_TIMEZONE: timezone });
    const all = variedMeasured(300, desk.clock.now(), 70);
    await addMeasured(desk.desk.store, all.slice(0, 250));
    await packMeasurements(desk.desk);
    await addMeasured(desk.desk.store, all.slice(250));
    const agent = { id: "agent-2", department: "Billing", teams: [] };
    const asking: readonly Actor[] = [SETUP, { ...SETUP, role: "agent", agent }];
    for (const actor of asking) {
      for (const period of ["daily", "weekly", "monthly"] as const) {
        const { rows } = granted(await readTrends(desk.desk, actor, { period }));
        for (const { period: { range }, figures } of rows) {
          const expected = expectedFigures(
            all,
            range,
            ({ agentId }) => actor === SETUP || agentId === "agent-2",
          );
          const { groups } = expected as { groups: unknown };
          assert.deepEqual(shownFigures(figures), { groups, histograms: null });
        }
      }
    }
  }
});

Deno.test("what happens by the end of a trend's last day is in its last row", async () => {
  await using desk = await openDesk();
  await addMeasured(desk.desk.store, [measured(desk.clock.now(), { created: null })]);
  const { rows } = granted(await readTrends(desk.desk, SETUP, { period: "daily" }));
  const counts = rows.map(({ figures }) => figures.groups.size);
  assert.deepEqual(counts, [...new Array(29).fill(0), 1]);
  assert.equal((rows.at(-1)?.period.range.end ?? 0) % DAY_MS, 0);
});

Deno.test("a month's figures are what its tickets tell, whoever looks at each of them", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const { store } = desk.desk;
  // Nothing is packed while another process is thought to be at it.
  assert.ok(await holdLease(store, "packing", "another", { forMs: HOUR_MS, leftMs: 0 }));
  await Array.fromAsync(seedDesk(desk.desk));
  await releaseLease(store, "packing", "another");
  const tickets = await Array.fromAsync(store.reader.list<Ticket>({ prefix: ["ticket"] }));
  const told: Record<string, number> = { created: tickets.length };
  const tell = (name: string, isMet: boolean): void => {
    const key = `${name} ${isMet ? "met" : "broken"}`;
    told[key] = (told[key] ?? 0) + 1;
  };
  let responseMs = 0;
  let reopened = 0;
  for (const { value } of tickets) {
    for (const [name, clock] of clocksOf(value.sla)) {
      if (clock.isCounted) tell(name, clock.breachedAt === null);
    }
    // Of a ticket that was reopened the clock came out each time that it was resolved.
    const { resolution } = value.sla;
    const { breachedAt } = resolution;
    const entries = store.reader.list<HistoryEntry>({ prefix: ["history", value.id] });
    const resolved = (await Array.fromAsync(entries, ({ value }) => value))
      .filter(({ action }) => action === "resolved");
    for (const { at } of resolution.state === "fulfilled" ? resolved.slice(0, -1) : resolved) {
      tell("resolution", breachedAt === null || breachedAt >= at);
      reopened += 1;
    }
    const { response } = value.sla;
    if (response.state === "fulfilled") responseMs += response.fulfilledAt - value.createdAt;
  }
  assert.ok(reopened > 0);
  for (const isPacked of [false, true]) {
    if (isPacked) assert.ok(await packMeasurements(desk.desk) > tickets.length);
    const startDate = { at: desk.clock.now() - 60 * DAY_MS };
    const { figures } = granted(await readMetrics(desk.desk, SETUP, { startDate }));
    const count = (measure: Measure): number =>
      [...figures.groups.values()].reduce(
        (sum, each) => sum + (each.counts[placeOf(measure)] ?? 0),
        0,
      );
    assert.deepEqual({
      created: count("created"),
      "response met": count("response_met"),
      "response broken": count("response_breached"),
      "resolution met": count("resolution_met"),
      "resolution broken": count("resolution_breached"),
    }, told);
    const measuredMs = [...figures.groups.values()]
      .reduce((sum, each) => sum + (each.milliseconds[placeOf("response_wall")] ?? 0), 0);
    assert.equal(measuredMs, responseMs);
  }
  await desk.assertSound();
});

Deno.test("who asks for more packs than are read at once is told how to ask for fewer", async () => {
  await using desk = await openDesk();
  const { reader } = desk.desk.store;
  const start = packStart("month", desk.clock.now());
  const [piece] = piecesOf(packBytes(new Map()));
  const ofDepartment = (whose: string): KvKey =>
    keys.slaPack({ scope: "department", level: "month", start, whose, priority: 1 }, 0);
  for (let from = 0; from <= PACKS_READ_MAX; from += 1_000) {
    const atomic = reader.atomic();
    for (let n = from; n < from + 1_000; n++) atomic.set(ofDepartment(`department ${n}`), piece);
    await atomic.commit();
  }
  const range = { startDate: { at: start } };
  const refusal = await readMetrics(desk.desk, SETUP, range);
  assert(isRefusal(refusal) && refusal.refused === "invalid_input");
  assert.deepEqual(refusal.errors?.map(({ path }) => path), ["startDate"]);
  granted(await readMetrics(desk.desk, SETUP, { ...range, department: "department 7" }));
});
