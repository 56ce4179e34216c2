import assert from "node:assert/strict";
import { client } from "../support/client.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect, type Frame, type TestSocket } from "../support/socket.ts";
import { staffStore } from "../support/staffed_store.ts";

const TICKET = { title: "My card is lost", description: "Please send a new one." };
const TOPICS = ["department:general", "queue"];

/** The cursors of what came behind `resumed`, or of everything where nobody resumed. */
function cursors(frames: readonly Frame[]): string[] {
  const from = frames.findIndex(({ type }) => type === "resumed");
  return frames.slice(from + 1).flatMap(({ type, cursor }) => type === "event" ? cursor : []);
}

async function listen(url: string, token: string, after: string | null): Promise<TestSocket> {
  const socket = await connect(url, token);
  socket.send({ type: "subscribe", topics: TOPICS });
  await socket.hear(({ type }) => type === "subscribed");
  if (after === null) return socket;
  socket.send({ type: "resume", after });
  await socket.hear(({ type }) => type === "resumed");
  return socket;
}

Deno.test("who was cut off by a kill resumes at the next start, and has every event once and in order", async () => {
  await using store = await temporaryStorePath();
  const [customer, boss] = await staffStore(store.path, [{ role: "user" }, { role: "supervisor" }]);
  assert(customer !== undefined && boss !== undefined);
  const heard: string[] = [];
  let last = "";
  {
    await using server = await startServer(store.path);
    await using socket = await listen(server.url, boss.token, null);
    const writer = client(server.url, customer.token);
    const opened = await writer.post("/api/tickets", TICKET);
    const created = await socket.hear(({ event }) => event === "ticket.created");
    assert.equal(created.data.ticketId, opened.id);
    assert.equal(created.topic, "department:general");
    await socket.hear(({ event }) => event === "queue.changed");
    heard.push(...cursors(socket.frames));
    last = heard.at(-1) ?? "";
    assert.equal(await server.stop("SIGKILL") !== 0, true);
  }
  {
    await using server = await startServer(store.path);
    const writer = client(server.url, customer.token);
    for (let n = 0; n < 5; n++) await writer.post("/api/tickets", TICKET);
    await using socket = await listen(server.url, boss.token, last);
    await writer.post("/api/tickets", TICKET);
    const all = (frames: readonly Frame[]): Frame[] =>
      frames.filter(({ event }) => event === "queue.changed");
    await socket.hear(() => all(socket.frames).length === 6);
    heard.push(...cursors(socket.frames));
    assert.equal(await server.stop(), 0);
  }
  assert.deepEqual(heard, [...new Set(heard)].sort(), "in the order of the commits, none twice");
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
  assert.equal(heard.length, 2 * 7, "each ticket was made, and began to wait");
});
