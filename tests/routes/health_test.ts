import assert from "node:assert/strict";
import { SILENCE_MAX_MS } from "../../domain/services/pulse.ts";
import { makeReadiness } from "../../domain/services/readiness.ts";
import { runJob } from "../../jobs/job.ts";
import { connectionsTo, openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";

Deno.test("a desk says that it is alive and ready", async () => {
  await using desk = await openDesk();
  assert.deepEqual((await desk.call(null, "GET", "/health")).json, { status: "alive" });
  assert.deepEqual((await desk.call(null, "GET", "/ready")).json, { status: "ready" });
  await desk.assertSound();
});

Deno.test("a desk whose jobs have not run for minutes is not ready until one has", async () => {
  await using desk = await openDesk();
  desk.clock.advance(SILENCE_MAX_MS);
  assert.equal((await desk.call(null, "GET", "/ready")).status, 200, "it may have just begun");
  desk.clock.advance(1);
  assertProblem(await desk.call(null, "GET", "/ready"), 503, "unavailable");
  assert.equal((await desk.call(null, "GET", "/health")).status, 200);
  const job = { name: "any", schedule: "* * * * *", run: () => Promise.resolve({}) };
  await runJob(job, desk.desk);
  assert.equal((await desk.call(null, "GET", "/ready")).status, 200);
  await desk.assertSound();
});

Deno.test("a process that runs no jobs, or whose platform runs them elsewhere, needs none", async () => {
  for (const env of [{ JOBS: "off" }, { DENO_DEPLOYMENT_ID: "one of many" }]) {
    await using desk = await openDesk(env);
    desk.clock.advance(SILENCE_MAX_MS + 1);
    assert.equal((await desk.call(null, "GET", "/ready")).status, 200, JSON.stringify(env));
    await desk.assertSound();
  }
});

Deno.test("a desk on Deno Deploy is ready once another connection has found its data", async () => {
  await using desk = await openDesk({ DENO_DEPLOYMENT_ID: "one of many" });
  await using elsewhere = await openDesk();
  let store = elsewhere.desk.store;
  const connections: string[] = [];
  const whyNotReady = makeReadiness(async () => {
    const { get } = await connectionsTo(store)();
    connections.push("opened");
    return { get, close: () => void connections.push("closed") };
  });
  assert.match(await whyNotReady(desk.desk) ?? "", /memory alone/);
  store = desk.desk.store;
  for (let second = 1; second <= 3; second++) {
    desk.clock.advance(1_001);
    assert.equal(await whyNotReady(desk.desk), null);
  }
  // Found once, it is not looked for again: a connection costs a good deal.
  assert.deepEqual(connections, ["opened", "closed", "opened", "closed"]);
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
