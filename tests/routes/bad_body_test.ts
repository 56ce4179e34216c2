import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { setStage } from "../support/stage.ts";
import { agentId, dataOf } from "../support/work.ts";

Deno.test("a body that is no JSON object is refused on every route that reads one", async () => {
  await using here = await setStage();
  const { desk, boss, agent, ticket } = here;
  const routes: [string, string][] = [
    ["POST", "/api/auth/register"],
    ["POST", "/api/auth/login"],
    ["POST", "/api/auth/refresh"],
    ["POST", "/api/tickets"],
    ["POST", "/api/tickets/process-queue"],
    ["PATCH", `/api/tickets/${ticket.id}`],
    ["PUT", `/api/tickets/${ticket.id}/status`],
    ["POST", `/api/tickets/${ticket.id}/escalate`],
    ["PUT", `/api/tickets/${ticket.id}/resolve-escalation`],
    ["POST", "/api/tickets/batch-update"],
    ["POST", `/api/tickets/${ticket.id}/comments`],
    ["PUT", `/api/agents/${agentId(agent)}`],
    ["PUT", `/api/agents/${agentId(agent)}/status`],
  ];
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const bodies = [
    "{",
    "}",
    "no json",
    '{"title":',
    "{'title':'x'}",
    '{"title":"a\nb"}',
    "NaN",
    "\ufeff{",
    "[]",
    "[{}]",
    '"text"',
    "7",
    "null",
    "true",
    deep,
    new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
  ];
  await here.leavesNothing(async () => {
    for (const [method, path] of routes) {
      for (const body of bodies) {
        const answer = await callRaw(desk, boss, path, { method, body });
        assertProblem(answer, 400, "invalid_input");
      }
    }
  });
});

Deno.test("a body without JSON's media type is refused, with it in any spelling it is read", async () => {
  await using here = await setStage();
  const { desk, boss, customer } = here;
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/a+b+json",
    "text/json",
    "",
  ];
  const dryRun = '{"dryRun":true,"limit":0}';
  await here.leavesNothing(async () => {
    for (const type of types) {
      const headers = { "Content-Type": type };
      const answer = await callRaw(desk, customer, "/api/tickets", { body: dryRun, headers });
      assertProblem(answer, 415, "unsupported_media_type");
    }
    // Read, and so found wanting: a limit of 0.
    for (
      const type of [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json ;charset=UTF-8",
        "application/merge-patch+json",
      ]
    ) {
      const headers = { "Content-Type": type };
      const path = "/api/tickets/process-queue";
      assertProblem(
        await callRaw(desk, boss, path, { body: dryRun, headers }),
        400,
        "invalid_input",
      );
    }
  });
});

Deno.test("an empty body names nothing, whatever type it says to be of", async () => {
  await using here = await setStage();
  const { desk, boss, customer, ticket } = here;
  const keyed = { "Idempotency-Key": "empty" };
  for (const headers of [{ "Content-Length": "0" }, {}, keyed]) {
    const path = "/api/tickets/process-queue";
    dataOf(await callRaw(desk, boss, path, { body: "", headers }), 200);
    const settle = `/api/tickets/${ticket.id}/resolve-escalation`;
    const settled = await callRaw(desk, boss, settle, {
      method: "PUT",
      body: "",
      // A key names one request.
      headers: headers === keyed ? { "Idempotency-Key": "empty too" } : headers,
    });
    assertProblem(settled, 409, "not_escalated");
    const opened = await callRaw(desk, customer, "/api/tickets", { body: "", headers });
    assertProblem(opened, 400, "invalid_input");
    assert.equal(opened.json.errors[0].path, "title");
  }
});

Deno.test("a body of over 256 KiB is refused, whether its length is told or not", async () => {
  await using here = await setStage();
  const { desk, customer } = here;
  const title = "x".repeat(300 * 1_024);
  const body = JSON.stringify({ title, description: "It does not work." });
  const length = { "Content-Length": String(body.length) };
  await here.leavesNothing(async () => {
    const told = await callRaw(desk, customer, "/api/tickets", { body, headers: length });
    assertProblem(told, 413, "too_large");
    const chunked = await callRaw(desk, customer, "/api/tickets", { body: inPieces(body) });
    assertProblem(chunked, 413, "too_large");
  });
});

Deno.test("a body that never ends is given up after 256 KiB", async () => {
  await using desk = await openDesk();
  let pieces = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller): void {
      pieces += 1;
      controller.enqueue(new Uint8Array(64 * 1_024).fill(0x20));
    },
  });
  const answer = await callRaw(desk, null, "/api/auth/login", { body: endless });
  assertProblem(answer, 413, "too_large");
  assert.ok(pieces < 10, `${pieces} pieces were read`);
  await desk.assertSound();
});

Deno.test("a body of just under 256 KiB is read, whether its length is told or not", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = { title: "A ticket", description: "It does not work." };
  const body = JSON.stringify({ ...ticket, ignored: "x".repeat(250 * 1_024) });
  const length = { "Content-Length": String(body.length) };
  const path = "/api/tickets";
  dataOf(await callRaw(desk, customer, path, { body, headers: length }), 201);
  dataOf(await callRaw(desk, customer, path, { body: inPieces(body) }), 201);
  await desk.assertSound();
});

Deno.test("keys that name parts of every object are ignored like any unknown key", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const body =
    `{"title":"A ticket","description":"It does not work.","__proto__":{"status":"closed",
    "priority":1},"constructor":{"prototype":{"polluted":true}},"prototype":{},"toString":"x"}`;
  const ticket = dataOf(await callRaw(desk, customer, "/api/tickets", { body }), 201);
  assert.equal(ticket.status, "queued");
  assert.equal(ticket.priority, 2);
  assert.equal("polluted" in {}, false);
  // As values they are names like any other.
  const named = ["__proto__", "constructor", "toString"];
  const path = `/api/agents/${agentId(agent)}`;
  const edited = dataOf(await desk.call(boss, "PUT", path, { skills: named, teams: named }), 200);
  assert.deepEqual(edited.skills, named);
  assert.deepEqual(Object.entries(edited.skillLevels), named.map((name) => [name, 3]));
  const asked = await desk.call(customer, "GET", "/api/tickets?__proto__=x&constructor=y");
  assert.equal(asked.status, 200);
  await desk.assertSound();
});

function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller): void {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 10_000));
      at += 10_000;
    },
  });
}
