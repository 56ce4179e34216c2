import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { times, weeklyOf } from "../support/scene_shifts.ts";
import { agentId, dataOf, look, type View, walk } from "../support/work.ts";

const LONG = { ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d" };

/** Schedules a shift by minutes from now. */
async function schedule(
  desk: TestDesk,
  agent: Person,
  from: number,
  to: number,
  more: object = {},
): Promise<View> {
  const body = { agentId: agentId(agent), timezone: "UTC", ...times(desk, from, to), ...more };
  return dataOf(await desk.call(agent, "POST", "/api/shifts/schedule", body), 201);
}

Deno.test("a recurring shift is made, found, listed, and deleted with what is scheduled of it", async () => {
  await using desk = await openDesk(LONG);
  const ada = await desk.join("agent", { name: "Ada", agent: { status: "offline" } });
  const eve = await desk.join("agent");
  const boss = await desk.join("supervisor");
  const plan = {
    ...weeklyOf(agentId(ada)),
    weekdays: ["fri", "mon", "fri"],
    startDate: "2026-01-06",
  };
  const answer = await desk.call(boss, "POST", "/api/shifts/patterns", plan);
  const pattern = dataOf(answer, 201);
  assert.deepEqual([pattern.agent, pattern.weekdays, pattern.endDate, pattern.breaks], [
    agentId(ada),
    ["mon", "fri"],
    null,
    [],
  ]);
  const path = answer.headers.get("Location") ?? "";
  assert.deepEqual(await look(desk, ada, path), pattern);
  const shifts = `/api/shifts/agent/${agentId(ada)}`;
  const found = await look(desk, ada, shifts);
  assert.deepEqual(found.map(({ start }: View) => start), [
    "2026-01-09T05:00:00.000Z",
    "2026-01-12T05:00:00.000Z",
    "2026-01-16T05:00:00.000Z",
    "2026-01-19T05:00:00.000Z",
  ]);
  assert.ok(found.every((shift: View) => shift.pattern === pattern.id));
  dataOf(await desk.call(eve, "POST", "/api/shifts/patterns", weeklyOf(agentId(eve))), 201);
  const all = await walk(desk, boss, "/api/shifts/patterns?limit=1");
  assert.deepEqual(all.map(({ agent }) => agent), [agentId(ada), agentId(eve)]);
  const own = await look(desk, boss, `/api/shifts/patterns?agentId=${agentId(eve)}`);
  assert.deepEqual(own.map(({ agent }: View) => agent), [agentId(eve)]);
  assert.equal(dataOf(await desk.call(ada, "DELETE", path), 200).id, pattern.id);
  assertProblem(await desk.call(ada, "GET", path), 404, "not_found");
  const left = await look(desk, ada, shifts);
  assert.deepEqual(left.map(({ status }: View) => status), found.map(() => "cancelled"));
  await desk.assertSound();
});

Deno.test("what is no recurring shift is refused with the path of what is wrong", async () => {
  await using desk = await openDesk();
  const ada = await desk.join("agent");
  const cases: [object, string][] = [
    [{ weekdays: [] }, "weekdays"],
    [{ weekdays: ["monday"] }, "weekdays.0"],
    [{ startTime: "9:00" }, "startTime"],
    [{ endTime: "24:00" }, "endTime"],
    [{ endTime: "06:00" }, "endTime"],
    [{ startDate: "2026-02-30" }, "startDate"],
    [{ endDate: "2026-01-01" }, "endDate"],
    [{ timezone: "Mars" }, "timezone"],
    [{ breaks: [{ type: "lunch", startTime: "06:30", endTime: "07:30" }] }, "breaks.0"],
  ];
  for (const [wrong, path] of cases) {
    const body = { ...weeklyOf(agentId(ada)), ...wrong };
    const answer = await desk.call(ada, "POST", "/api/shifts/patterns", body);
    assertProblem(answer, 400, "invalid_input");
    assert.equal(answer.json.errors[0].path, path, JSON.stringify(wrong));
  }
  const plan = weeklyOf(agentId(ada));
  dataOf(await desk.call(ada, "POST", "/api/shifts/patterns", plan), 201);
  const again = await desk.call(ada, "POST", "/api/shifts/patterns", plan);
  assertProblem(again, 409, "shift_overlap");
  await desk.assertSound();
});

Deno.test("adherence tells to the minute how agents kept to their shifts", async () => {
  await using desk = await openDesk(LONG);
  const boss = await desk.join("supervisor");
  const ada = await desk.join("agent", { name: "Ada", agent: { status: "offline" } });
  const eve = await desk.join("agent", { name: "Eve", agent: { status: "online" } });
  const lunch = { type: "lunch", ...times(desk, 180, 210) };
  await schedule(desk, ada, 0, 480, { breaks: [lunch] });
  await schedule(desk, eve, 60, 120);
  const status = `/api/agents/${agentId(ada)}/status`;
  desk.clock.advance(7 * MINUTE_MS);
  dataOf(await desk.call(ada, "PUT", status, { status: "online" }), 200);
  desk.clock.advance(480 * MINUTE_MS);
  dataOf(await desk.call(ada, "PUT", status, { status: "online" }), 200);
  desk.clock.advance(20 * MINUTE_MS);
  dataOf(await desk.call(ada, "PUT", status, { status: "offline" }), 200);
  const rows = await look(desk, boss, "/api/shifts/adherence");
  assert.deepEqual(rows.map(({ agentName }: View) => agentName), ["Ada", "Eve"]);
  const none = { scheduledMinutes: 0, takenMinutes: 0 };
  assert.deepEqual(rows[0], {
    agent: agentId(ada),
    agentName: "Ada",
    shifts: 1,
    scheduledMinutes: 450,
    workedMinutes: 450 - 7 + 20,
    conformedMinutes: 450 - 7,
    overtimeMinutes: 20,
    conformance: 98.4,
    breaks: [
      { type: "lunch", scheduledMinutes: 30, takenMinutes: 30 },
      { type: "short-break", ...none },
      { type: "training", ...none },
      { type: "meeting", ...none },
    ],
  });
  assert.deepEqual([rows[1].scheduledMinutes, rows[1].conformance], [60, 100]);
  await desk.assertSound();
});

Deno.test("adherence is of the time and the agents that are asked for, and agents see their own", async () => {
  await using desk = await openDesk(LONG);
  const boss = await desk.join("supervisor");
  const ada = await desk.join("agent", { agent: { status: "online", department: "Cards" } });
  const eve = await desk.join("agent", { agent: { status: "online" } });
  await schedule(desk, ada, 0, 60);
  desk.clock.advance(DAY_MS);
  await schedule(desk, ada, 0, 60);
  desk.clock.advance(DAY_MS);
  const path = "/api/shifts/adherence";
  const minutes = async (query: string): Promise<number[]> =>
    (await look(desk, boss, `${path}?${query}`)).map((row: View) => row.scheduledMinutes);
  const own = `agentId=${agentId(ada)}`;
  assert.deepEqual(await minutes(own), [120]);
  assert.deepEqual(await minutes(`${own}&startDate=2026-01-06`), [60]);
  assert.deepEqual(await minutes(`${own}&endDate=2026-01-05T09:30Z`), [30]);
  assert.deepEqual(await minutes("department=cards"), [120]);
  assert.equal((await walk(desk, boss, `${path}?limit=1`)).length, 2);
  const rows = await look(desk, eve, path);
  assert.deepEqual(rows.map(({ agent }: View) => agent), [agentId(eve)]);
  assertProblem(await desk.call(eve, "GET", `${path}?${own}`), 403, "forbidden");
  const unknown = `agentId=${boss.actor.userId}`;
  assertProblem(await desk.call(boss, "GET", `${path}?${unknown}`), 404, "not_found");
  for (
    const wrong of [
      "startDate=2026-01-06&endDate=2026-01-04",
      "startDate=2025-01-01&endDate=2026-01-04",
    ]
  ) {
    const answer = await desk.call(boss, "GET", `${path}?${wrong}`);
    assertProblem(answer, 400, "invalid_input");
    assert.equal(answer.json.errors[0].path, "startDate");
  }
  await desk.assertSound();
});
