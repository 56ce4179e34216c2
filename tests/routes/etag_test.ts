import assert from "node:assert/strict";
import { type Answer, openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, open, openFor, say } from "../support/work.ts";

function get(
  desk: TestDesk,
  person: Person,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return callRaw(desk, person, path, { method: "GET", headers });
}

async function tagOf(desk: TestDesk, person: Person, path: string): Promise<string> {
  const tag = (await get(desk, person, path)).headers.get("ETag");
  assert.match(tag ?? "", /^"[0-9a-f]{20}\.[\w-]+"$/);
  return tag ?? "";
}

Deno.test("what a client has already is not sent again, and what changed is", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  const agentPath = `/api/agents/${agentId(agent)}`;
  const paths = [
    `/api/tickets/${ticket.id}`,
    agentPath,
    `/api/agents/user/${agent.actor.userId}`,
    "/api/auth/me",
    "/api/notifications/preferences",
  ];
  for (const path of paths) {
    const etag = await tagOf(desk, boss, path);
    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const { status, headers, json } = await get(desk, boss, path, { "If-None-Match": sent });
      assert.deepEqual([status, json, headers.get("ETag")], [304, null, etag], `${path} ${sent}`);
    }
    assert.equal((await get(desk, boss, path, { "If-None-Match": '"other"' })).status, 200);
  }
  const etag = await tagOf(desk, boss, `/api/tickets/${ticket.id}`);
  await say(desk, customer, ticket, "A word.");
  const changed = await get(desk, boss, `/api/tickets/${ticket.id}`, { "If-None-Match": etag });
  assert.equal(changed.status, 200);
  assert.equal(changed.json.data.commentCount, 1);
});

Deno.test("whoever is shown something else gets another tag for the same version", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  await say(desk, boss, ticket, "Between us.", "internal");
  const path = `/api/tickets/${ticket.id}`;
  const tags = [
    await tagOf(desk, customer, path),
    await tagOf(desk, boss, path),
    await tagOf(desk, boss, `${path}?fields=id,title`),
    await tagOf(desk, boss, `${path}?include=comments`),
  ];
  assert.equal(new Set(tags).size, tags.length);
  assert.equal(new Set(tags.map((tag) => tag.slice(0, 21))).size, 1);
  // A promise that is broken meanwhile shows, though nobody has written anything.
  desk.clock.advance(5 * 60 * 60_000);
  const late = await get(desk, boss, path, { "If-None-Match": tags[1] ?? "" });
  assert.deepEqual([late.status, late.json.data.sla.isBreached], [200, true]);
});

Deno.test("a write holds to the version that it names", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  const path = `/api/tickets/${ticket.id}`;
  const put = (person: Person, body: object, match: string): Promise<Answer> =>
    callRaw(desk, person, `${path}/status`, {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "If-Match": match },
    });
  const old = await tagOf(desk, boss, path);
  await say(desk, customer, ticket, "A word.");
  const resolve = { status: "resolved" };
  for (const match of [old, `W/${old}`, '"nonsense"', '""', "nonsense"]) {
    assertProblem(await put(agent, resolve, match), 412, "stale");
  }
  // What comes before 412 in the order of refusals, and what comes after it.
  assertProblem(await put(customer, resolve, old), 403, "forbidden");
  assertProblem(await put(agent, { status: "no such" }, old), 400, "invalid_input");
  assertProblem(await put(agent, { status: "closed" }, old), 412, "stale");
  const fresh = await tagOf(desk, customer, path);
  // The hash of somebody else's view does not matter: the version does.
  assert.equal((await put(agent, resolve, `"other", W/${fresh}`)).status, 200);
  assert.equal((await put(agent, { status: "closed" }, "*")).status, 200);
  await desk.assertSound();
});

Deno.test("preferences and password are written to the version that was read, and to no other", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const preferences = "/api/notifications/preferences";
  const put = (path: string, body: object, match: string): Promise<Answer> =>
    callRaw(desk, customer, path, {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "If-Match": match },
    });
  const change = { currentPassword: PASSWORD, newPassword: "another good password" };
  const old = await tagOf(desk, customer, preferences);
  assert.equal((await put(preferences, { handover: "off" }, old)).status, 200);
  assertProblem(await put(preferences, { handover: "live" }, old), 412, "stale");
  assertProblem(await put("/api/auth/change-password", change, old), 412, "stale");
  const { json } = await get(desk, customer, preferences);
  assert.equal(json.data.handover, "off");
  // Both stand in the record of the user, and so does what `me` tells.
  const fresh = await tagOf(desk, customer, "/api/auth/me");
  assert.equal((await put("/api/auth/change-password", change, fresh)).status, 200);
  await desk.assertSound();
});

Deno.test("a handover holds to the version that it names, with a key of its own too", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const path = `/api/agents/${agentId(agent)}`;
  const old = await tagOf(desk, boss, path);
  await openFor(desk, customer, agent, boss);
  await openFor(desk, customer, agent, boss);
  const handOver = (match: string, key: object): Promise<Answer> =>
    callRaw(desk, boss, `${path}/handover`, { body: "{}", headers: { "If-Match": match, ...key } });
  for (const key of [{}, { "Idempotency-Key": "once" }]) {
    assertProblem(await handOver(old, key), 412, "stale");
  }
  const fresh = await tagOf(desk, boss, path);
  const { status, json } = await handOver(fresh, { "Idempotency-Key": "twice" });
  assert.deepEqual([status, json.data.requeued.length], [200, 2]);
  assert.deepEqual((await handOver(fresh, { "Idempotency-Key": "twice" })).json, json);
  await desk.assertSound();
});

Deno.test("of two writes to one version exactly one takes effect", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent");
  const path = `/api/agents/${agentId(agent)}`;
  const etag = await tagOf(desk, boss, path);
  const answers = await Promise.all([10, 20, 30].map((maxTickets) =>
    callRaw(desk, boss, path, {
      method: "PUT",
      body: JSON.stringify({ maxTickets }),
      headers: { "If-Match": etag },
    })
  ));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 412, 412]);
  const done = answers.find(({ status }) => status === 200);
  const { json } = await get(desk, boss, path);
  assert.equal(json.data.maxTickets, done?.json.data.maxTickets);
  await desk.assertSound();
});

Deno.test("a PUT with If-None-Match makes what is not there, and changes nothing that is", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const put = (path: string, body: object, noneMatch: string): Promise<Answer> =>
    callRaw(desk, admin, path, {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "If-None-Match": noneMatch },
    });
  const always = { name: "Always", timezone: "UTC", alwaysOpen: true };
  const things: [string, object][] = [
    ["/api/sla/calendars/always", always],
    ["/api/sla/config/2/returns", { responseTime: 5 }],
  ];
  for (const [path, body] of things) {
    const made = await put(path, body, "*");
    assert.equal(made.status, 201, JSON.stringify(made.json));
    const tag = await tagOf(desk, admin, path);
    assert.equal(made.headers.get("ETag"), tag);
    for (const noneMatch of ["*", tag, `"other", W/${tag}`]) {
      assertProblem(await put(path, body, noneMatch), 412, "stale");
    }
    assert.equal(await tagOf(desk, admin, path), tag);
    assert.equal((await put(path, body, '"other"')).status, 200);
    assertProblem(await put(path, { responseTime: 0, name: " " }, "*"), 400, "invalid_input");
  }
  // What every desk has from the start is there though nobody has written it.
  for (const path of ["/api/sla/calendars/default", "/api/sla/config/1/general"]) {
    assertProblem(await put(path, {}, "*"), 412, "stale");
  }
  // What was deleted is not there, though open tickets may still count by it.
  await desk.call(admin, "DELETE", "/api/sla/calendars/always");
  await desk.background.idle();
  assert.equal((await put("/api/sla/calendars/always", always, "*")).status, 201);
  await desk.assertSound();
});

Deno.test("what is no PUT of a new thing is refused where there must be none yet", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  const path = `/api/tickets/${ticket.id}`;
  const body = JSON.stringify({ title: "Another" });
  const edit = (headers: Record<string, string>): Promise<Answer> =>
    callRaw(desk, customer, path, { method: "PATCH", body, headers });
  assertProblem(await edit({ "If-None-Match": "*" }), 412, "stale");
  const tag = await tagOf(desk, customer, path);
  assertProblem(await edit({ "If-None-Match": tag }), 412, "stale");
  assertProblem(await edit({ "If-Match": tag, "If-None-Match": "*" }), 412, "stale");
  const edited = await edit({ "If-Match": tag, "If-None-Match": '"other"' });
  assert.deepEqual([edited.status, edited.json.data.title], [200, "Another"]);
  await desk.assertSound();
});
