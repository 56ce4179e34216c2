import assert from "node:assert/strict";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { createApp } from "../../routes/app.ts";
import { startDeskLive } from "../../routes/live.ts";
import { client } from "../support/client.ts";
import { type Answer, faultsOf, testConfig } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { JWT_SECRET, openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect } from "../support/socket.ts";
import { staffStore } from "../support/staffed_store.ts";
import type { View } from "../support/work.ts";

// A server is killed over a request of many commits. Whoever sends the request again, with its key,
// must get the answer that was lost, and nothing may be done twice.

const TICKETS = 100;
/** The server is killed when so many tickets are known to be changed. */
const KILLED_AFTER = TICKETS / 4;
/** Longer than a request is waited for whose process died. */
const LEASE_MS = MINUTE_MS;

Deno.test("a batch that is killed and sent again escalates each of a hundred tickets once", async () => {
  await using store = await temporaryStorePath();
  const [customer, boss] = await staffStore(store.path, [{ role: "user" }, { role: "supervisor" }]);
  const [asking = null, escalating = null] = [customer?.token, boss?.token];
  const begunAt = Date.now();
  const ids: string[] = [];
  const request = (origin: string): Request =>
    new Request(`${origin}/api/tickets/batch-update`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${escalating}`,
        "Content-Type": "application/json",
        "Idempotency-Key": "a batch",
      },
      // Done twice it would escalate a ticket by two levels.
      body: JSON.stringify({ ids, status: "escalated", tags: ["loud"] }),
    });
  {
    await using server = await startServer(store.path);
    ids.push(...await openTickets(server.url, asking));
    await using socket = await connect(server.url, escalating);
    socket.send({ type: "subscribe", topics: [`ticket:${ids[KILLED_AFTER - 1]}`] });
    await socket.hear(({ type }) => type === "subscribed");
    const answer = fetch(request(server.url)).catch(() => null);
    await socket.hear(({ type }) => type === "event");
    await server.stop("SIGKILL");
    assert.equal(await answer, null, "it was killed before it answered");
  }
  await using server = await startServer(store.path);
  const { call, get } = client(server.url, escalating);
  const { json: { total } } = await call("GET", "/api/tickets?status=escalated&limit=1");
  assert.ok(total >= KILLED_AFTER && total < TICKETS, `${total} tickets are escalated`);

  const early = await askInProcess(store.path, () => begunAt, request);
  assertProblem(early, 409, "request_in_progress");
  const late = await askInProcess(store.path, () => Date.now() + LEASE_MS, request);
  assert.equal(late.status, 200, JSON.stringify(late.json));
  assert.deepEqual(late.json.results, ids.map((id) => ({ id, ok: true })));
  assert.deepEqual(late.json.data.map(({ id }: View) => id), ids);
  const again = await fetch(request(server.url));
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual(await again.json(), late.json);

  for (const id of ids) {
    const { escalationLevel, tags, history } = await get(`/api/tickets/${id}`);
    assert.deepEqual([escalationLevel, tags], [1, ["loud"]]);
    const actions = history.map(({ action }: View) => action).sort();
    assert.deepEqual(actions, ["created", "escalated", "updated"]);
  }
  const told = await client(server.url, asking).call("GET", "/api/notifications?limit=1");
  assert.equal(told.json.total, TICKETS);
  await server.stop();
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

/** The ids of new tickets, in another order than that of their keys. */
async function openTickets(url: string, token: string | null): Promise<string[]> {
  const { post } = client(url, token);
  const opened = await Promise.all(
    Array.from(
      { length: TICKETS },
      (_, index) =>
        post("/api/tickets", { title: `Number ${index}`, description: "It does not work." }),
    ),
  );
  return opened.map(({ id }) => id).sort().reverse();
}

/** What a desk in this process, whose clock may be another, answers from a server's store file. */
async function askInProcess(
  path: string,
  now: () => Instant,
  request: (origin: string) => Request,
): Promise<Answer> {
  using store = await openStoreFile(path, now);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords());
  const live = await startDeskLive(desk);
  try {
    const { hub } = live;
    const response = await createApp({ desk, hub }).request(request("http://localhost"));
    return { status: response.status, headers: response.headers, json: await response.json() };
  } finally {
    await live.stop();
  }
}
