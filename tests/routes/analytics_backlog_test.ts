import assert from "node:assert/strict";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { keys } from "../../domain/store/keys.ts";
import { anAfternoon, setScene } from "../support/analytics.ts";
import { move, open, type View } from "../support/work.ts";

Deno.test("a backlog is told by department and priority, and follows a ticket that moves", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const ticket = await open(scene.desk, scene.customer, { department: "Billing", priority: 3 });
  scene.pass(1);
  const path = `/api/tickets/${ticket.id}`;
  await scene.desk.call(scene.boss, "PATCH", path, { department: "Cards", priority: 1 });
  const open12 = async (which: string): Promise<number[]> => {
    const query = "interval=hour&startDate=2026-01-05T11:00&endDate=2026-01-05T13:00";
    const { intervals } = await scene.told(`tickets?${query}&${which}`);
    return intervals.map(({ backlog }: View) => backlog);
  };
  assert.deepEqual(await open12("department=BILLING"), [1, 0]);
  assert.deepEqual(await open12("department=cards"), [0, 1]);
  assert.deepEqual(await open12("priority=3"), [1, 0]);
  assert.deepEqual(await open12("priority=1"), [1, 2]);
  assert.deepEqual(await open12("category=general"), [null, null]);
});

Deno.test("how much was open is told from when on tickets are counted, with those from before", async () => {
  await using scene = await setScene();
  const { desk, customer, boss, pass } = scene;
  const old = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  await open(desk, customer, { requiredSkills: ["nobody has it"], department: "Billing" });
  await desk.background.idle();
  // As a store was before anything was measured.
  const { reader } = desk.desk.store;
  for await (const { key } of reader.list({ prefix: keys.measurements() })) {
    await reader.delete(key);
  }
  pass(2);
  await open(desk, customer, { requiredSkills: ["nobody has it"] });
  const backlogOf = async (which = ""): Promise<(number | null)[]> => {
    const { intervals } = await scene.told(`tickets?interval=hour&startDate=2026-01-05T08${which}`);
    return intervals.map(({ backlog }: View) => backlog);
  };
  assert.deepEqual(await backlogOf(":00"), [null, null, 2, 3]);
  pass(1);
  await move(desk, boss, old, "closed");
  assert.deepEqual(await backlogOf(":00"), [null, null, 2, 3, 2]);
  assert.deepEqual(await backlogOf(":00&department=billing"), [null, null, 1, 1, 1]);
});

Deno.test("how much was open stays what it was when the clock is put back", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  scene.desk.clock.advance(-2 * HOUR_MS);
  const hours = "tickets?interval=hour&startDate=2026-01-05T07:00";
  const backlogOf = async (query: string): Promise<number[]> =>
    (await scene.told(query)).intervals.map(({ backlog }: View) => backlog);
  assert.deepEqual(await backlogOf(`${hours}&endDate=2026-01-05T09:00`), [0, 0]);
  // All that happened later is of this hour, which has not ended.
  assert.deepEqual(await backlogOf(hours), [0, 0, 2]);
});
