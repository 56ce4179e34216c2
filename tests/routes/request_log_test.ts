import assert from "node:assert/strict";
import { configure, type LogRecord } from "@logtape/logtape";
import { runJob } from "../../jobs/job.ts";
import { openDesk, PASSWORD } from "../support/desk.ts";

const records: LogRecord[] = [];
await configure({
  sinks: { memory: (record) => records.push(record) },
  loggers: [
    { category: "desk", sinks: ["memory"], lowestLevel: "info" },
    { category: ["logtape", "meta"], lowestLevel: "warning" },
  ],
});

/** What was logged in the category since the last time, as JSON would have it. */
function linesOf(category: string): Record<string, unknown>[] {
  const found = records.splice(0).filter((record) => record.category[1] === category);
  return found.map(({ properties, level }) => JSON.parse(JSON.stringify({ level, ...properties })));
}

Deno.test("a request is one line: method, pattern, status, time, user and request id", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  linesOf("http");
  const answer = await desk.call(customer, "GET", "/api/tickets/12?fields=id");
  const unknown = await desk.call(null, "GET", "/nobody@example.com");
  const [line, other, ...more] = linesOf("http");
  assert.deepEqual(more, []);
  assert.equal(typeof line?.["milliseconds"], "number");
  assert.deepEqual({ ...line, milliseconds: 1 }, {
    level: "info",
    method: "GET",
    route: "/api/tickets/:id",
    status: 404,
    milliseconds: 1,
    userId: customer.actor.userId,
    requestId: answer.headers.get("X-Request-Id"),
  });
  assert.deepEqual({ ...other, milliseconds: 1 }, {
    level: "info",
    method: "GET",
    route: "unknown",
    status: 404,
    milliseconds: 1,
    requestId: unknown.headers.get("X-Request-Id"),
  });
  await desk.assertSound();
});

Deno.test("no line has a body, a token, a password or an e-mail address in it", async () => {
  await using desk = await openDesk();
  const body = { name: "Ada", email: "ada@example.com", password: PASSWORD };
  const { json } = await desk.call(null, "POST", "/api/auth/register", body);
  await desk.call(null, "POST", "/api/auth/login", { ...body, password: "wrong" });
  await desk.call(null, "POST", "/api/auth/refresh", { refreshToken: json.refreshToken });
  await desk.app.request(`/api/tickets?q=${PASSWORD}`, {
    headers: { Authorization: `Bearer ${json.token}`, Cookie: `token=${json.token}` },
  });
  await desk.app.request(`/api/${json.token}`);
  assert.ok(records.length >= 5);
  const text = JSON.stringify(
    records.splice(0).map(({ message, properties }) => [
      message,
      properties,
    ]),
  );
  for (const secret of [body.email, PASSWORD, json.token, json.refreshToken]) {
    assert.ok(!text.includes(secret), secret);
  }
  await desk.assertSound();
});

Deno.test("a run of a job is one line with what it did, or with what went wrong", async () => {
  await using desk = await openDesk();
  const job = { name: "tidy-up", schedule: "* * * * *" };
  linesOf("jobs");
  await runJob({ ...job, run: () => Promise.resolve({ tidied: 3 }) }, desk.desk);
  const [done, ...more] = linesOf("jobs");
  assert.deepEqual({ ...done, milliseconds: 1 }, {
    level: "info",
    job: "tidy-up",
    milliseconds: 1,
    tidied: 3,
  });
  assert.deepEqual(more, []);
  await runJob({ ...job, run: () => Promise.reject(new Error("No.")) }, desk.desk);
  const failed = linesOf("jobs");
  assert.deepEqual(failed.map(({ level, job }) => [level, job]), [["error", "tidy-up"]]);
  await desk.assertSound();
});
