import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { createApp } from "../../routes/app.ts";
import { type Answer, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, dataOf, look, openFor } from "../support/work.ts";

// An agent with tickets leaves by an edit of many commits, of a version that was read before, and the
// process dies over it. Whoever sends it again, with its key, is not told that the version is another.

const TICKETS = 3;
/** Longer than a request is waited for whose process died. */
const LEASE_MS = MINUTE_MS;

interface Edit {
  readonly method: "PUT" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

interface Scene {
  readonly admin: Person;
  readonly ada: Person;
  readonly edits: readonly Edit[];
}

async function setUp(desk: TestDesk): Promise<Scene> {
  await desk.background.stop();
  const [customer, admin] = [await desk.join("user"), await desk.join("admin")];
  const ada = await desk.join("agent", { name: "Ada", agent: { status: "busy" } });
  for (let count = 0; count < TICKETS; count++) await openFor(desk, customer, ada, admin);
  const user = `/api/users/${ada.actor.userId}`;
  const edits: readonly Edit[] = [
    {
      method: "PUT",
      path: user,
      body: { role: "user", name: "Ada L.", password: "new password 1" },
    },
    { method: "DELETE", path: user },
    { method: "DELETE", path: `/api/agents/${agentId(ada)}` },
  ];
  return { admin, ada, edits };
}

function headersOf(admin: Person, tag: string): Record<string, string> {
  return {
    "Authorization": `Bearer ${admin.token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": "an edit",
    "If-Match": tag,
  };
}

function send(
  desk: TestDesk,
  { admin }: Scene,
  { method, path, body = {} }: Edit,
  tag: string,
): Promise<Answer> {
  const headers = headersOf(admin, tag);
  return callRaw(desk, admin, path, { method, headers, body: JSON.stringify(body) });
}

Deno.test("an edit by which an agent leaves goes on where it died, whatever version it was sent for", async () => {
  for (let which = 0; which < 3; which++) {
    let deaths = 0;
    for (let commits = 1; commits < 20; commits++) {
      await using desk = await openDesk();
      const scene = await setUp(desk);
      const { admin, ada } = scene;
      const edit = scene.edits[which];
      assert.ok(edit !== undefined);
      const read = await callRaw(desk, admin, edit.path, { method: "GET" });
      const tag = read.headers.get("ETag") ?? "";
      const app = createApp({ desk: dyingAfter(desk.desk, commits), hub: desk.live.hub });
      const { method, path, body = {} } = edit;
      const headers = headersOf(admin, tag);
      const died = await app.request(path, { method, headers, body: JSON.stringify(body) });
      if (died.status === 200) break;
      assert.equal(died.status, 500);
      deaths += 1;
      // What another did meanwhile is not undone by what was asked before.
      const user = `/api/users/${ada.actor.userId}`;
      const isRenamed = commits > 1 && method === "PUT";
      if (isRenamed) dataOf(await desk.call(admin, "PUT", user, { name: "Ada Lovelace" }), 200);
      desk.clock.advance(LEASE_MS);
      const done = await send(desk, scene, edit, tag);
      assert.equal(done.status, 200, `${method} ${path} after ${commits}: ${done.json.detail}`);
      const again = await send(desk, scene, edit, tag);
      assert.deepEqual([again.status, again.json], [200, done.json]);
      const name = isRenamed ? "Ada Lovelace" : method === "PUT" ? "Ada L." : "Ada";
      assert.equal((await look(desk, admin, user)).name, name);
      const agent = await look(desk, admin, `/api/agents/${agentId(ada)}`);
      assert.deepEqual([agent.active, agent.activeTickets], [false, []]);
      assert.equal((await look(desk, admin, "/api/tickets?status=queued")).length, TICKETS);
      await desk.assertSound();
    }
    assert.ok(deaths > TICKETS, `it died ${deaths} times`);
  }
});
