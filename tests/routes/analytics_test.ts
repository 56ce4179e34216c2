import assert from "node:assert/strict";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { slaSweep } from "../../jobs/sla_sweep.ts";
import { anAfternoon, setScene } from "../support/analytics.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, look, open, type View } from "../support/work.ts";

Deno.test("what came and went is told by the hour, with how much was open", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const { intervals, totals, range, timezone } = await scene.told(
    "tickets?interval=hour&startDate=2026-01-05T08:00&endDate=2026-01-05T12:00",
  );
  const rows = intervals.map((row: View) => [
    row.start.slice(11, 16),
    row.opened,
    row.resolved,
    row.finished,
    row.reopened,
    row.backlog,
  ]);
  assert.deepEqual(rows, [
    ["08:00", 0, 0, 0, 0, 0],
    ["09:00", 3, 0, 0, 0, 3],
    ["10:00", 0, 2, 2, 0, 1],
    ["11:00", 1, 0, 1, 1, 2],
  ]);
  assert.deepEqual(totals, {
    opened: 4,
    resolved: 2,
    finished: 3,
    reopened: 1,
    reopenRate: 33.3,
    ratings: {
      count: 2,
      average: 3.5,
      satisfied: 50,
      ...{ score1: 0, score2: 1, score3: 0, score4: 0, score5: 1 },
    },
    backlog: 2,
  });
  assert.deepEqual([range, timezone], [
    { start: "2026-01-05T08:00:00.000Z", end: "2026-01-05T12:00:00.000Z" },
    "UTC",
  ]);
  const { intervals: past } = await scene.told(
    "tickets?interval=hour&startDate=2026-01-05T09:00&endDate=2026-01-05T10:00",
  );
  assert.deepEqual(past.map(({ backlog }: View) => backlog), [3]);
});

Deno.test("agents are told what each resolved, how fast, and how it was rated", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const { agents, total } = await scene.told("agents");
  assert.deepEqual([agents.length, total], [1, 1]);
  const [{ percentiles, ...amira }] = agents;
  assert.deepEqual(amira, {
    agentId: agentId(scene.agent),
    agentName: "=Amira",
    department: "Support",
    resolved: 2,
    finished: 2,
    reopened: 1,
    reopenRate: 50,
    ratings: {
      count: 2,
      average: 3.5,
      satisfied: 50,
      ...{ score1: 0, score2: 1, score3: 0, score4: 0, score5: 1 },
    },
    totalTickets: 2,
    responseSLABreaches: 0,
    nextReplySLABreaches: 0,
    resolutionSLABreaches: 0,
    averageResponseTime: 60,
    averageResolutionTime: 60,
    slaComplianceRate: 100,
  });
  const { p50 } = percentiles.resolution.wallClock;
  assert.ok(Math.abs(p50 - 60) <= 0.02 * 60, `${p50}`);
  assert.equal((await scene.told("agents?department=billing")).agents[0].resolved, 1);
  const none = await scene.told(`agents?agentId=${agentId(scene.other)}`);
  assert.deepEqual(none.agents.map(({ agentName, resolved }: View) => [agentName, resolved]), [
    ["Ben", 0],
  ]);
});

Deno.test("promises are told by the day, with quantiles of each", async () => {
  await using scene = await setScene();
  await scene.assigned({ priority: 1 });
  scene.pass(2);
  await slaSweep(scene.desk.desk);
  await anAfternoon(scene);
  const { intervals, totals } = await scene.told(
    "sla?startDate=2026-01-04&endDate=2026-01-05&timezone=Asia/Kolkata",
  );
  assert.deepEqual(intervals.map((row: View) => [row.start, row.localStart]), [
    ["2026-01-03T18:30:00.000Z", "2026-01-04T00:00:00+05:30"],
    ["2026-01-04T18:30:00.000Z", "2026-01-05T00:00:00+05:30"],
  ]);
  const [before, day] = intervals;
  const nothing = { p50: null, p90: null, p95: null };
  assert.deepEqual(before.percentiles.response, { business: nothing, wallClock: nothing });
  assert.deepEqual([before.totalTickets, before.slaComplianceRate], [0, 100]);
  assert.equal(day.responseSLABreaches, 1);
  assert.deepEqual({ ...day, start: undefined, localStart: undefined }, {
    ...totals,
    start: undefined,
    localStart: undefined,
  });
});

Deno.test("an agent gets its own figures, and nobody else's", async () => {
  await using scene = await setScene();
  const { desk, agent, other } = scene;
  await anAfternoon(scene);
  for (const isPacked of [false, true]) {
    if (isPacked) await packMetrics(desk.desk);
    const own = await look(desk, agent, "/api/analytics/tickets");
    const { opened, resolved, reopened, backlog } = own.totals;
    assert.deepEqual([opened, resolved, reopened, backlog], [null, 2, 1, null]);
    const named = await look(desk, agent, `/api/analytics/tickets?agentId=${agentId(agent)}`);
    assert.deepEqual(named, own);
    assert.equal((await look(desk, other, "/api/analytics/tickets")).totals.resolved, 0);
    const { agents } = await look(desk, other, "/api/analytics/agents");
    assert.deepEqual(agents.map(({ agentName }: View) => agentName), ["Ben"]);
    assert.equal((await look(desk, agent, "/api/analytics/sla")).totals.totalTickets, 2);
  }
  for (const what of ["tickets", "sla", "agents"]) {
    const path = `/api/analytics/${what}?agentId=${agentId(agent)}`;
    assertProblem(await desk.call(other, "GET", path), 403, "forbidden");
  }
});

Deno.test("each comes as a table, with a row for each of what it tells", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const table = async (path: string): Promise<string[]> => {
    const response = await scene.desk.app.request(`/api/analytics/${path}`, {
      headers: { Authorization: `Bearer ${scene.boss.token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(
      response.headers.get("Content-Type"),
      "text/csv; charset=utf-8; header=present",
    );
    assert.match(
      response.headers.get("Content-Disposition") ?? "",
      /^attachment; filename=".+csv"/,
    );
    const lines = (await response.text()).split("\r\n");
    assert.equal(lines.pop(), "");
    return lines;
  };
  const tickets = await table("tickets?format=csv&interval=hour&startDate=2026-01-05T10:00");
  assert.deepEqual(tickets, [
    "start,localStart,opened,resolved,finished,reopened,reopenRate,ratings.count," +
    "ratings.average,ratings.satisfied,ratings.score1,ratings.score2,ratings.score3," +
    "ratings.score4,ratings.score5,backlog",
    "2026-01-05T10:00:00.000Z,2026-01-05T10:00:00+00:00,0,2,2,0,0,0,,,0,0,0,0,0,1",
    "2026-01-05T11:00:00.000Z,2026-01-05T11:00:00+00:00,1,0,1,1,100,2,3.5,50,0,1,0,0,1,2",
  ]);
  const [header = "", row = "", ...rest] = await table("agents?format=csv");
  assert.equal(header.split(",").length, row.split(",").length);
  assert.match(row, new RegExp(`^${agentId(scene.agent)},'=Amira,Support,2,2,1,50,`));
  assert.deepEqual(rest, []);
  assert.equal((await table("sla?format=csv")).length, 1 + 30);
  assert.equal((await table("agents?format=csv&department=nobody")).length, 1);
});

Deno.test("a year of days is told in the desk's time zone, or in another", async () => {
  await using scene = await setScene({ DESK_TIMEZONE: "America/New_York" });
  scene.pass(19);
  await open(scene.desk, scene.customer);
  const days = async (query: string): Promise<View> =>
    (await scene.told(`tickets?startDate=2025-01-07${query}`)).intervals
      .filter(({ opened }: View) => opened > 0).map(({ localStart }: View) => localStart);
  assert.deepEqual(await days(""), ["2026-01-05T00:00:00-05:00"]);
  assert.deepEqual(await days("&timezone=Europe/Berlin"), ["2026-01-06T00:00:00+01:00"]);
  const weeks = (await scene.told("tickets?interval=week")).intervals;
  assert.equal(weeks.length, 12);
});
