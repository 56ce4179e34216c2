import assert from "node:assert/strict";
import { DAY_MS } from "../../domain/rules/time.ts";
import { times } from "../support/scene_shifts.ts";
import { setShiftScene } from "../support/shift_scene.ts";
import { agentId, dataOf, look, type View, walk } from "../support/work.ts";

Deno.test("a shift is scheduled, found where it was made, started, and ended by either method", async () => {
  for (const method of ["PUT", "POST"]) {
    await using scene = await setShiftScene();
    const { desk, ada } = scene;
    const lunch = { type: "lunch", ...times(desk, 90, 100) };
    const made = await scene.schedule(60, 120, { breaks: [lunch], timezone: "europe/berlin" });
    assert.deepEqual(made, {
      ...made,
      _id: made.id,
      agent: agentId(ada),
      ...times(desk, 60, 120),
      timezone: "Europe/Berlin",
      status: "scheduled",
      startedAt: null,
      endedAt: null,
      overtime: false,
      pattern: null,
    });
    const [{ id, _id, ...rest }] = made.breaks;
    assert.deepEqual([_id, rest], [id, { ...lunch, status: "scheduled" }]);
    assert.deepEqual(await look(desk, ada, `/api/shifts/${made.id}`), made);
    scene.pass(60);
    const current = await look(desk, ada, `/api/shifts/current/${agentId(ada)}`);
    assert.deepEqual([current.id, current.status, current.startedAt], [
      made.id,
      "in-progress",
      made.start,
    ]);
    const end = await desk.call(ada, method, `/api/shifts/${made.id}/end`, {});
    const ended = dataOf(end, 200);
    assert.deepEqual([ended.status, ended.endedAt], ["completed", current.startedAt]);
    const path = `/api/shifts/current/${agentId(ada)}`;
    const { detail } = await scene.refused(ada, ["GET", path], 404, "not_found");
    assert.equal(detail, "Ada is not on a shift.");
  }
});

Deno.test("an agent starts its own shift without saying more, and once", async () => {
  await using scene = await setShiftScene();
  const { desk, ada, boss } = scene;
  const headers = { Authorization: `Bearer ${ada.token}`, "Idempotency-Key": "a key" };
  const start = () => desk.app.request("/api/shifts/start", { method: "POST", headers });
  const [first, again] = [await start(), await start()];
  assert.deepEqual([first.status, again.status], [201, 201]);
  const { data } = await first.json();
  assert.equal(first.headers.get("Location"), `/api/shifts/${data.id}`);
  assert.equal((await again.json()).data.id, data.id);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.equal(Date.parse(data.end) - Date.parse(data.start), DAY_MS / 3);
  await scene.refused(ada, ["POST", "/api/shifts/start", {}], 409, "shift_active");
  const faults = await scene.refused(boss, ["POST", "/api/shifts/start", {}], 400, "invalid_input");
  assert.equal(faults.errors[0].path, "agentId");
  const unknown = { agentId: data.id };
  await scene.refused(boss, ["POST", "/api/shifts/start", unknown], 404, "not_found");
});

Deno.test("a shift is started with another end where its breaks fit, else that is a conflict", async () => {
  await using scene = await setShiftScene();
  const { desk, ada } = scene;
  const [from, to] = [times(desk, 100, 130), times(desk, 0, 90)];
  await scene.schedule(30, 480, { breaks: [{ type: "lunch", ...from }] });
  const start: [string, string, object] = ["POST", "/api/shifts/start", { end: to.end }];
  const { detail } = await scene.refused(ada, start, 409, "conflict");
  assert.match(detail, /cancel it/);
  const later = { end: times(desk, 0, 130).end };
  dataOf(await desk.call(ada, "POST", "/api/shifts/start", later), 201);
});

Deno.test("what is no shift is refused with the path of what is wrong", async () => {
  await using scene = await setShiftScene();
  const { desk, boss, ada } = scene;
  const span = times(desk, 60, 120);
  const cases: [object, string][] = [
    [{ end: span.start }, "end"],
    [{ end: times(desk, 0, 0).end }, "end"],
    [times(desk, 60, 60 + 24 * 60 + 1), "end"],
    [times(desk, -60, -30), "end"],
    [{ timezone: "Middle/Earth" }, "timezone"],
    [{ timezone: "+01:00" }, "timezone"],
    [{ start: "yesterday" }, "start"],
    [{ breaks: [{ type: "nap", ...times(desk, 70, 80) }] }, "breaks.0.type"],
    [{ breaks: [{ type: "lunch", ...times(desk, 50, 80) }] }, "breaks.0.start"],
    [
      { breaks: [70, 75].map((from) => ({ type: "lunch", ...times(desk, from, from + 10) })) },
      "breaks.1",
    ],
    [{ agentId: "nobody" }, "agentId"],
  ];
  for (const [wrong, path] of cases) {
    const body = { agentId: agentId(ada), timezone: "UTC", ...span, ...wrong };
    const asked: [string, string, object] = ["POST", "/api/shifts/schedule", body];
    const { errors } = await scene.refused(boss, asked, 400, "invalid_input");
    assert.equal(errors[0].path, path, JSON.stringify(wrong));
  }
});

Deno.test("what a shift's state does not allow is a conflict that says so", async () => {
  await using scene = await setShiftScene();
  const { desk, boss, ada } = scene;
  const shift = await scene.schedule(60, 120);
  const path = `/api/shifts/${shift.id}`;
  const over = { agentId: agentId(ada), timezone: "UTC", ...times(desk, 100, 160) };
  await scene.refused(boss, ["POST", "/api/shifts/schedule", over], 409, "shift_overlap");
  const { currentStatus } = await scene.refused(
    ada,
    ["PUT", `${path}/end`],
    409,
    "invalid_transition",
  );
  assert.equal(currentStatus, "scheduled");
  dataOf(await desk.call(ada, "DELETE", path), 200);
  for (const [method, where] of [["DELETE", path], ["POST", `${path}/end`]] as const) {
    await scene.refused(ada, [method, where], 409, "invalid_transition");
  }
  const lunch = { type: "lunch", ...times(desk, 70, 80) };
  await scene.refused(ada, ["POST", `${path}/breaks`, lunch], 409, "invalid_transition");
});

Deno.test("shifts are listed by their time and status, page by page, cancelled ones among them", async () => {
  await using scene = await setShiftScene();
  const { desk, boss, ada } = scene;
  const list = `/api/shifts/agent/${agentId(ada)}`;
  const made: View[] = [];
  for (let day = 1; day <= 9; day++) {
    made.push(await scene.schedule(day * 24 * 60, day * 24 * 60 + 480));
  }
  for (const index of [2, 5]) {
    dataOf(await desk.call(boss, "DELETE", `/api/shifts/${made[index].id}`), 200);
    // In the time that is free again.
    made.push(await scene.schedule((index + 1) * 24 * 60, (index + 1) * 24 * 60 + 10));
  }
  const ids = (shifts: readonly View[]): string[] => shifts.map(({ id }) => id);
  const all = made.toSorted((a, b) =>
    a.start < b.start || (a.start === b.start && a.id < b.id) ? -1 : 1
  );
  for (const limit of [1, 3, 100]) {
    assert.deepEqual(ids(await walk(desk, boss, `${list}?limit=${limit}`)), ids(all), `${limit}`);
  }
  const cancelled = await look(desk, ada, `${list}?status=cancelled`);
  assert.deepEqual(ids(cancelled), [made[2].id, made[5].id]);
  assert.equal((await look(desk, ada, `${list}?status=scheduled`)).length, 9);
  assert.equal((await look(desk, ada, `${list}?status=completed`)).length, 0);
  // The clock stands at the 5th of January.
  const days = await look(desk, ada, `${list}?startDate=2026-01-07&endDate=2026-01-08`);
  assert.deepEqual(days.map(({ start }: View) => start.slice(0, 10)), [
    "2026-01-07",
    "2026-01-08",
    "2026-01-08",
  ]);
  const touching = `startDate=${made[0].end}&endDate=${made[1].start}`;
  assert.deepEqual(await look(desk, ada, `${list}?${touching}`), []);
  const inside = `startDate=2026-01-06T10:00Z&endDate=2026-01-06T11:00Z`;
  assert.deepEqual(ids(await look(desk, ada, `${list}?${inside}`)), [made[0].id]);
});

Deno.test("a list of shifts that would end before it begins is refused", async () => {
  await using scene = await setShiftScene();
  const { desk, ada } = scene;
  const list = `/api/shifts/agent/${agentId(ada)}`;
  const { id } = await scene.schedule(14 * 60, 16 * 60);
  for (
    const wrong of [
      "startDate=2026-01-09&endDate=2026-01-04",
      // A day is meant whole, so that these two meet at midnight, in the middle of the shift.
      "startDate=2026-01-06&endDate=2026-01-05",
      "startDate=2026-01-05T12:00Z&endDate=2026-01-05T11:59Z",
    ]
  ) {
    const asked: [string, string] = ["GET", `${list}?${wrong}`];
    const { errors } = await scene.refused(ada, asked, 400, "invalid_input");
    assert.deepEqual(errors.map(({ path }: View) => path), ["startDate"], wrong);
  }
  for (
    const [range, found] of [
      ["startDate=2026-01-06&endDate=2026-01-06", [id]],
      ["startDate=2026-01-05&endDate=2026-01-05", [id]],
      ["startDate=2026-01-07&endDate=2026-01-07", []],
      // Between an instant and itself is what goes on then.
      ["startDate=2026-01-06T00:30Z&endDate=2026-01-06T00:30Z", [id]],
      ["startDate=2026-01-06T01:00Z&endDate=2026-01-06T01:00Z", []],
      ["startDate=2026-01-05T23:00Z&endDate=2026-01-05T23:00Z", []],
    ] as const
  ) {
    const listed = await look(desk, ada, `${list}?${range}`);
    assert.deepEqual(listed.map((shift: View) => shift.id), found, range);
  }
});
