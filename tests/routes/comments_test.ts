import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import {
  agentId,
  look,
  move,
  open,
  openFor,
  say,
  ticketOf,
  type View,
  walk,
} from "../support/work.ts";

Deno.test("a comment has its author, and the oldest comes first, page by page", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user", { name: "Ada" });
  const ticket = await open(desk, customer);
  const said: View[] = [];
  for (let index = 0; index < 25; index++) {
    said.push(await say(desk, customer, ticket, `Comment ${index}`));
  }
  const { userId } = customer.actor;
  assert.deepEqual(said[0].author, { _id: userId, id: userId, name: "Ada", role: "user" });
  assert.equal(said[0].visibility, "public");
  assert.equal(said[0].ticketId, ticket.id);
  const walked = await walk(desk, customer, `/api/tickets/${ticket.id}/comments?limit=10`);
  assert.deepEqual(walked, said);
  await desk.assertSound();
});

Deno.test("a customer knows nothing of internal notes: not the text, the number or the history", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  for (let index = 0; index < 5; index++) {
    await say(desk, agent, ticket, "A secret about them.", "internal");
    await say(desk, agent, ticket, "A kind word.");
  }
  const path = `/api/tickets/${ticket.id}`;
  const seen = await look(desk, customer, path);
  const known = await look(desk, agent, path);
  assert.equal(seen.commentCount, 5);
  assert.equal(known.commentCount, 10);
  const commented = (entries: View[]): number =>
    entries.filter(({ action }) => action === "commented").length;
  assert.equal(commented(seen.history), 5);
  assert.equal(commented(known.history), 10);
  const listed = await look(desk, customer, "/api/tickets");
  assert.equal(listed[0].commentCount, 5);
  for (const place of [path, `${path}/history?limit=100`, `${path}/comments`, "/api/tickets"]) {
    const text = JSON.stringify(await look(desk, customer, place));
    assert.equal(/internal|secret/i.test(text), false, place);
  }
  desk.clock.advance(1_000);
  await say(desk, agent, ticket, "One more secret.", "internal");
  assert.deepEqual(await look(desk, customer, path), seen, "not even that something changed");
  // Pages are full though there are notes in between.
  const page = await desk.call(customer, "GET", `${path}/comments?limit=4`);
  assert.equal(page.json.count, 4);
  const rest = await desk.call(
    customer,
    "GET",
    `${path}/comments?limit=4&cursor=${page.json.nextCursor}`,
  );
  assert.equal(rest.json.count, 1);
  assert.equal(rest.json.nextCursor, null);
  await desk.assertSound();
});

Deno.test("an internal note changes nothing else: no status, no first response, nobody told but staff", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  await move(desk, agent, ticket, "pending");
  const unread = async (): Promise<number> =>
    (await look(desk, customer, "/api/notifications/unread")).length;
  const before = await unread();
  await say(desk, agent, ticket, "Between us.", "internal");
  const read = await ticketOf(desk, customer, ticket);
  assert.equal(read.status, "pending");
  assert.equal(read.firstResponseTime, null);
  assert.equal(await unread(), before);
  await desk.assertSound();
});

Deno.test("the customer's word on a pending or resolved ticket brings it back to its agent", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  for (const status of ["pending", "resolved"] as const) {
    const ticket = await openFor(desk, customer, agent, boss);
    await move(desk, agent, ticket, status);
    await say(desk, agent, ticket, "Nothing from me changes it.");
    assert.equal((await ticketOf(desk, boss, ticket)).status, status);
    await say(desk, customer, ticket, "Here I am again.");
    const read = await ticketOf(desk, boss, ticket);
    assert.equal(read.status, "in-progress");
    assert.equal(read.assignedTo.id, agentId(agent));
    assert.equal(read.resolvedAt, null);
    const { activeTickets } = await look(desk, boss, `/api/agents/${agentId(agent)}`);
    assert.ok(activeTickets.includes(ticket.id));
  }
  await desk.assertSound();
});

Deno.test("a closed ticket takes no more of the customer's comments", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  await move(desk, customer, ticket, "closed");
  const path = `/api/tickets/${ticket.id}/comments`;
  assertProblem(await desk.call(customer, "POST", path, { body: "But…" }), 409, "conflict");
  assert.equal((await ticketOf(desk, customer, ticket)).commentCount, 0);
  await desk.assertSound();
});

Deno.test("a comment given with a change of status is a public comment like any other", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  const moved = await move(desk, agent, ticket, "pending", { comment: "Which one?" });
  assert.equal(moved.status, "pending");
  assert.equal(moved.commentCount, 1);
  assert.equal(moved.firstResponseTime, new Date(desk.clock.now()).toISOString());
  const [comment] = await look(desk, customer, `/api/tickets/${ticket.id}/comments`);
  assert.equal(comment.body, "Which one?");
  assert.equal(comment.author.id, agent.actor.userId);
  const path = `/api/tickets/${ticket.id}/status`;
  const refused = { status: "closed", comment: "Never said." };
  assertProblem(await desk.call(agent, "PUT", path, refused), 409, "invalid_transition");
  assert.equal((await ticketOf(desk, customer, ticket)).commentCount, 1);
  await desk.assertSound();
});

Deno.test("comments that come at the same moment are all counted", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const people = [customer, boss, customer, boss, customer, boss];
  await Promise.all(people.map((person, index) => say(desk, person, ticket, `Word ${index}`)));
  const read = await ticketOf(desk, customer, ticket);
  assert.equal(read.commentCount, people.length);
  const listed = await look(desk, customer, `/api/tickets/${ticket.id}/comments`);
  assert.equal(listed.length, people.length);
  await desk.assertSound();
});
