import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { predict } from "../../jobs/predict.ts";
import { JOBS } from "../../jobs/schedule.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { addMeasured } from "../support/measurements.ts";
import { openings } from "../support/openings.ts";
import { assertProblem } from "../support/problem.ts";
import { look, open, type View } from "../support/work.ts";

const ROUTE = "/api/workload/predictions";

interface Scene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly boss: Person;
  /** What the boss is told. */
  foreseen(query?: string): Promise<View>;
}

async function setScene(weeks: number, env: Record<string, string> = {}): Promise<Scene> {
  const desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", ...env });
  const end = desk.clock.now();
  const range = { start: end - weeks * 7 * DAY_MS, end };
  await addMeasured(desk.desk.store, openings("billing", range, officeHours));
  await packMetrics(desk.desk);
  const boss = await desk.join("supervisor");
  return {
    desk,
    boss,
    foreseen: (query = "") => look(desk, boss, `${ROUTE}${query}`),
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

/** Five tickets an hour from nine to five of UTC, on workdays. */
function officeHours(hour: Instant): number {
  const local = Temporal.Instant.fromEpochMilliseconds(hour).toZonedDateTimeISO("UTC");
  return local.hour >= 9 && local.hour < 17 && local.dayOfWeek <= 5 ? 5 : 0;
}

Deno.test("the next week is foreseen in the shape of the specification", async () => {
  await using scene = await setScene(6);
  const { desk } = scene;
  const customer = await desk.join("user");
  await desk.join("agent", { agent: { department: "Billing", maxTickets: 3 } });
  for (let index = 0; index < 4; index++) await open(desk, customer, { department: "Billing" });
  const foreseen = await scene.foreseen();
  const { nextWeekLoad, ticketTrends, hourly, staffing, accuracy, agentCapacityNeeds } = foreseen;
  // Five days of eight hours with five tickets.
  assert.ok(Math.abs(nextWeekLoad.predictedTotal - 200) < 5, JSON.stringify(nextWeekLoad));
  assert.ok(Math.abs(nextWeekLoad.dailyAverage - 200 / 7) < 1);
  assert.ok(nextWeekLoad.lower < 200 && nextWeekLoad.upper > 200);
  assert.equal(ticketTrends.daily.length, 30);
  assert.deepEqual(ticketTrends.daily.at(-1), { date: "2026-01-04", count: 0 });
  assert.deepEqual(ticketTrends.daily.at(-3), { date: "2026-01-02", count: 40 });
  assert.deepEqual([ticketTrends.direction, ticketTrends.changePercent], ["steady", 0]);
  assert.equal(hourly.length, 168);
  assert.equal(hourly[0].start, "2026-01-05T09:00:00.000Z");
  assert.ok(Math.abs(hourly[0].expected - 5) < 0.5 && hourly[10].expected < 0.5);
  assert.equal(staffing.length, 168);
  assert.deepEqual(Object.keys(staffing[0]).sort(), ["agents", "occupancy", "start"]);
  assert.ok(staffing[0].agents > staffing[12].agents);
  assert.deepEqual(Object.keys(agentCapacityNeeds), ["billing"]);
  const { avgLoad, maxLoad, additionalAgentsNeeded } = agentCapacityNeeds.billing;
  assert.ok(avgLoad < maxLoad && maxLoad > 30 && additionalAgentsNeeded >= 6);
  assert.equal(accuracy.backtestWeeks, 5);
  assert.ok(accuracy.mase <= accuracy.baselineMase);
  assert.deepEqual([foreseen.backlog, foreseen.timezone, foreseen.ageSeconds], [4, "UTC", 0]);
});

Deno.test("live work is staffed by Erlang C, and tells how much of it is taken up in time", async () => {
  await using scene = await setScene(4);
  const { staffing } = await scene.foreseen("?work=live&fields=staffing");
  const busy = staffing.filter(({ agents }: View) => agents > 0);
  assert.ok(busy.length >= 40);
  for (const { serviceLevel } of busy) assert.ok(serviceLevel >= 0.8);
});

Deno.test("with less than a week it is said that there is too little history", async () => {
  await using empty = await setScene(0);
  const nothing = await empty.foreseen();
  assert.equal(nothing.method, "insufficient_history");
  assert.deepEqual(nothing.nextWeekLoad, {
    dailyAverage: 0,
    predictedTotal: 0,
    lower: 0,
    upper: 0.3,
  });
  assert.deepEqual(nothing.accuracy, { mase: null, baselineMase: null, backtestWeeks: 0 });
  assert.deepEqual(nothing.agentCapacityNeeds, {});
  const customer = await empty.desk.join("user");
  for (let index = 0; index < 6; index++) await open(empty.desk, customer);
  empty.desk.clock.advance(3 * HOUR_MS);
  await packMetrics(empty.desk.desk);
  const little = await empty.foreseen("?fresh=true");
  assert.equal(little.method, "insufficient_history");
  // Six tickets in the three hours since the day's first.
  assert.ok(little.nextWeekLoad.predictedTotal > 0);
});

Deno.test("what the job has foreseen is told with its age, and a fresh one is of now", async () => {
  await using scene = await setScene(3);
  const { clock, desk } = scene.desk;
  assert.deepEqual(await predict(desk), { predicted: 1 });
  clock.advance(40 * MINUTE_MS);
  const kept = await scene.foreseen("?fields=computedAt,ageSeconds");
  assert.deepEqual(kept, { computedAt: "2026-01-05T09:00:00.000Z", ageSeconds: 2_400 });
  const fresh = await scene.foreseen("?fresh=true&fields=computedAt,ageSeconds");
  assert.deepEqual(fresh, { computedAt: "2026-01-05T09:40:00.000Z", ageSeconds: 0 });
});

Deno.test("days are those of the desk's time zone", async () => {
  await using scene = await setScene(4, { DESK_TIMEZONE: "Asia/Tokyo" });
  const { ticketTrends, timezone } = await scene.foreseen();
  assert.equal(timezone, "Asia/Tokyo");
  // It is the evening of the fifth there; Friday's last two hours fall on Saturday.
  const days = new Map(ticketTrends.daily.map(({ date, count }: View) => [date, count]));
  assert.deepEqual([days.get("2026-01-02"), days.get("2026-01-03"), days.get("2026-01-04")], [
    40,
    10,
    0,
  ]);
});

Deno.test("what cannot be asked is refused with the path of what is wrong", async () => {
  await using scene = await setScene(0);
  for (
    const [query, path] of [
      ["fresh=yes", "fresh"],
      ["work=calls", "work"],
      ["fields=nothing", "fields.0"],
    ] as const
  ) {
    const answer = await scene.desk.call(scene.boss, "GET", `${ROUTE}?${query}`);
    assertProblem(answer, 400, "invalid_input");
    assert.deepEqual(answer.json.errors.map((fault: View) => fault.path), [path], query);
  }
  const agent = await scene.desk.join("agent");
  assertProblem(await scene.desk.call(agent, "GET", ROUTE), 403, "forbidden");
});

Deno.test("while too much is not packed, whoever asks is told to come again when it will be", async () => {
  await using scene = await setScene(2);
  const { desk, boss } = scene;
  const job = JOBS.find(({ name }) => name === "pack-metrics");
  assert.deepEqual([job?.schedule, job?.periodMs], ["*/10 * * * *", 10 * MINUTE_MS]);
  const then = desk.clock.now();
  const hour = { start: then, end: then + HOUR_MS };
  await addMeasured(desk.desk.store, openings("billing", hour, () => 1));
  desk.clock.advance(3 * DAY_MS);
  // The job runs at the tens of minutes, and needs some seconds.
  for (const [ms, seconds] of [[0, 30], [29_000, 1], [1_000, 600], [1, 600], [140_999, 459]]) {
    desk.clock.advance(ms ?? 0);
    const refused = await desk.call(boss, "GET", ROUTE);
    assertProblem(refused, 503, "unavailable");
    assert.equal(refused.headers.get("Retry-After"), String(seconds));
    assert.equal(refused.json.retryAfter, seconds);
  }
  await packMetrics(desk.desk);
  assert.equal((await desk.call(boss, "GET", ROUTE)).status, 200);
});
