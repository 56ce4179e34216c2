import assert from "node:assert/strict";
import { openIntents } from "../../domain/services/intents.ts";
import { type Answer, openDesk, PASSWORD } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, dataOf, look, open, openFor } from "../support/work.ts";

const ADA = { name: "Ada", email: "Ada@Example.com" };

Deno.test("an agent is hired with a user of its own, who cannot log in before it has a password", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const made = await desk.call(admin, "POST", "/api/agents", {
    ...ADA,
    department: "Billing",
    skills: ["tax:4", "law"],
    skillLevels: { LAW: 2, vat: 5 },
    teams: ["Night"],
    maxTickets: 7,
    status: "online",
  });
  const agent = dataOf(made, 201);
  assert.equal(made.headers.get("Location"), `/api/agents/${agent.id}`);
  assert.deepEqual(agent.skillLevels, { tax: 4, law: 2, vat: 5 });
  assert.deepEqual([agent.email, agent.department, agent.maxTickets, agent.status, agent.active], [
    "ada@example.com",
    "Billing",
    7,
    "online",
    true,
  ]);
  assert.deepEqual(await look(desk, admin, `/api/agents/${agent.id}`), agent);
  const user = await look(desk, admin, `/api/users/${agent.user}`);
  assert.deepEqual([user.name, user.email, user.role], ["Ada", "ada@example.com", "agent"]);
  const login = { email: ADA.email, password: PASSWORD };
  const denied = await desk.call(null, "POST", "/api/auth/login", login);
  assertProblem(denied, 401, "invalid_credentials");
  const path = `/api/users/${agent.user}`;
  dataOf(await desk.call(admin, "PUT", path, { password: PASSWORD }), 200);
  desk.clock.advance(1_000);
  assert.equal((await desk.call(null, "POST", "/api/auth/login", login)).status, 200);
  await desk.assertSound();
});

Deno.test("who is hired with a password logs in with it, and takes what waits", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const waiting = await open(desk, admin);
  const hiring = { ...ADA, password: PASSWORD, status: "online" };
  const agent = dataOf(await desk.call(admin, "POST", "/api/agents", hiring), 201);
  const login = { email: ADA.email, password: PASSWORD };
  assert.equal((await desk.call(null, "POST", "/api/auth/login", login)).status, 200);
  const { activeTickets } = await look(desk, admin, `/api/agents/${agent.id}`);
  assert.deepEqual(activeTickets, [waiting.id]);
  await desk.assertSound();
});

Deno.test("a customer who is hired becomes an agent, a supervisor stays one", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  for (const [role, after] of [["user", "agent"], ["supervisor", "supervisor"]] as const) {
    const person = await desk.join(role);
    const { email } = person;
    const hired = await desk.call(admin, "POST", "/api/agents", { name: "New Name", email });
    assert.equal(dataOf(hired, 201).user, person.actor.userId);
    const user = await look(desk, admin, `/api/users/${person.actor.userId}`);
    assert.deepEqual([user.role, user.name], [after, "New Name"]);
    const again = await desk.call(admin, "POST", "/api/agents", { name: "New Name", email });
    assertProblem(again, 409, "email_taken");
  }
  await desk.assertSound();
});

Deno.test("an agent who was dismissed is in no list, takes no status, and is the same one when hired again", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const id = agentId(agent);
  const ticket = await openFor(desk, customer, agent, admin);
  const gone = await desk.call(admin, "DELETE", `/api/agents/${id}`);
  assert.equal(dataOf(gone, 200).active, false);
  assert.deepEqual(gone.json.requeued, [ticket.id]);
  assert.deepEqual((await desk.call(admin, "DELETE", `/api/agents/${id}`)).json.requeued, []);
  assert.deepEqual(await look(desk, admin, "/api/agents"), []);
  assert.deepEqual(await look(desk, admin, "/api/agents/available"), []);
  const [former] = await look(desk, admin, "/api/agents?active=false");
  assert.equal(former.id, id);
  const online = { status: "online" };
  for (const path of [`/api/agents/${id}/status`, `/api/agents/${id}`]) {
    assertProblem(await desk.call(admin, "PUT", path, online), 409, "agent_unavailable");
  }
  const claim = `/api/agents/${id}/claim/${ticket.id}?force=true`;
  assertProblem(await desk.call(admin, "POST", claim), 409, "agent_unavailable");
  // Whoever works here no longer is a customer like any other.
  const refresh = { refreshToken: agent.refreshToken };
  const { token, data } = (await desk.call(null, "POST", "/api/auth/refresh", refresh)).json;
  assert.equal(data.role, "user");
  assertProblem(await desk.call({ ...agent, token }, "GET", "/api/agents"), 403, "forbidden");
  const hiring = { name: "Back", email: agent.email, maxTickets: 3 };
  const back = dataOf(await desk.call(admin, "POST", "/api/agents", hiring), 201);
  assert.deepEqual([back.id, back.active, back.maxTickets, back.name], [id, true, 3, "Back"]);
  await desk.assertSound();
});

Deno.test("who was deactivated as a user is not hired", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const person = await desk.join("user");
  dataOf(await desk.call(admin, "DELETE", `/api/users/${person.actor.userId}`), 200);
  const hiring = { name: "Ada", email: person.email };
  assertProblem(await desk.call(admin, "POST", "/api/agents", hiring), 409, "conflict");
  await desk.assertSound();
});

Deno.test("a supervisor renames an agent and its user with it, but no supervisor and no administrator", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent");
  const path = `/api/agents/${agentId(agent)}`;
  const renamed = dataOf(await desk.call(boss, "PUT", path, ADA), 200);
  assert.deepEqual([renamed.name, renamed.email], ["Ada", "ada@example.com"]);
  const user = await look(desk, admin, `/api/users/${agent.actor.userId}`);
  assert.deepEqual([user.name, user.email], ["Ada", "ada@example.com"]);
  assertProblem(await desk.call(boss, "PUT", path, { email: boss.email }), 409, "email_taken");
  const hiring = { name: "Boss", email: admin.email };
  const other = dataOf(await desk.call(admin, "POST", "/api/agents", hiring), 201);
  const takeover = await desk.call(boss, "PUT", `/api/agents/${other.id}`, { email: "my@own.org" });
  assertProblem(takeover, 403, "forbidden");
  dataOf(await desk.call(boss, "PUT", `/api/agents/${other.id}`, { maxTickets: 2 }), 200);
  await desk.assertSound();
});

Deno.test("an agent has twenty skills at most, however they are given", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent");
  const path = `/api/agents/${agentId(agent)}`;
  const skills = Array.from({ length: 20 }, (_, index) => `skill ${index}`);
  dataOf(await desk.call(boss, "PUT", path, { skills }), 200);
  dataOf(await desk.call(boss, "PUT", path, { skillLevels: { "SKILL 3": 5 } }), 200);
  const more = await desk.call(boss, "PUT", path, { skillLevels: { another: 1 } });
  assertProblem(more, 400, "invalid_input");
  for (const level of [0, 6, 1.5, "3"]) {
    const answer = await desk.call(boss, "PUT", path, { skillLevels: { law: level } });
    assertProblem(answer, 400, "invalid_input");
  }
  const { skillLevels } = await look(desk, boss, path);
  assert.deepEqual([Object.keys(skillLevels).length, skillLevels["skill 3"]], [20, 5]);
  await desk.assertSound();
});

Deno.test("a handover that is sent twice is done once and answered alike", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const giver = await desk.join("agent", { agent: { status: "busy" } });
  const taker = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await openFor(desk, customer, giver, boss);
  const send = async () => {
    const response = await desk.app.request(`/api/agents/${agentId(giver)}/handover`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${giver.token}`,
        "Content-Type": "application/json",
        "Idempotency-Key": "once",
      },
      body: JSON.stringify({ to: agentId(taker) }),
    });
    return { status: response.status, json: await response.json() };
  };
  const first = await send();
  assert.deepEqual([first.status, first.json.data], [200, {
    moved: [{ ticketId: ticket.id, to: agentId(taker) }],
    requeued: [],
  }]);
  assert.deepEqual(await send(), first);
  const { history } = await look(desk, boss, `/api/tickets/${ticket.id}`);
  const moves = history.map(({ action }: { action: string }) => action);
  assert.deepEqual(moves, ["handover", "assigned", "created"]);
  await desk.assertSound();
});

Deno.test("a handover with a key holds to If-Match too, and goes on although its own steps change the agent", async () => {
  await using desk = await openDesk();
  const [customer, boss] = [await desk.join("user"), await desk.join("supervisor")];
  const giver = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  for (let index = 0; index < 3; index++) await openFor(desk, customer, giver, boss);
  const path = `/api/agents/${agentId(giver)}`;
  const hand = (key: string, etag: string): Promise<Answer> => {
    const headers = { "Idempotency-Key": key, "If-Match": etag };
    return callRaw(desk, boss, `${path}/handover`, { body: "{}", headers });
  };
  const { headers } = await desk.call(boss, "GET", path);
  const seen = headers.get("ETag") ?? "";
  dataOf(await desk.call(boss, "PUT", path, { maxTickets: 50 }), 200);
  assertProblem(await hand("first", seen), 412, "stale");
  assert.equal((await look(desk, boss, path)).activeTickets.length, 3);
  const { headers: now } = await desk.call(boss, "GET", path);
  const { requeued } = dataOf(await hand("second", now.get("ETag") ?? ""), 200);
  assert.equal(requeued.length, 3);
  await desk.assertSound();
});

Deno.test("who is hired with another password loses the sessions it had, and their records", async () => {
  await using desk = await openDesk();
  const [admin, person] = [await desk.join("admin"), await desk.join("user")];
  const hiring = { name: "Ada", email: person.email, password: "another good password" };
  const body = JSON.stringify(hiring);
  const headers = { "Idempotency-Key": "hired" };
  dataOf(await callRaw(desk, admin, "/api/agents", { body, headers }), 201);
  assert.deepEqual(await openIntents(desk.desk, "end_sessions"), []);
  const refreshed = await desk.call(null, "POST", "/api/auth/refresh", person);
  assertProblem(refreshed, 401, "unauthenticated");
  await desk.assertSound();
});
