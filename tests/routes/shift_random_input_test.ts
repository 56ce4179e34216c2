import assert from "node:assert/strict";
import fc from "fast-check";
import { openDesk } from "../support/desk.ts";
import { callRaw } from "../support/raw.ts";
import { times, weeklyOf } from "../support/scene_shifts.ts";
import { agentId, type View } from "../support/work.ts";

const FIELDS = [
  "agentId",
  "start",
  "end",
  "timezone",
  "breaks",
  "type",
  "status",
  "onlineAtShiftStart",
  "weekdays",
  "startTime",
  "endTime",
  "startDate",
  "endDate",
];

const plausible = fc.constantFrom<unknown>(
  "2026-01-05T09:30",
  "2026-01-05T10:00Z",
  "2026-01-05T12:00:00.000+02:00",
  "0000-01-01",
  "9999-12-31",
  "9999-12-31T23:59:59.999Z",
  "Europe/Berlin",
  "UTC",
  "+01:00",
  "lunch",
  "shortBreak",
  "online",
  "offline",
  "09:00",
  "23:59",
  "00:00",
  ["mon", "sun", "mon"],
  [{ type: "lunch", start: "2026-01-05T09:40", end: "2026-01-05T09:50" }],
  [{ type: "meeting", startTime: "09:10", endTime: "09:20" }],
  null,
  true,
);
const anything = fc.oneof({ weight: 6, arbitrary: plausible }, fc.jsonValue({ maxDepth: 2 }));
const body = fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 8 });

Deno.test("whatever is asked of shifts, it never breaks and stays sound, also when time goes on", async () => {
  await using desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d" });
  const agent = await desk.join("agent");
  const boss = await desk.join("supervisor");
  const id = agentId(agent);
  const day = { agentId: id, timezone: "UTC", ...times(desk, -10, 240) };
  const shift = (await desk.call(boss, "POST", "/api/shifts/schedule", day)).json.data;
  const lunch = { type: "lunch", ...times(desk, 20, 40) };
  const { breakId } = (await desk.call(boss, "POST", `/api/shifts/${shift.id}/breaks`, lunch)).json;
  const weekly = { ...weeklyOf(id), weekdays: ["sun"] };
  const pattern = (await desk.call(boss, "POST", "/api/shifts/patterns", weekly)).json.data;
  const routes: [string, string][] = [
    ["POST", "/api/shifts/start"],
    ["POST", "/api/shifts/schedule"],
    ["POST", "/api/shifts/schedule"],
    ["POST", `/api/shifts/${shift.id}/end`],
    ["DELETE", `/api/shifts/${shift.id}`],
    ["POST", `/api/shifts/${shift.id}/breaks`],
    ["PUT", `/api/shifts/${shift.id}/breaks/${breakId}/start`],
    ["PUT", `/api/shifts/${shift.id}/breaks/${breakId}/end`],
    ["DELETE", `/api/shifts/${shift.id}/breaks/${breakId}`],
    ["POST", "/api/shifts/patterns"],
    ["DELETE", `/api/shifts/patterns/${pattern.id}`],
    ["PUT", `/api/agents/${id}/shift`],
    ["PUT", `/api/agents/${id}/shift`],
    ["PUT", `/api/agents/${id}/status`],
  ];
  const steps = fc.record({
    route: fc.constantFrom(...routes),
    person: fc.constantFrom(agent, boss),
    given: body,
    names: fc.boolean(),
    minutes: fc.integer({ min: 0, max: 5 }),
  });
  const property = fc.asyncProperty(steps, async ({ route, person, given, names, minutes }) => {
    desk.clock.advance(minutes * 60_000);
    const [method, path] = route;
    const value = names ? { agentId: id, timezone: "UTC", ...times(desk, 5, 65), ...given } : given;
    const answer = await callRaw(desk, person, path, { method, body: JSON.stringify(value) });
    assert.ok(answer.status < 500, JSON.stringify(answer.json));
  });
  await fc.assert(property, { numRuns: 400 });
  await desk.assertSound();
});

/** A day of the first week of 2026, or an instant in it: what it is asked by, and when that is. */
const moment = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((day) => ({
    text: `2026-01-0${day}`,
    from: Date.UTC(2026, 0, day),
    to: Date.UTC(2026, 0, day + 1),
  })),
  fc.integer({ min: 0, max: 7 * 24 }).map((hours) => {
    const at = Date.UTC(2026, 0, 1, hours);
    return { text: new Date(at).toISOString(), from: at, to: at };
  }),
);

Deno.test("a range of time is refused where it ends before it begins, and else never", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const id = agentId(await desk.join("agent"));
  await desk.call(boss, "POST", "/api/shifts/schedule", {
    agentId: id,
    timezone: "UTC",
    ...times(desk, -10, 240),
  });
  const lists = fc.constantFrom(`/api/shifts/agent/${id}`, "/api/shifts/adherence");
  const property = fc.asyncProperty(lists, moment, moment, async (path, start, end) => {
    const query = new URLSearchParams({ startDate: start.text, endDate: end.text });
    const { status, json } = await desk.call(boss, "GET", `${path}?${query}`);
    // A day at the end of which nothing is left is not meant.
    const isReversed = start.from > end.to || (start.from === end.to && end.from < end.to);
    assert.equal(status, isReversed ? 400 : 200, JSON.stringify(json));
    if (isReversed) assert.deepEqual(json.errors.map(({ path }: View) => path), ["startDate"]);
  });
  await fc.assert(property, { numRuns: 200 });
  const ahead = await desk.call(boss, "GET", "/api/shifts/adherence?startDate=2026-01-06");
  assert.match(ahead.json.errors[0].message, /after now/);
  await desk.assertSound();
});

Deno.test("whatever is asked in the path or the query of a list of shifts, it never breaks", async () => {
  await using desk = await openDesk();
  const agent = await desk.join("agent");
  const boss = await desk.join("supervisor");
  const id = agentId(agent);
  const paths = fc.constantFrom(
    `/api/shifts/agent/${id}`,
    `/api/shifts/current/${id}`,
    "/api/shifts/adherence",
    "/api/shifts/patterns",
    "/api/shifts/nonsense",
  );
  const names = [
    "startDate",
    "endDate",
    "status",
    "limit",
    "cursor",
    "agentId",
    "fields",
    "department",
  ];
  const values = fc.oneof(
    fc.constantFrom("2026-01-05", "0000-01-01", "9999-12-31", "2026-01-05T09:00Z", "10", id),
    fc.string({ unit: "grapheme" }),
  );
  const query = fc.dictionary(fc.constantFrom(...names), values);
  const property = fc.asyncProperty(paths, query, async (path, asked) => {
    const answer = await desk.call(boss, "GET", `${path}?${new URLSearchParams(asked)}`);
    assert.ok(answer.status < 500, JSON.stringify(answer.json));
  });
  await fc.assert(property, { numRuns: 300 });
});
