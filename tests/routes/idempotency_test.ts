import assert from "node:assert/strict";
import { ANSWER_KEPT_MS, type KeyRecord } from "../../domain/services/idempotency.ts";
import { type Answer, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, look, open, type View } from "../support/work.ts";

const TICKET = { title: "My card is lost", description: "Please send a new one." };

function send(
  desk: TestDesk,
  person: Person,
  path: string,
  body: object,
  key: string,
): Promise<Answer> {
  const headers = { "Idempotency-Key": key };
  return callRaw(desk, person, path, { body: JSON.stringify(body), headers });
}

function isReplayed({ headers }: Answer): boolean {
  return headers.get("Idempotent-Replayed") === "true";
}

Deno.test("a request sent again with its key is answered again, and nothing is done twice", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const first = await send(desk, customer, "/api/tickets", TICKET, "a");
  assert.equal(first.status, 201);
  assert.equal(isReplayed(first), false);
  desk.clock.advance(60_000);
  const before = await stored(desk.desk.store);
  for (let times = 0; times < 3; times++) {
    const again = await send(desk, customer, "/api/tickets", TICKET, "a");
    assert.equal(again.status, 201);
    assert.ok(isReplayed(again));
    assert.deepEqual(again.json, first.json);
    assert.equal(again.headers.get("Location"), first.headers.get("Location"));
    assert.equal(again.headers.get("Content-Type"), first.headers.get("Content-Type"));
  }
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("of many at once with one key one is done, and all get its answer or come again", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => send(desk, customer, "/api/tickets", TICKET, "same")),
  );
  const made = answers.filter(({ status }) => status === 201);
  assert.equal(made.filter((answer) => !isReplayed(answer)).length, 1);
  assert.equal(new Set(made.map(({ json }) => json.data.id)).size, 1);
  for (const answer of answers) {
    if (answer.status === 201) continue;
    assertProblem(answer, 409, "request_in_progress");
    assert.equal(answer.headers.get("Retry-After"), "1");
  }
  assert.equal((await look(desk, customer, "/api/tickets")).length, 1);
  await desk.assertSound();
});

Deno.test("of many claims at once with one key all are the one that won", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await open(desk, customer);
  const path = `/api/agents/${agentId(agent)}/claim/${ticket.id}`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send(desk, agent, path, {}, "claim")),
  );
  for (const { status, json } of answers) {
    assert.equal(status, 200, JSON.stringify(json));
    assert.deepEqual(json, answers[0]?.json);
  }
  assert.equal(answers.filter((answer) => !isReplayed(answer)).length, 1);
  await desk.assertSound();
});

Deno.test("a key belongs to its user, its request and its day", async () => {
  await using desk = await openDesk();
  const [customer, other] = [await desk.join("user"), await desk.join("user")];
  const first = await send(desk, customer, "/api/tickets", TICKET, "mine");
  const changed = { ...TICKET, title: "Another" };
  assertProblem(
    await send(desk, customer, "/api/tickets", changed, "mine"),
    422,
    "idempotency_mismatch",
  );
  const elsewhere = `/api/tickets/${first.json.data.id}/comments`;
  assertProblem(
    await send(desk, customer, elsewhere, TICKET, "mine"),
    422,
    "idempotency_mismatch",
  );
  const theirs = await send(desk, other, "/api/tickets", TICKET, "mine");
  assert.notEqual(theirs.json.data.id, first.json.data.id);
  desk.clock.advance(ANSWER_KEPT_MS);
  // The day is over for the sessions' tokens too.
  const fresh = await desk.call(null, "POST", "/api/auth/refresh", customer);
  const again = { ...customer, token: fresh.json.token };
  const later = await send(desk, again, "/api/tickets", changed, "mine");
  assert.equal(later.status, 201, JSON.stringify(later.json));
  assert.equal(isReplayed(later), false);
  await desk.assertSound();
});

Deno.test("a refusal keeps nothing: the same request may succeed later", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "offline" } });
  const ticket = await open(desk, customer);
  const path = `/api/agents/${agentId(agent)}/claim/${ticket.id}`;
  assertProblem(await send(desk, agent, path, {}, "k"), 409, "agent_unavailable");
  await desk.call(agent, "PUT", `/api/agents/${agentId(agent)}/status`, { status: "busy" });
  const done = await send(desk, agent, path, {}, "k");
  assert.deepEqual([done.status, isReplayed(done)], [200, false]);
  await desk.assertSound();
});

Deno.test("a key that is empty, too long or not printable is refused", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const key of ["", "x".repeat(256), "a\tb", "schlüssel"]) {
    assertProblem(await send(desk, customer, "/api/tickets", TICKET, key), 400, "invalid_input");
  }
  assert.equal((await send(desk, customer, "/api/tickets", TICKET, "~".repeat(255))).status, 201);
});

Deno.test("an answer larger than a value of the store is kept whole", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const long = { ...TICKET, description: `.${'"\n'.repeat(9_999)}` };
  const first = await send(desk, customer, "/api/tickets", long, "long");
  assert.ok(JSON.stringify(first.json).length > 35_000);
  const again = await send(desk, customer, "/api/tickets", long, "long");
  assert.ok(isReplayed(again));
  assert.deepEqual(again.json, first.json);
  await desk.assertSound();
});

Deno.test("what is kept of a request tells neither its key nor, without that, what was in it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const asked = { title: "A secret", description: "Nobody guesses it." };
  const names = ["a key of mine", "another key"];
  for (const name of names) await send(desk, customer, "/api/tickets", asked, name);
  const kept = await Array.fromAsync(
    desk.desk.store.reader.list<KeyRecord>({ prefix: ["idempotency", customer.actor.userId] }),
  );
  const prints = new Set(kept.map(({ value }) => value.fingerprint));
  assert.deepEqual([kept.length, prints.size], [2, 2], "the same is hashed by each key otherwise");
  const plain = new Set(names.flatMap((name) => [name, btoa(name)]));
  assert.ok(kept.every(({ key }) => key.every((part) => !plain.has(String(part)))));
});

/** A desk where eight tickets wait and one agent has room for five of them. */
async function waiting(): Promise<{ desk: TestDesk; boss: Person }> {
  const desk = await openDesk();
  const boss = await desk.join("supervisor");
  const customer = await desk.join("user");
  await desk.background.stop();
  await desk.join("agent", { agent: { maxTickets: 100 } });
  for (let index = 0; index < 8; index++) await open(desk, customer);
  return { desk, boss };
}

const PROCESS = "/api/tickets/process-queue";

Deno.test("a request of many commits that was cut off goes on where it ended, once", async () => {
  for (const commits of [1, 2, 4]) {
    const { desk, boss } = await waiting();
    await using _ = desk;
    const dying = dyingAfter(desk.desk, commits);
    const headers = { "Idempotency-Key": "cut" };
    const request = new Request(`http://localhost${PROCESS}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${boss.token}`,
        ...headers,
      },
      body: JSON.stringify({ limit: 5 }),
    });
    const { createApp } = await import("../../routes/app.ts");
    const answer = await createApp({ desk: dying, hub: desk.live.hub }).request(request);
    assert.equal(answer.status, 500);
    const given = async (): Promise<number> =>
      (await look(desk, boss, "/api/tickets?status=assigned")).length;
    // The first commit begins the request, each of the others gives one ticket.
    assert.equal(await given(), commits - 1);
    // Whoever sends it again is told when whoever died over it is given up.
    for (const [waitedMs, leftSeconds] of [[0, 30], [12_500, 18], [17_000, 1]] as const) {
      desk.clock.advance(waitedMs);
      const early = await send(desk, boss, PROCESS, { limit: 5 }, "cut");
      assertProblem(early, 409, "request_in_progress");
      assert.equal(early.headers.get("Retry-After"), String(leftSeconds));
      assert.equal(early.json.retryAfter, leftSeconds);
    }
    desk.clock.advance(1_500);
    const { status, json } = await send(desk, boss, PROCESS, { limit: 5 }, "cut");
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.data.assigned.length, 5);
    assert.equal(json.data.processed, 5);
    assert.equal(new Set(json.data.assigned.map(({ ticketId }: View) => ticketId)).size, 5);
    assert.equal(await given(), 5);
    const again = await send(desk, boss, PROCESS, { limit: 5 }, "cut");
    assert.ok(isReplayed(again));
    assert.deepEqual(again.json, json);
    await desk.assertSound();
  }
});
