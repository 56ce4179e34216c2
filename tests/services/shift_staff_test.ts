import assert from "node:assert/strict";
import { dismissAgent, hireAgent } from "../../domain/services/hiring.ts";
import { scheduleShift } from "../../domain/services/shifts.ts";
import { editUser } from "../../domain/services/user_edit.ts";
import { granted, type Person } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { at, openShiftDesk, type ShiftDesk } from "../support/shift_desk.ts";

type Way = (scene: ShiftDesk, admin: Person) => Promise<unknown>;

function setActive(active: boolean): Way {
  return async ({ desk, ada }, { actor }) =>
    granted(await editUser(desk.desk, actor, ada.actor.userId, { active }));
}

Deno.test("what was due on the shifts of who is deactivated has happened, though no rollover came", async () => {
  const dismiss: Way = async ({ desk, adaId }, { actor }) =>
    granted(await dismissAgent(desk.desk, actor, adaId));
  for (const deactivate of [dismiss, setActive(false)]) {
    await using scene = await openShiftDesk({ agent: { status: "online" } });
    const admin = await scene.desk.join("admin");
    const first = await scene.schedule(0, 60);
    scene.goTo(61);
    await scene.setStatus("online");
    const second = await scene.schedule(70, 120);
    scene.goTo(90);
    await deactivate(scene, admin);
    const [over, current] = [await scene.shift(first.id), await scene.shift(second.id)];
    assert.deepEqual([over.status, over.endedAt], ["completed", at(70)]);
    assert.deepEqual([current.status, current.endedAt], ["completed", at(90)]);
    assert.deepEqual(current.attendance, [{ from: at(70), to: at(90) }]);
    await scene.desk.assertSound();
  }
});

Deno.test("a shift that was to start while its agent was deactivated does not for who is back", async () => {
  const hire: Way = async ({ desk, ada }, { actor }) =>
    granted(await hireAgent(desk.desk, actor, { name: "Ada", email: ada.email }));
  const dismiss: Way = async ({ desk, adaId }, { actor }) =>
    granted(await dismissAgent(desk.desk, actor, adaId));
  const ways: [Way, Way][] = [[dismiss, hire], [setActive(false), setActive(true)]];
  for (const [deactivate, reactivate] of ways) {
    await using scene = await openShiftDesk();
    const admin = await scene.desk.join("admin");
    const missed = await scene.schedule(60, 120);
    const later = await scene.schedule(200, 260);
    await deactivate(scene, admin);
    scene.goTo(90);
    await reactivate(scene, admin);
    await scene.desk.assertSound();
    scene.goTo(210);
    await scene.setStatus("online");
    assert.equal((await scene.shift(missed.id)).status, "cancelled");
    assert.equal((await scene.agent()).currentShiftId, later.id);
    await scene.desk.assertSound();
  }
});

Deno.test("an edit of all that belongs to an agent is one commit that any store takes, also with a key", async () => {
  await using scene = await openShiftDesk({ env: { AUTH_RATE_LIMIT_PER_MINUTE: "0" } });
  const { desk, ada, adaId } = scene;
  const admin = await desk.join("admin");
  const failing = async (email: string): Promise<void> => {
    const login = { email, password: "another horse battery" };
    assertProblem(
      await desk.call(null, "POST", "/api/auth/login", login),
      401,
      "invalid_credentials",
    );
  };
  // It has worked a shift, is on another from which it has gone, and is to be told of the next.
  await scene.schedule(0, 60);
  await scene.setStatus("online");
  scene.goTo(61);
  await scene.setStatus("online");
  const second = await scene.schedule(70, 120);
  await scene.schedule(120, 180);
  scene.goTo(80);
  await scene.setStatus("online");
  scene.goTo(90);
  await scene.setStatus("offline");
  scene.goTo(104);
  for (let count = 0; count < 9; count++) await failing(ada.email);
  scene.goTo(106);
  const edit = { name: "Ada L.", email: "ada.l@example.com", status: "online" };
  const { status, json } = await callRaw(desk, admin, `/api/agents/${adaId}`, {
    method: "PUT",
    headers: { "Idempotency-Key": "all of it" },
    body: JSON.stringify(edit),
  });
  assert.equal(status, 200, json.detail);
  const { name, email, status: now, currentShiftId } = await scene.agent();
  assert.deepEqual({ name, email, status: now }, edit);
  assert.equal(currentShiftId, second.id);
  // What failed before counts on at the new address.
  await failing(edit.email);
  const login = { email: edit.email, password: "another horse battery" };
  assertProblem(await desk.call(null, "POST", "/api/auth/login", login), 429, "locked_out");
  await desk.assertSound();
});

Deno.test("an administrator at work is renamed and deactivated in one commit that any store takes", async () => {
  await using scene = await openShiftDesk();
  const { desk, boss } = scene;
  const [admin, other] = [await desk.join("admin"), await desk.join("admin")];
  const hiring = { name: "Grace", email: other.email };
  const { json: hired } = await desk.call(admin, "POST", "/api/agents", hiring);
  const request = { start: at(0), end: at(60), timezone: "UTC", breaks: [] };
  granted(await scheduleShift(desk.desk, boss.actor, hired.data.id, request));
  const present = { status: "online" };
  await desk.call(admin, "PUT", `/api/agents/${hired.data.id}/status`, present);
  const login = { email: other.email, password: "another horse battery" };
  assertProblem(
    await desk.call(null, "POST", "/api/auth/login", login),
    401,
    "invalid_credentials",
  );
  scene.goTo(30);
  const { status, json } = await callRaw(desk, admin, `/api/users/${other.actor.userId}`, {
    method: "PUT",
    headers: { "Idempotency-Key": "all of it" },
    body: JSON.stringify({ name: "Grace H.", email: "grace@example.com", active: false }),
  });
  assert.equal(status, 200, json.detail);
  assert.deepEqual([json.data.email, json.data.active], ["grace@example.com", false]);
  await desk.assertSound();
});
