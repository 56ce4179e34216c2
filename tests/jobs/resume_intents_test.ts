import assert from "node:assert/strict";
import { openIntents } from "../../domain/services/intents.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { openDesk } from "../support/desk.ts";
import { move, open } from "../support/work.ts";

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
