import assert from "node:assert/strict";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { notifications } from "../../domain/store/kinds.ts";
import { transact } from "../../domain/store/transact.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { sampleNotification } from "../store/samples.ts";
import { client } from "../support/client.ts";
import { faultsOf, granted, testConfig } from "../support/desk.ts";
import { JWT_SECRET, openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect } from "../support/socket.ts";
import { staffStore } from "../support/staffed_store.ts";
import type { View } from "../support/work.ts";

// A verb over many records is begun at a server that is killed while it works. What the minute's job
// then does, in this process or another, must end as if nobody had been killed.

const SUPERVISORS = 200;
const ESCALATIONS = 5;

Deno.test("two hundred supervisors are told of each escalation once, though the telling is killed", async () => {
  await using store = await temporaryStorePath();
  const [customer, boss, ...chiefs] = await staffStore(store.path, [
    { role: "user" },
    { role: "supervisor" },
    ...Array.from({ length: SUPERVISORS }, () => ({ role: "supervisor" as const })),
  ]);
  const ticketIds: string[] = [];
  {
    await using server = await startServer(store.path);
    const requester = client(server.url, customer?.token ?? null);
    const escalating = client(server.url, boss?.token ?? null);
    for (let index = 0; index < ESCALATIONS; index++) {
      const ticket = { title: `Number ${index}`, description: "It is urgent." };
      ticketIds.push((await requester.post("/api/tickets", ticket)).id);
    }
    await using socket = await connect(server.url, chiefs[0]?.token ?? null);
    await socket.hear(({ type }) => type === "ready");
    await Promise.all(
      ticketIds.map((id) => escalating.put(`/api/tickets/${id}/status`, { status: "escalated" })),
    );
    await socket.hear(({ type }) => type === "notification");
    await server.stop("SIGKILL");
  }
  await doMinutesJob(store.path);
  {
    await using server = await startServer(store.path);
    for (const { token } of chiefs) {
      const told = await client(server.url, token).get("/api/notifications?limit=100");
      assert.deepEqual(told.map(({ type }: View) => type), ticketIds.map(() => "escalation"));
      assert.deepEqual(told.map(({ ticketId }: View) => ticketId).sort(), ticketIds);
    }
    const own = await client(server.url, boss?.token ?? null).get("/api/notifications");
    assert.deepEqual(own, [], "nobody is told of what they did themselves");
    await server.stop();
  }
  await assertSound(store.path);
});

const UNREAD = 5_000;

Deno.test("five thousand notifications are all marked read, though the marking is killed", async () => {
  await using store = await temporaryStorePath();
  const [reader] = await staffStore(store.path, [{ role: "user" }]);
  const { userId = "", token = null } = reader ?? {};
  await giveUnread(store.path, userId, UNREAD);
  {
    await using server = await startServer(store.path);
    const { put, get } = client(server.url, token);
    // Its answer does not come any more.
    const marking = put("/api/notifications/mark-all-read").catch(() => null);
    while ((await get("/api/notifications/unread?limit=1")).length > 0);
    await server.stop("SIGKILL");
    await marking;
  }
  await doMinutesJob(store.path);
  {
    await using server = await startServer(store.path);
    const { call } = client(server.url, token);
    for (const [unread, total] of [[true, 0], [false, UNREAD]]) {
      const { json } = await call("GET", `/api/notifications?limit=1&unread=${unread}`);
      assert.equal(json.total, total);
    }
    await server.stop();
  }
  await assertSound(store.path);
});

/** Puts unread notifications into somebody's list, many to a transaction. */
async function giveUnread(path: string, userId: string, count: number): Promise<void> {
  using store = await openStoreFile(path);
  const atOnce = 100;
  for (let given = 0; given < count; given += atOnce) {
    granted(
      await transact(store, (tx) => {
        for (let index = 0; index < atOnce; index++) {
          tx.add(notifications, sampleNotification(store, userId));
        }
        return Promise.resolve();
      }),
    );
  }
}

/** Finishes on a store's file what a server had begun there when it was killed. */
async function doMinutesJob(path: string): Promise<void> {
  using store = await openStoreFile(path);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords());
  await resumeIntents(desk);
}

async function assertSound(path: string): Promise<void> {
  using store = await openStoreFile(path);
  assert.deepEqual(await faultsOf(store), []);
}
