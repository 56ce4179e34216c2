import assert from "node:assert/strict";
import { DAY_MS } from "../../domain/rules/time.ts";
import { createPattern } from "../../domain/services/shift_patterns.ts";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { sweepDue } from "../../domain/services/sla_sweep.ts";
import { runJob } from "../../jobs/job.ts";
import { figuresIn } from "../support/figures.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";
import { openShiftDesk } from "../support/shift_desk.ts";
import { aPattern } from "../support/shift_patterns.ts";
import { open } from "../support/work.ts";

async function scrape(desk: TestDesk): Promise<ReadonlyMap<string, number>> {
  const response = await desk.app.request("/metrics");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain; version=0\.0\.4/);
  return figuresIn(await response.text());
}

const DRAFT = { title: "My money", description: "I would like it back." };

Deno.test("requests are counted by the pattern of their route, whatever their paths", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const { json } = await desk.call(customer, "POST", "/api/tickets", DRAFT);
  await desk.call(customer, "GET", `/api/tickets/${json.data.id}`);
  await desk.call(customer, "GET", `/api/tickets/${json.data.number}`);
  await desk.call(customer, "GET", "/api/tickets/999999");
  const figures = await scrape(desk);
  const requests = 'desk_http_requests_total{method="GET",route="/api/tickets/:id"';
  assert.equal(figures.get(`${requests},status="200"}`), 2);
  assert.equal(figures.get(`${requests},status="404"}`), 1);
  const latency = "desk_http_request_duration_seconds_count";
  assert.equal(figures.get(`${latency}{method="GET",route="/api/tickets/:id"}`), 3);
  assert.ok(![...figures.keys()].some((name) => name.includes(json.data.id)));
  await desk.assertSound();
});

Deno.test("paths and methods that nobody has made add one label, however many they are", async () => {
  await using desk = await openDesk();
  for (let n = 0; n < 20; n++) {
    await desk.app.request(`/nothing/${n}`);
    await desk.app.request(`/api/nothing-${n}/at/all`, { method: `ODD${n}` });
  }
  const figures = await scrape(desk);
  const requests = [...figures].filter(([name]) => name.startsWith("desk_http_requests_total"));
  assert.deepEqual(requests, [
    ['desk_http_requests_total{method="GET",route="unknown",status="404"}', 20],
    ['desk_http_requests_total{method="other",route="unknown",status="404"}', 20],
  ]);
  await desk.assertSound();
});

Deno.test("each run of a job is counted by how it ended, and fails alone", async () => {
  await using desk = await openDesk();
  const job = { name: "tidy-up", schedule: "* * * * *" };
  await runJob({ ...job, run: () => Promise.resolve({ tidied: 3 }) }, desk.desk);
  await runJob({ ...job, run: () => Promise.resolve({ tidied: 0 }) }, desk.desk);
  await runJob({ ...job, run: () => Promise.reject(new Error("No.")) }, desk.desk);
  const figures = await scrape(desk);
  assert.equal(figures.get('desk_job_runs_total{job="tidy-up",outcome="done"}'), 2);
  assert.equal(figures.get('desk_job_runs_total{job="tidy-up",outcome="failed"}'), 1);
  assert.equal(figures.get('desk_job_duration_seconds_count{job="tidy-up"}'), 3);
  await desk.assertSound();
});

Deno.test("the queue's length is what waits, and the feed lags while it is not relayed", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (let n = 0; n < 3; n++) await desk.call(customer, "POST", "/api/tickets", DRAFT);
  await desk.background.idle();
  assert.equal((await scrape(desk)).get("desk_queue_length"), 3);
  await desk.live.stop();
  assert.equal((await scrape(desk)).get("desk_feed_lag_seconds"), 0);
  await desk.call(customer, "POST", "/api/tickets", DRAFT);
  const lag = (await scrape(desk)).get("desk_feed_lag_seconds");
  assert.ok(lag !== undefined && lag > 0);
  await desk.assertSound();
});

Deno.test("overdue are the tickets on which something is due that has yet to happen", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (let n = 0; n < 3; n++) await desk.call(customer, "POST", "/api/tickets", DRAFT);
  const overdue = async (): Promise<number | undefined> =>
    (await scrape(desk)).get("desk_due_overdue");
  assert.equal(await overdue(), 0);
  const [first] = await Array.fromAsync(desk.desk.store.reader.list({ prefix: ["due"] }));
  desk.clock.advance(Number(first?.key[1]) - desk.clock.now());
  assert.equal(await overdue(), 0, "what is due this very moment is not late");
  desk.clock.advance(1);
  assert.equal(await overdue(), 3);
  await sweepDue(desk.desk);
  assert.equal(await overdue(), 0);
  await desk.assertSound();
});

Deno.test("overdue are shifts, recurring shifts and departures on which something is yet to happen", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { desk, ada, adaId } = scene;
  const overdue = async (): Promise<(number | undefined)[]> => {
    const figures = await scrape(desk);
    return ["shifts", "shift_patterns", "departures"].map((name) =>
      figures.get(`desk_${name}_overdue`)
    );
  };
  await open(desk, scene.customer);
  await desk.background.idle();
  await scene.setStatus("offline");
  await scene.schedule(12, 20);
  const spring = aPattern({ agentId: adaId, startDate: "2026-03-01" });
  granted(await createPattern(desk.desk, ada.actor, spring));
  assert.deepEqual(await overdue(), [0, 0, 0]);
  scene.goTo(10);
  assert.deepEqual(await overdue(), [0, 0, 0], "what is due this very moment is not late");
  desk.clock.advance(1);
  assert.deepEqual(await overdue(), [0, 0, 1]);
  scene.goTo(13);
  assert.deepEqual(await overdue(), [1, 0, 1]);
  desk.clock.advance(60 * DAY_MS);
  assert.deepEqual(await overdue(), [1, 1, 1]);
  await rollOver(desk.desk);
  assert.deepEqual(await overdue(), [0, 0, 0]);
  await desk.assertSound();
});

Deno.test("a level that the store does not tell is not a number, and the rest is there", async () => {
  await using desk = await openDesk();
  desk.desk.store.meters.lookUp("queueLength", () => Promise.reject(new Error("No answer.")));
  const figures = await scrape(desk);
  assert.ok(Number.isNaN(figures.get("desk_queue_length")));
  assert.equal(figures.get("desk_sockets_open"), 0);
  await desk.assertSound();
});

Deno.test("two desks of one process count each for itself", async () => {
  await using desk = await openDesk();
  await using other = await openDesk();
  const health = 'desk_http_requests_total{method="GET",route="/health",status="200"}';
  await desk.app.request("/health");
  assert.equal((await scrape(desk)).get(health), 1);
  assert.equal((await scrape(other)).get(health), undefined);
  await desk.assertSound();
});
