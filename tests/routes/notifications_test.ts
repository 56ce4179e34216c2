import assert from "node:assert/strict";
import type { Person, TestDesk } from "../support/desk.ts";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, dataOf, look, move, open, openFor, say, type View } from "../support/work.ts";

interface Staffed extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly other: Person;
  readonly boss: Person;
  readonly chief: Person;
  readonly admin: Person;
  readonly ticket: View;
  /** Who is told what by the work, by name; nothing for those who hear nothing. */
  toldBy(work: () => Promise<unknown>): Promise<Record<string, string[]>>;
}

async function staff(): Promise<Staffed> {
  const desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const other = await desk.join("agent", { agent: { status: "busy" } });
  const [boss, chief] = [await desk.join("supervisor"), await desk.join("supervisor")];
  const admin = await desk.join("admin");
  const everybody = {
    customer,
    agent,
    other,
    boss,
    chief,
    admin,
    stranger: await desk.join("user"),
  };
  const ticket = await openFor(desk, customer, agent, boss, { requiredSkills: [] });
  return {
    desk,
    ...everybody,
    ticket,
    async toldBy(work) {
      await desk.background.idle();
      const readAll = (): Promise<unknown[]> =>
        Promise.all(
          Object.values(everybody).map((person) =>
            desk.call(person, "PUT", "/api/notifications/mark-all-read")
          ),
        );
      await readAll();
      await work();
      const told: Record<string, string[]> = {};
      for (const [name, person] of Object.entries(everybody)) {
        const unread = await look(desk, person, "/api/notifications/unread");
        if (unread.length > 0) told[name] = unread.map(({ type }: View) => type);
      }
      return told;
    },
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

Deno.test("each change tells those concerned, once, and never the one who did it", async () => {
  await using here = await staff();
  const { desk, customer, agent, other, boss, ticket } = here;
  const to = (person: Person, status: Parameters<typeof move>[3], more = {}) => (): Promise<View> =>
    move(desk, person, ticket, status, more);
  const words =
    (person: Person, visibility: "public" | "internal" = "public") => (): Promise<View> =>
      say(desk, person, ticket, "A word.", visibility);
  const steps: [() => Promise<unknown>, Record<string, string[]>][] = [
    [words(customer), { agent: ["comment_added"] }],
    [words(agent), { customer: ["comment_added"] }],
    [words(boss), { customer: ["comment_added"], agent: ["comment_added"] }],
    [words(agent, "internal"), {}],
    [words(boss, "internal"), { agent: ["comment_added"] }],
    [to(agent, "in-progress"), { customer: ["ticket_updated"] }],
    [to(boss, "pending"), { customer: ["ticket_updated"], agent: ["ticket_updated"] }],
    // One message of one deed, though it is a comment and a change of status.
    [words(customer), { agent: ["comment_added"] }],
    [to(boss, "assigned", { agentId: agentId(other) }), {
      agent: ["ticket_updated"],
      other: ["ticket_assigned"],
    }],
    [to(other, "escalated"), {
      customer: ["ticket_updated"],
      boss: ["escalation"],
      chief: ["escalation"],
      admin: ["escalation"],
    }],
    [to(boss, "escalated"), {
      customer: ["ticket_updated"],
      other: ["ticket_updated"],
      chief: ["escalation"],
      admin: ["escalation"],
    }],
    [to(boss, "in-progress"), { customer: ["ticket_updated"], other: ["ticket_updated"] }],
    [to(boss, "queued"), { other: ["ticket_updated"] }],
    [to(boss, "assigned", { agentId: agentId(agent) }), { agent: ["ticket_assigned"] }],
    [to(agent, "queued"), {}],
    [to(agent, "assigned"), {}],
    [to(agent, "resolved"), { customer: ["ticket_updated"] }],
    [to(customer, "closed"), { agent: ["ticket_updated"] }],
  ];
  for (const [index, [work, expected]] of steps.entries()) {
    assert.deepEqual(await here.toldBy(work), expected, `step ${index + 1}`);
  }
});

Deno.test("to open a ticket tells nobody but the agent it is given to", async () => {
  await using here = await staff();
  const { desk, customer, boss } = here;
  assert.deepEqual(await here.toldBy(() => open(desk, customer, { requiredSkills: ["none"] })), {});
  const online = { status: "online" };
  const told = await here.toldBy(async () => {
    const path = `/api/agents/${agentId(here.agent)}/status`;
    await desk.call(boss, "PUT", path, online);
    await open(desk, customer);
  });
  assert.deepEqual(told, { agent: ["ticket_assigned"] });
});

Deno.test("an agent who opens a ticket of its own and works it is told nothing by itself", async () => {
  await using here = await staff();
  const { desk, agent } = here;
  const told = await here.toldBy(async () => {
    const ticket = await open(desk, agent);
    await move(desk, agent, ticket, "assigned");
    await say(desk, agent, ticket, "To myself.");
    await move(desk, agent, ticket, "resolved");
  });
  assert.deepEqual(told, {});
});

Deno.test("a notification has its ticket and a message, and is unread until it is read", async () => {
  await using here = await staff();
  const { desk, customer, boss, ticket } = here;
  await here.toldBy(() => say(desk, boss, ticket, "A word."));
  const { json } = await desk.call(customer, "GET", "/api/notifications/unread");
  assert.equal(json.count, 1);
  assert.equal(json.total, 1);
  const [notification] = json.data;
  assert.equal(notification._id, notification.id);
  assert.equal(notification.recipient, customer.actor.userId);
  assert.equal(notification.ticketId, ticket.id);
  assert.equal(notification.read, false);
  assert.equal(notification.createdAt, new Date(desk.clock.now()).toISOString());
  assert.ok(notification.message.includes(String(ticket.number)));
  const path = `/api/notifications/${notification.id}/read`;
  assertProblem(await desk.call(boss, "PUT", path), 404, "not_found");
  for (let times = 0; times < 2; times++) {
    assert.equal(dataOf(await desk.call(customer, "PUT", path), 200).read, true);
  }
  const after = await desk.call(customer, "GET", "/api/notifications/unread");
  assert.deepEqual([after.json.data, after.json.total], [[], 0]);
});

Deno.test("the newest unread come first, and the total counts those beyond the page", async () => {
  await using here = await staff();
  const { desk, customer, boss, ticket } = here;
  await here.toldBy(async () => {
    for (let index = 0; index < 12; index++) await say(desk, boss, ticket, `Word ${index}`);
  });
  const { json } = await desk.call(customer, "GET", "/api/notifications/unread?limit=5");
  const ids = json.data.map(({ id }: View) => id);
  assert.deepEqual(ids, ids.toSorted().toReversed());
  assert.deepEqual([json.count, json.total], [5, 12]);
});

Deno.test("to mark all read leaves none, says how many it marked, and touches nobody else's", async () => {
  await using here = await staff();
  const { desk, customer, agent, boss, ticket } = here;
  await here.toldBy(async () => {
    for (let index = 0; index < 25; index++) await say(desk, boss, ticket, `Word ${index}`);
  });
  const path = "/api/notifications/mark-all-read";
  assert.deepEqual(dataOf(await desk.call(customer, "PUT", path), 200), { marked: 25 });
  assert.deepEqual(await look(desk, customer, "/api/notifications/unread"), []);
  assert.deepEqual(dataOf(await desk.call(customer, "PUT", path), 200), { marked: 0 });
  assert.equal((await look(desk, agent, "/api/notifications/unread")).length, 25);
});
