import { openDesk } from "../support/desk.ts";
import assert from "node:assert/strict";
import type { RefusalCode } from "../../domain/rules/refusal.ts";
import type { Person, TestDesk } from "../support/desk.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { times } from "../support/scene_shifts.ts";
import { agentId, move, open } from "../support/work.ts";

const UNKNOWN = "01900000-0000-7000-8000-00000000dead";
const JSON_TYPE = "application/json";
const NO_TEXT = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
const TOO_LARGE = `{"title":"${"x".repeat(300 * 1_024)}"}`;

/** Everything that a request can have wrong, from what is told first to what is told last. */
interface Wrongs {
  readonly method?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly person?: Person | null;
}

async function send(desk: TestDesk, path: string, wrongs: Wrongs): Promise<
  Parameters<
    typeof assertProblem
  >[0]
> {
  const { method = "PUT", type = JSON_TYPE, body = "{}", person = null } = wrongs;
  const response = await desk.app.request(path, {
    method,
    body,
    headers: {
      "Content-Type": type,
      ...(person === null ? {} : { Authorization: `Bearer ${person.token}` }),
    },
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

Deno.test("of all that is wrong with a request the first in the documented order is told", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const stranger = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const admin = await desk.join("admin");
  const ticket = await open(desk, customer);
  await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
  const edit = `/api/tickets/${ticket.id}`;
  const status = `${edit}/status`;
  const foreign = `/api/agents/${agentId(agent)}/status`;
  const other = await desk.join("agent", { agent: { status: "busy" } });
  const badPath = "/api/tickets/nonsense/status";
  const noTicket = `/api/tickets/${UNKNOWN}/status`;
  const noAgent = `/api/agents/${UNKNOWN}`;
  const noClaim = `/api/agents/${UNKNOWN}/claim/${ticket.id}`;
  const lunch = { type: "lunch", ...times(desk, 60, 90) };
  const day = {
    agentId: agentId(agent),
    timezone: "UTC",
    ...times(desk, 30, 120),
    breaks: [lunch],
  };
  const shift = await desk.call(boss, "POST", "/api/shifts/schedule", day);
  const breaks = `/api/shifts/${shift.json.data.id}/breaks`;

  const steps: [number, RefusalCode, string, Wrongs][] = [
    [405, "method_not_allowed", badPath, { method: "POST", type: "text/plain", body: TOO_LARGE }],
    [413, "too_large", badPath, { type: "text/plain", body: TOO_LARGE }],
    [415, "unsupported_media_type", badPath, { type: "text/plain", body: "no json" }],
    [401, "unauthenticated", badPath, { body: "no json" }],
    [401, "unauthenticated", badPath, { body: NO_TEXT }],
    [400, "invalid_input", badPath, { body: "no json", person: stranger }],
    [404, "not_found", noTicket, { body: "no json", person: stranger }],
    [404, "not_found", noTicket, { body: NO_TEXT, person: stranger }],
    [400, "invalid_input", status, { body: NO_TEXT, person: customer }],
    [404, "not_found", status, { body: "no json", person: stranger }],
    [400, "invalid_input", status, { body: "no json", person: customer }],
    [403, "forbidden", status, { body: `{"status":"pending"}`, person: customer }],
    [409, "invalid_transition", status, { body: `{"status":"closed"}`, person: boss }],

    // Some fields nobody but the desk's people edits, whatever the ticket's status.
    [404, "not_found", edit, { method: "PATCH", body: "no json", person: stranger }],
    [400, "invalid_input", edit, { method: "PATCH", body: `{"priority":9}`, person: customer }],
    [403, "forbidden", edit, { method: "PATCH", body: `{"priority":1}`, person: customer }],
    [409, "conflict", edit, { method: "PATCH", body: `{"title":"New"}`, person: customer }],
    [403, "forbidden", `${edit}/resolve-escalation`, { body: "no json", person: agent }],
    [400, "invalid_input", `${edit}/resolve-escalation`, { body: "no json", person: boss }],
    [409, "not_escalated", `${edit}/resolve-escalation`, { person: boss }],

    // Whoever sees no agents hears that of each; whoever does, first whether there is this one.
    [401, "unauthenticated", "/api/agents/nonsense", { body: "no json" }],
    [400, "invalid_input", "/api/agents/nonsense", { body: "no json", person: customer }],
    [403, "forbidden", noAgent, { body: "no json", person: customer }],
    [404, "not_found", noAgent, { body: "no json", person: agent }],
    [403, "forbidden", `/api/agents/${agentId(agent)}`, { body: "no json", person: agent }],
    [400, "invalid_input", `/api/agents/${agentId(agent)}`, { body: "no json", person: boss }],
    [404, "not_found", `${noAgent}/status`, { body: "no json", person: agent }],
    [403, "forbidden", foreign, { body: "no json", person: other }],
    [400, "invalid_input", foreign, { body: "no json", person: agent }],

    [400, "invalid_input", "/api/agents/x/claim/y", { method: "POST", person: customer }],
    [404, "not_found", noClaim, { method: "POST", person: stranger }],
    [403, "forbidden", noClaim, { method: "POST", person: customer }],
    [404, "not_found", noClaim, { method: "POST", person: agent }],
    [404, "not_found", noClaim, { method: "POST", person: admin }],
    [403, "forbidden", `/api/agents/${agentId(agent)}/claim/${ticket.id}`, {
      method: "POST",
      person: other,
    }],
    [400, "invalid_input", `/api/agents/${agentId(other)}/claim/${ticket.id}?force=perhaps`, {
      method: "POST",
      person: other,
    }],
    [409, "already_claimed", `/api/agents/${agentId(other)}/claim/${ticket.id}`, {
      method: "POST",
      person: other,
    }],

    [403, "forbidden", "/api/tickets/process-queue", { method: "POST", body: "[", person: agent }],
    [400, "invalid_input", "/api/tickets/process-queue", {
      method: "POST",
      body: "[",
      person: boss,
    }],

    [401, "unauthenticated", "/api/shifts/nonsense/end", { body: "no json" }],
    [400, "invalid_input", "/api/shifts/nonsense/end", { person: customer }],
    [403, "forbidden", `/api/shifts/${UNKNOWN}/end`, { person: customer }],
    [404, "not_found", `/api/shifts/${UNKNOWN}/end`, { person: other }],
    [403, "forbidden", breaks, { method: "POST", body: "[", person: other }],
    [400, "invalid_input", breaks, { method: "POST", body: "[", person: agent }],
    [409, "conflict", breaks, { method: "POST", body: JSON.stringify(lunch), person: agent }],
    [403, "forbidden", `/api/agents/${agentId(agent)}/shift`, { body: "[", person: other }],
    [400, "invalid_input", `/api/agents/${agentId(agent)}/shift`, { body: "[", person: agent }],
  ];
  const before = await stored(desk.desk.store);
  for (const [expected, code, path, wrongs] of steps) {
    assertProblem(await send(desk, path, wrongs), expected, code);
  }
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("a token that is no good is told before a body that is none, also where none is needed", async () => {
  await using desk = await openDesk();
  const response = await desk.app.request("/api/auth/register", {
    method: "POST",
    headers: { Authorization: "Bearer nonsense", "Content-Type": JSON_TYPE },
    body: "{}",
  });
  const { status, headers } = response;
  assertProblem({ status, headers, json: await response.json() }, 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("that a body is too large is told to those who are not logged in, and to a wrong type", async () => {
  await using desk = await openDesk();
  const path = "/api/tickets";
  const answer = await send(desk, path, { method: "POST", type: "text/plain", body: TOO_LARGE });
  assertProblem(answer, 413, "too_large");
  await desk.assertSound();
});

Deno.test("what a role may never do is forbidden before the state is asked whether it could", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const waiting = await open(desk, customer);
  const refused: [Person, string][] = [
    // A waiting ticket cannot be resolved by anybody; a customer may not resolve at all.
    [customer, "resolved"],
    [customer, "in-progress"],
    [customer, "pending"],
  ];
  for (const [person, to] of refused) {
    const path = `/api/tickets/${waiting.id}/status`;
    assertProblem(await desk.call(person, "PUT", path, { status: to }), 403, "forbidden");
  }
  const path = `/api/tickets/${waiting.id}/status`;
  assertProblem(
    await desk.call(agent, "PUT", path, { status: "resolved" }),
    409,
    "invalid_transition",
  );
  await desk.assertSound();
});
