import assert from "node:assert/strict";
import type { Session } from "../../domain/rules/user.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { beginSession, type Grant, grant } from "../../domain/services/sessions.ts";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import { keys, keyText } from "../../domain/store/keys.ts";
import { notifications, users } from "../../domain/store/kinds.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { read, readList, type Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { sampleNotification } from "../store/samples.ts";
import { client } from "../support/client.ts";
import { faultsOf, granted, testConfig } from "../support/desk.ts";
import { NOTHING_RESUMED } from "../support/interruption.ts";
import { assertProblem } from "../support/problem.ts";
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

const SESSIONS = 1_000;
/** The server is killed when so many sessions are known to be removed. */
const KILLED_AFTER = SESSIONS / 10;
/** So that what is left is removed by the test alone. */
const WITHOUT_JOBS = { JOBS: "off" };

Deno.test("of a thousand sessions none is accepted after a log-out that is killed, and each ends once", async () => {
  await using store = await temporaryStorePath();
  const [customer] = await staffStore(store.path, [{ role: "user" }]);
  const { userId = "", token = null } = customer ?? {};
  const grants = await logInOften(store.path, userId, SESSIONS - 1);
  const begun = await sessionIds(store.path, userId);
  assert.equal(begun.length, SESSIONS);
  {
    await using server = await startServer(store.path, WITHOUT_JOBS);
    using file = await openStoreFile(store.path);
    const { call } = client(server.url, token);
    const leaving = call("POST", "/api/auth/logout?all=true").catch(() => null);
    await untilGone(file, keys.session(userId, begun[KILLED_AFTER] ?? ""));
    await server.stop("SIGKILL");
    assert.equal(await leaving, null, "it was killed before it answered");
  }
  const left = await sessionIds(store.path, userId);
  assert.ok(left.length > 0 && left.length < SESSIONS, `${left.length} sessions are left`);
  {
    await using server = await startServer(store.path, WITHOUT_JOBS);
    for (const grant of grants) await assertRefused(server.url, grant);
    await server.stop();
  }
  assert.deepEqual(await sessionIds(store.path, userId), left);
  assert.deepEqual(await doMinutesJob(store.path), { ...NOTHING_RESUMED, loggedOut: 1 });
  assert.deepEqual(await sessionIds(store.path, userId), []);
  assert.deepEqual(await doMinutesJob(store.path), NOTHING_RESUMED);
  assert.deepEqual((await endedSessionIds(store.path)).sort(), begun);
  await assertSound(store.path);
});

/** Begins sessions of somebody as logins do, with their tokens. */
async function logInOften(path: string, userId: string, count: number): Promise<Grant[]> {
  using store = await openStoreFile(path);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords());
  const user = await read(store, users, keys.user(userId));
  if (user === null) throw new Error("There is no such user");
  return await Promise.all(Array.from({ length: count }, async () => {
    const begun = await transact(store, (tx) => Promise.resolve(beginSession(desk, tx, user)));
    return await grant(desk, granted(begun));
  }));
}

async function sessionIds(path: string, userId: string): Promise<string[]> {
  using store = await openStoreFile(path);
  const rows = await readList<Session>(store, ["session", userId], { limit: 2 * SESSIONS });
  return rows.map(({ value }) => value.id);
}

const GONE_WITHIN_MS = 30_000;

/** Watches the file of a server that works on it. */
async function untilGone(store: Store, key: KvKey): Promise<void> {
  const startedAt = performance.now();
  while ((await store.reader.get(key)).value !== null) {
    assert.ok(performance.now() - startedAt < GONE_WITHIN_MS, `still there: ${keyText(key)}`);
  }
}

async function assertRefused(url: string, { token, refreshToken }: Grant): Promise<void> {
  const answers = await Promise.all([
    client(url, token).call("GET", "/api/auth/me"),
    client(url, null).call("POST", "/api/auth/refresh", { refreshToken }),
    client(url, null).call("POST", "/api/auth/refresh-token", { refreshToken }),
  ]);
  for (const answer of answers) assertProblem(answer, 401, "unauthenticated");
}

/** The sessions whose end the feed tells of, each as often as it does. */
async function endedSessionIds(path: string): Promise<string[]> {
  using store = await openStoreFile(path);
  const entries = await readFeed(store, FEED_START, 2 * SESSIONS);
  return entries.flatMap(({ events }) =>
    events.flatMap((event) => event.type === "session.ended" ? event.sessionId : [])
  );
}

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
async function doMinutesJob(path: string): ReturnType<typeof resumeIntents> {
  using store = await openStoreFile(path);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords());
  return await resumeIntents(desk);
}

async function assertSound(path: string): Promise<void> {
  using store = await openStoreFile(path);
  assert.deepEqual(await faultsOf(store), []);
}
