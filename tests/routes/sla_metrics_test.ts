import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { slaSweep } from "../../jobs/sla_sweep.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { look, move, open, openFor, say, type View } from "../support/work.ts";

interface Scene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly other: Person;
  readonly boss: Person;
  /** A ticket of the first agent, of priority 1: an answer is due after 60 minutes, the end after 480. */
  assigned(input?: object): Promise<View>;
  pass(minutes: number): void;
  /** What the boss is told, which must be the same once everything is packed. */
  metrics(query?: string): Promise<View>;
}

const PATIENT = { ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d" };

async function setScene(env: Record<string, string> = {}): Promise<Scene> {
  const desk = await openDesk({ ...PATIENT, ...env });
  const customer = await desk.join("user");
  const busy = { status: "busy", maxTickets: 100 } as const;
  const agent = await desk.join("agent", { agent: busy });
  const other = await desk.join("agent", { agent: busy });
  const boss = await desk.join("supervisor");
  return {
    desk,
    customer,
    agent,
    other,
    boss,
    assigned: (input = {}) => openFor(desk, customer, agent, boss, { priority: 1, ...input }),
    pass: (minutes) => desk.clock.advance(minutes * MINUTE_MS),
    async metrics(query = "") {
      const before = await look(desk, boss, `/api/sla/metrics${query}`);
      await packMetrics(desk.desk);
      assert.deepEqual(await look(desk, boss, `/api/sla/metrics${query}`), before);
      return before;
    },
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a desk on which nothing happened kept all its promises", async () => {
  await using scene = await setScene();
  const metrics = await scene.metrics();
  const none = { business: null, wallClock: null };
  const nothing = { p50: null, p90: null, p95: null };
  const told = { business: nothing, wallClock: nothing };
  assert.deepEqual(metrics, {
    range: { start: "2025-12-07T00:00:00.000Z", end: "2026-01-05T10:00:00.000Z" },
    totalTickets: 0,
    responseSLABreaches: 0,
    nextReplySLABreaches: 0,
    resolutionSLABreaches: 0,
    averageResponseTime: 0,
    averageResolutionTime: 0,
    slaComplianceRate: 100,
    averages: { response: none, nextReply: none, resolution: none },
    percentiles: { response: told, nextReply: told, firstResolution: told, resolution: told },
    byPriority: [],
    byCategory: [],
    byDepartment: [],
  });
});

Deno.test("promises kept and broken are counted and timed, by what tells tickets apart", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const billing = await scene.assigned({ department: "Billing", category: "billing" });
  const support = await scene.assigned({ department: "Support" });
  await open(desk, customer, { priority: 3 });
  scene.pass(30);
  await say(desk, agent, billing, "I am looking into it.");
  scene.pass(60);
  await say(desk, agent, support, "Sorry for the wait.");
  scene.pass(30);
  await move(desk, agent, billing, "resolved");
  const metrics = await scene.metrics();
  assert.equal(metrics.totalTickets, 3);
  assert.equal(metrics.responseSLABreaches, 1);
  assert.equal(metrics.resolutionSLABreaches, 0);
  assert.equal(metrics.averageResponseTime, 60);
  assert.equal(metrics.averageResolutionTime, 120);
  // Of three clocks that came out two were met: one response and the resolution.
  assert.equal(metrics.slaComplianceRate, 66.7);
  assert.deepEqual(metrics.averages.response, { business: 60, wallClock: 60 });
  const { p50, p95 } = metrics.percentiles.response.wallClock;
  assert.ok(Math.abs(p50 - 30) <= 0.02 * 30, `${p50}`);
  assert.ok(Math.abs(p95 - 90) <= 0.02 * 90, `${p95}`);
  const rows = (by: string, name: string): unknown[] =>
    metrics[by].map((row: View) => [row[name], row.totalTickets, row.responseSLABreaches]);
  assert.deepEqual(rows("byPriority", "priority"), [[1, 2, 1], [3, 1, 0]]);
  assert.deepEqual(rows("byCategory", "category"), [["billing", 1, 0], ["general", 2, 1]]);
  assert.deepEqual(rows("byDepartment", "department"), [
    ["billing", 1, 0],
    ["general", 1, 0],
    ["support", 1, 1],
  ]);
  const total = async (query: string): Promise<number> => (await scene.metrics(query)).totalTickets;
  assert.equal(await total("?department=BILLING"), 1);
  assert.equal(await total("?priority=1"), 2);
  assert.equal(await total("?priority=1&category=general"), 1);
  assert.equal(await total("?category=unheard-of"), 0);
});

Deno.test("a breach counts in the hour of its deadline, however late it is noticed", async () => {
  await using scene = await setScene();
  const { desk, boss } = scene;
  await scene.assigned();
  scene.pass(5 * 60);
  await slaSweep(desk.desk);
  const hour = (from: string, to: string): Promise<View> =>
    look(desk, boss, `/api/sla/metrics?startDate=2026-01-05T${from}&endDate=2026-01-05T${to}`);
  assert.equal((await hour("09:00", "10:00")).responseSLABreaches, 0);
  const { responseSLABreaches, slaComplianceRate, range } = await hour("10:15", "10:45");
  assert.deepEqual([responseSLABreaches, slaComplianceRate], [1, 0]);
  assert.deepEqual(range, { start: "2026-01-05T10:00:00.000Z", end: "2026-01-05T11:00:00.000Z" });
  assert.equal((await hour("11:00", "15:00")).responseSLABreaches, 0);
});

Deno.test("a ticket resolved twice was resolved once for the first time, and waited meanwhile", async () => {
  await using scene = await setScene();
  const { desk, agent, customer } = scene;
  const ticket = await scene.assigned();
  scene.pass(100);
  await move(desk, agent, ticket, "resolved");
  scene.pass(1_000);
  await say(desk, customer, ticket, "It is not.");
  scene.pass(100);
  await move(desk, agent, ticket, "resolved");
  const { percentiles, averageResolutionTime, averages } = await scene.metrics();
  assert.equal(averageResolutionTime, 150);
  assert.deepEqual(averages.resolution, { business: 150, wallClock: 150 });
  assert.equal(percentiles.firstResolution.wallClock.p95, percentiles.resolution.wallClock.p50);
  assert.ok(percentiles.resolution.wallClock.p95 >= 196);
});

Deno.test("an agent is told of what happened while it had the ticket, and of nobody else's", async () => {
  await using scene = await setScene();
  const { desk, agent, other } = scene;
  const ticket = await scene.assigned();
  await open(desk, scene.customer);
  scene.pass(20);
  await say(desk, agent, ticket, "Hello.");
  const own = await look(desk, agent, "/api/sla/metrics");
  assert.deepEqual([own.totalTickets, own.averageResponseTime], [0, 20]);
  await move(desk, agent, ticket, "resolved");
  for (const isPacked of [false, true]) {
    if (isPacked) await packMetrics(desk.desk);
    const { totalTickets, byDepartment } = await look(desk, agent, "/api/sla/metrics");
    assert.deepEqual([totalTickets, byDepartment.length], [1, 1]);
    const nothing = await look(desk, other, "/api/sla/metrics");
    assert.deepEqual([nothing.totalTickets, nothing.averageResponseTime], [0, 0]);
    const [today] = (await look(desk, agent, "/api/sla/trends")).slice(-1);
    assert.deepEqual([today.totalTickets, today.averageResponseTime], [1, 20]);
  }
});

Deno.test("trends have a row for every period, empty ones too, the oldest first", async () => {
  await using scene = await setScene();
  const { desk, agent, boss } = scene;
  const ticket = await scene.assigned();
  desk.clock.advance(2 * DAY_MS);
  await say(desk, agent, ticket, "Sorry.");
  await packMetrics(desk.desk);
  const { json } = await desk.call(boss, "GET", "/api/sla/trends?startDate=2026-01-04");
  assert.equal(json.count, 4);
  const first = {
    _id: { year: 2026, day: 4 },
    start: "2026-01-04T00:00:00.000Z",
    slaBreaches: 0,
    totalTickets: 0,
    responseSLABreaches: 0,
    nextReplySLABreaches: 0,
    resolutionSLABreaches: 0,
    averageResponseTime: 0,
    averageResolutionTime: 0,
    slaComplianceRate: 100,
  };
  assert.deepEqual(json.data[0], first);
  const told = json.data.map((row: View) => [row._id.day, row.totalTickets, row.slaBreaches]);
  assert.deepEqual(told, [[4, 0, 0], [5, 1, 2], [6, 0, 0], [7, 0, 0]]);
  assert.equal(json.data[3].averageResponseTime, 2 * DAY_MS / MINUTE_MS);
  const weeks = await look(desk, boss, "/api/sla/trends?period=weekly");
  assert.deepEqual([weeks.length, weeks[11]._id], [12, { year: 2026, week: 2 }]);
  assert.deepEqual(weeks.map((row: View) => row.slaBreaches), [...new Array(11).fill(0), 2]);
  const months = await look(desk, boss, "/api/sla/trends?period=monthly&fields=_id,totalTickets");
  assert.deepEqual(months.slice(-2), [
    { _id: { year: 2025, month: 12 }, totalTickets: 0 },
    { _id: { year: 2026, month: 1 }, totalTickets: 1 },
  ]);
});

Deno.test("days are those of the desk's time zone, in dates and in rows", async () => {
  await using scene = await setScene({ DESK_TIMEZONE: "America/New_York" });
  const { desk, boss, customer } = scene;
  // Four in the morning of the sixth by UTC, and eleven at night of the fifth there.
  desk.clock.advance(19 * HOUR_MS);
  await open(desk, customer);
  const day = (date: string): Promise<View> =>
    look(desk, boss, `/api/sla/metrics?startDate=${date}&endDate=${date}`);
  assert.equal((await day("2026-01-05")).totalTickets, 1);
  assert.equal((await day("2026-01-06")).totalTickets, 0);
  const [row] = await look(desk, boss, "/api/sla/trends?startDate=2026-01-05&endDate=2026-01-05");
  assert.deepEqual([row._id, row.start, row.totalTickets], [
    { year: 2026, day: 5 },
    "2026-01-05T05:00:00.000Z",
    1,
  ]);
});

const REFUSED: readonly (readonly [query: string, path: string])[] = [
  ["startDate=2026-01-05&endDate=2026-01-04", "startDate"],
  ["startDate=2026-02-01", "startDate"],
  ["startDate=2023-12-01&endDate=2026-01-01", "startDate"],
  ["startDate=yesterday", "startDate"],
  ["endDate=2026-02-30", "endDate"],
  ["endDate=0000-01-01", "endDate"],
  ["priority=4", "priority"],
  [`department=${"x".repeat(61)}`, "department"],
  [`category=${"x".repeat(61)}`, "category"],
  ["fields=nothing", "fields.0"],
];

Deno.test("what cannot be asked is refused with the path of what is wrong", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  for (const route of ["metrics", "trends"]) {
    for (const [query, path] of REFUSED) {
      const answer = await desk.call(boss, "GET", `/api/sla/${route}?${query}`);
      assertProblem(answer, 400, "invalid_input");
      assert.deepEqual(answer.json.errors.map((fault: View) => fault.path), [path], query);
    }
  }
  for (const query of ["period=hourly", "startDate=2024-06-01&endDate=2026-01-04"]) {
    const answer = await desk.call(boss, "GET", `/api/sla/trends?${query}`);
    assertProblem(answer, 400, "invalid_input");
  }
  await desk.assertSound();
});
