import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";

Deno.test("a desk says that it is alive and ready", async () => {
  await using desk = await openDesk();
  assert.deepEqual((await desk.call(null, "GET", "/health")).json, { status: "alive" });
  assert.deepEqual((await desk.call(null, "GET", "/ready")).json, { status: "ready" });
  await desk.assertSound();
});

Deno.test("an opened ticket is given to the one agent who has the skill", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  await desk.join("agent");
  const skilled = await desk.join("agent", { agent: { skills: [{ name: "refunds", level: 3 }] } });
  const opened = await desk.call(customer, "POST", "/api/tickets", {
    title: "My money",
    description: "I would like it back.",
    requiredSkills: ["refunds"],
  });
  assert.equal(opened.status, 201, JSON.stringify(opened.json));
  await desk.background.idle();
  const read = await desk.call(customer, "GET", `/api/tickets/${opened.json.data.number}`);
  assert.equal(read.json.data.status, "assigned");
  assert.equal(read.json.data.assignedTo.id, skilled.actor.agent?.id);
  await desk.assertSound();
});
