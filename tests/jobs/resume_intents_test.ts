import assert from "node:assert/strict";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk } from "../support/desk.ts";
import { move, open, type View } from "../support/work.ts";

Deno.test("an intent that cannot be finished keeps no other from it, and the run says so", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const [boss, other] = [await desk.join("supervisor"), await desk.join("supervisor")];
  await move(desk, boss, await open(desk, await desk.join("user")), "escalated");
  await transact(desk.desk.store, (tx) => {
    tx.set(keys.intent("handover", "broken"), { from: "nobody", to: null });
    return Promise.resolve();
  });
  await assert.rejects(resumeIntents(desk.desk), /Cannot finish 1 intents/);
  assert.deepEqual(await openIntents(desk.desk, "fan_out"), []);
  const unread = await desk.call(other, "GET", "/api/notifications/unread");
  assert.equal(unread.json.data[0].type, "escalation");
});

Deno.test("what an edit of promises breaks is announced by the same run", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const boss = await desk.join("supervisor");
  await open(desk, await desk.join("user"));
  desk.clock.advance(2 * HOUR_MS);
  const general = { priority: 2, category: "general" } as const;
  granted(await putSlaConfiguration(desk.desk, general, { responseTime: 60, applyToOpen: true }));
  const { applied, announced } = await resumeIntents(desk.desk);
  assert.deepEqual([applied, announced], [1, 1]);
  const unread = await desk.call(boss, "GET", "/api/notifications/unread");
  assert.deepEqual(unread.json.data.map(({ type }: View) => type), ["sla_breach"]);
  await desk.assertSound();
});
