import assert from "node:assert/strict";
import { times } from "../support/scene_shifts.ts";
import { setShiftScene } from "../support/shift_scene.ts";
import { agentId, dataOf, look, type View } from "../support/work.ts";

Deno.test("a break is added, taken and ended, and its agent is busy meanwhile", async () => {
  await using scene = await setShiftScene();
  const { desk, ada, boss } = scene;
  const shift = await scene.schedule(0, 480);
  const breaks = `/api/shifts/${shift.id}/breaks`;
  await desk.call(ada, "PUT", `/api/agents/${agentId(ada)}/status`, { status: "online" });
  for (const [index, type] of ["shortBreak", "short_break", "short-break"].entries()) {
    const from = 60 * (index + 1);
    const added = await desk.call(ada, "POST", breaks, { type, ...times(desk, from, from + 15) });
    assert.equal(added.headers.get("Location"), `/api/shifts/${shift.id}`);
    const found = dataOf(added, 201).breaks.find(({ id }: View) => id === added.json.breakId);
    assert.deepEqual([found.type, found.status], ["short-break", "scheduled"]);
  }
  const [first, second] = (await look(desk, ada, `/api/shifts/${shift.id}`)).breaks;
  dataOf(await desk.call(ada, "PUT", `${breaks}/${first.id}/start`), 200);
  const away = await look(desk, boss, `/api/agents/${agentId(ada)}`);
  assert.deepEqual([away.status, away.onBreak], ["busy", true]);
  assert.deepEqual(away.shift.breaks.map(({ status }: View) => status), [
    "in-progress",
    "scheduled",
    "scheduled",
  ]);
  await scene.refused(ada, ["PUT", `${breaks}/${second.id}/start`], 409, "conflict");
  await scene.refused(ada, ["DELETE", `${breaks}/${first.id}`], 409, "invalid_transition");
  const back = dataOf(await desk.call(ada, "PUT", `${breaks}/${first.id}/end`), 200);
  assert.equal(back.breaks[0].status, "completed");
  const cancelled = dataOf(await desk.call(ada, "DELETE", `${breaks}/${second.id}`), 200);
  assert.equal(cancelled.breaks[1].status, "cancelled");
  const outside = { type: "lunch", ...times(desk, 470, 490) };
  const { errors } = await scene.refused(ada, ["POST", breaks, outside], 400, "invalid_input");
  assert.equal(errors[0].path, "end");
  await scene.refused(ada, ["PUT", `${breaks}/${shift.id}/start`], 404, "not_found");
});

Deno.test("an agent's shift is set by PUT, shown in its record, and kept by what is not named", async () => {
  await using scene = await setShiftScene();
  const { desk, ada, boss } = scene;
  const path = `/api/agents/${agentId(ada)}`;
  const lunch = { type: "lunch", ...times(desk, 90, 100) };
  const first = { ...times(desk, 60, 120), timezone: "UTC", breaks: [lunch] };
  const { shift } = dataOf(await desk.call(ada, "PUT", `${path}/shift`, first), 200);
  const [{ id: _, _id, ...shown }] = shift.breaks;
  assert.deepEqual({ ...shift, breaks: [shown] }, {
    ...first,
    breaks: [{ ...lunch, status: "scheduled" }],
  });
  const longer = { ...times(desk, 60, 180), timezone: "UTC" };
  const changed = dataOf(await desk.call(boss, "PUT", `${path}/shift`, longer), 200).shift;
  assert.deepEqual([changed.end, changed.breaks], [longer.end, shift.breaks]);
  assert.deepEqual((await look(desk, boss, "/api/agents")).map((each: View) => each.shift), [
    changed,
  ]);
  assert.equal((await look(desk, boss, `/api/shifts/agent/${agentId(ada)}`)).length, 1);
  scene.pass(70);
  const put = { ...times(desk, 10, 100), timezone: "UTC" };
  await scene.refused(boss, ["PUT", `${path}/shift`, put], 409, "shift_active");
  // As a client that read the agent sends it back.
  const { shift: read } = await look(desk, boss, path);
  const again = dataOf(await desk.call(boss, "PUT", `${path}/shift`, read), 200).shift;
  assert.deepEqual(again, read);
});

Deno.test("a status that gives no work says so, and an agent says whether it comes online by itself", async () => {
  await using scene = await setShiftScene();
  const { desk, ada } = scene;
  const path = `/api/agents/${agentId(ada)}/status`;
  await scene.schedule(60, 120);
  const { json } = await desk.call(ada, "PUT", path, {
    status: "online",
    onlineAtShiftStart: true,
  });
  assert.deepEqual(json.warnings, ["Ada is not on shift and is given no work."]);
  assert.equal(json.data.onlineAtShiftStart, true);
  dataOf(await desk.call(ada, "PUT", path, { status: "offline" }), 200);
  scene.pass(60);
  const [available] = await look(desk, ada, "/api/agents/available");
  assert.deepEqual([available.name, available.status], ["Ada", "online"]);
});

Deno.test("a shift is changed only in the version that was read", async () => {
  await using scene = await setShiftScene();
  const { desk, ada } = scene;
  const shift = await scene.schedule(60, 120);
  const path = `/api/shifts/${shift.id}`;
  const etag = (await desk.call(ada, "GET", path)).headers.get("ETag") ?? "";
  const remove = (tag: string) =>
    desk.app.request(path, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${ada.token}`, "If-Match": tag },
    });
  const lunch = { type: "lunch", ...times(desk, 70, 80) };
  dataOf(await desk.call(ada, "POST", `${path}/breaks`, lunch), 201);
  assert.equal((await remove(etag)).status, 412);
  const fresh = (await desk.call(ada, "GET", path)).headers.get("ETag") ?? "";
  assert.equal((await remove(fresh)).status, 200);
});
