import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { type Frame, listen, type Listener, until } from "./peers.ts";

async function call(
  desk: TestDesk,
  person: Person,
  method: string,
  path: string,
  body: object = {},
): Promise<Frame> {
  const { status, json } = await desk.call(person, method, path, body);
  assert(status < 300, JSON.stringify(json));
  return json?.data ?? {};
}

/** Events of what happens after the opening, of which late ones may still be told. */
function namesOf({ peer }: Listener): string[] {
  const early = ["ticket.created", "ticket.assigned", "queue.changed"];
  return peer.frames.filter(({ type }) => type === "event").map(({ event }) => event)
    .filter((name) => !early.includes(name));
}

Deno.test("what happens at the desk is told in its order to whoever listens and may know", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const worker = await desk.join("agent", { agent: { department: "Billing" } });
  const { id, number } = await call(desk, customer, "POST", "/api/tickets", {
    title: "My money",
    description: "I would like it back.",
    department: "Billing",
  });
  await desk.background.idle();
  const own = await listen(desk, customer, [`ticket:${id}`, "queue"]);
  // Named by its number it is the same topic.
  const staff = await listen(desk, worker, [`ticket:${number}`, "queue"]);
  const stranger = await listen(desk, await desk.join("user"), [`ticket:${id}`]);
  assert.deepEqual(own.topics, [`ticket:${id}`]);
  // Its id in capitals is the same one too, as in a path.
  const capitals = String(id).toUpperCase();
  assert.notEqual(capitals, id);
  const loud = await listen(desk, customer, [`ticket:${capitals}`]);
  assert.deepEqual(loud.topics, own.topics);
  assert.deepEqual([staff.topics.length, stranger.topics.length], [2, 0]);

  const comments = `/api/tickets/${id}/comments`;
  await call(desk, worker, "POST", comments, { body: "Between us.", visibility: "internal" });
  await call(desk, worker, "POST", comments, { body: "We look at it.", visibility: "public" });
  await call(desk, worker, "PUT", `/api/tickets/${id}/status`, { status: "resolved" });
  const told = ["ticket.commented", "ticket.commented", "ticket.resolved"];
  await until(() => namesOf(staff).includes("ticket.resolved"), "the resolution");
  assert.deepEqual(namesOf(staff), told);
  assert.deepEqual(namesOf(own), told.slice(1), "the note is between staff");
  assert(own.peer.frames.some(({ type, data }) => type === "notification" && data.ticketId === id));
  assert(!JSON.stringify(own.peer.frames).includes("internal"));
  assert.deepEqual(stranger.peer.frames.map(({ type }) => type), ["ready", "error"]);
  const cursors = staff.peer.frames.flatMap(({ cursor }) => cursor ?? []);
  assert.deepEqual(cursors, [...new Set(cursors)].sort());
  await desk.assertSound();
});

Deno.test("an agent who is moved to another department hears no more of the former one", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const department = "Billing";
  const worker = await desk.join("agent", { agent: { department, status: "busy" } });
  const { id } = await call(desk, customer, "POST", "/api/tickets", {
    title: "My money",
    description: "I would like it back.",
    department,
  });
  const agent = await listen(desk, worker, [`ticket:${id}`]);
  const witness = await listen(desk, boss, [`ticket:${id}`]);
  const say = (body: string): Promise<Frame> =>
    call(desk, customer, "POST", `/api/tickets/${id}/comments`, { body });
  await say("Before.");
  await until(() => namesOf(agent).length === 1, "the first comment");
  const agentPath = `/api/agents/${worker.actor.agent?.id}`;
  await call(desk, boss, "PUT", agentPath, { department: "Shipping" });
  await say("After.");
  await until(() => namesOf(witness).length === 2, "the second comment");
  assert.equal(namesOf(agent).length, 1);
  assert.equal(agent.peer.closedWith, null);
  await desk.assertSound();
});

Deno.test("a session that logs out is cut off with 4403, and its token does not get in again", async () => {
  await using desk = await openDesk();
  const person = await desk.join("user");
  const { peer } = await listen(desk, person, []);
  assert.deepEqual(peer.frames.map(({ type }) => type), ["ready"]);
  const { status } = await desk.call(person, "POST", "/api/auth/logout", {
    refreshToken: person.refreshToken,
  });
  assert(status < 300, String(status));
  await until(() => peer.closedWith !== null, "the close");
  assert.equal(peer.closedWith, 4403);
  const again = await listen(desk, person, []);
  assert.equal(again.peer.closedWith, 4401);
  await desk.assertSound();
});

Deno.test("whoever is deactivated or gets another role is cut off with 4403 in mid-session", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  for (const edit of [{ active: false }, { role: "supervisor" }, { password: "a new password" }]) {
    const person = await desk.join("agent");
    const stranger = await desk.join("agent");
    const { peer } = await listen(desk, person, ["queue"]);
    const other = await listen(desk, stranger, ["queue"]);
    await call(desk, admin, "PUT", `/api/users/${person.actor.userId}`, edit);
    await until(() => peer.closedWith !== null, "the close");
    assert.equal(peer.closedWith, 4403);
    assert.equal(other.peer.closedWith, null);
    const again = await listen(desk, person, []);
    assert.equal(again.peer.closedWith, 4401);
  }
  await desk.assertSound();
});
