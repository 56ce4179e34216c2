import assert from "node:assert/strict";
import type { AgentChanges } from "../../domain/rules/agent_edit.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { noProgress } from "../../domain/services/progress.ts";
import { rebalance, type RebalanceOptions } from "../../domain/services/rebalance.ts";
import { rebalanceWork } from "../../jobs/rebalance.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { agentId, dataOf, look, move, openFor, say, ticketOf, type View } from "../support/work.ts";

interface Office {
  readonly customer: Person;
  readonly boss: Person;
  readonly full: Person;
  readonly free: Person;
  readonly tickets: readonly View[];
}

const MANY = { maxTickets: 10 };

/** An agent with so many tickets and one with none, on a desk that does nothing by itself. */
async function staff(desk: TestDesk, count: number, free: AgentChanges = {}): Promise<Office> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const full = await desk.join("agent", { agent: MANY });
  const tickets: View[] = [];
  for (let index = 0; index < count; index++) {
    tickets.push(await openFor(desk, customer, full, boss, { requiredSkills: [] }));
  }
  return {
    customer,
    boss,
    full,
    free: await desk.join("agent", { agent: { ...MANY, ...free } }),
    tickets,
  };
}

function balance(desk: TestDesk, options: Partial<RebalanceOptions> = {}) {
  const all = { maxMoves: 20, dryRun: false, performedBy: null, ...options };
  return rebalance(desk.desk, all, noProgress());
}

Deno.test("who has nothing gets half, each told as of any assignment, and the ticket says so", async () => {
  await using desk = await openDesk();
  const { boss, full, free } = await staff(desk, 6);
  const { moved, changed, before, after } = await balance(desk, {
    performedBy: boss.actor.userId,
  });
  assert.deepEqual([moved.length, changed], [3, []]);
  assert.deepEqual([before.highestUtilisation, after.highestUtilisation], [0.6, 0.3]);
  for (const { ticketId, from, to } of moved) {
    assert.deepEqual([from, to], [agentId(full), agentId(free)]);
    const { status, assignedTo, history } = await ticketOf(desk, boss, { id: ticketId });
    assert.deepEqual([status, assignedTo.id], ["assigned", to]);
    const { action, performedBy, details } = history[0];
    assert.deepEqual([action, performedBy], ["reassigned", boss.actor.userId]);
    assert.deepEqual([details.from, details.to, details.by], [from, to, "rebalance"]);
  }
  const told = await look(desk, free, "/api/notifications/unread");
  assert.deepEqual(told.map(({ type }: View) => type), moved.map(() => "ticket_assigned"));
  await desk.assertSound();
});

Deno.test("a dry run says the same and does nothing", async () => {
  await using desk = await openDesk();
  await staff(desk, 5);
  const before = await stored(desk.desk.store);
  const planned = await balance(desk, { dryRun: true });
  assert.deepEqual(await stored(desk.desk.store), before);
  const done = await balance(desk);
  assert.deepEqual(planned, { ...done, dryRun: true });
  assert.equal(done.moved.length, 2);
  await desk.assertSound();
});

Deno.test("nothing moves that was begun or answered, nor to who may not have it", async () => {
  await using desk = await openDesk();
  const { boss, full, customer, free, tickets } = await staff(desk, 3, { department: "Elsewhere" });
  await move(desk, full, tickets[0], "in-progress");
  await say(desk, full, tickets[1], "We are looking into it.");
  await openFor(desk, customer, full, boss, { department: "Support", requiredSkills: [] });
  await openFor(desk, customer, full, boss, { requiredSkills: ["tax"] });
  const { moved } = await balance(desk);
  assert.deepEqual(moved.map(({ ticketId, to }) => [ticketId, to]), [
    [tickets[2].id, agentId(free)],
  ]);
  await desk.assertSound();
});

Deno.test("what has moved stays for half an hour, whoever asks", async () => {
  await using desk = await openDesk();
  const { boss, full, free, tickets } = await staff(desk, 2);
  const [first] = (await balance(desk)).moved;
  assert.ok(first !== undefined);
  // The other one is given to the same agent, who now has both.
  const rest = tickets.find(({ id }) => id !== first.ticketId);
  await move(desk, boss, rest, "assigned", { agentId: agentId(free) });
  await move(desk, free, rest, "in-progress");
  desk.clock.advance(29 * MINUTE_MS);
  assert.deepEqual((await balance(desk)).moved, []);
  desk.clock.advance(MINUTE_MS);
  const { moved } = await balance(desk);
  assert.deepEqual(moved, [{ ticketId: first.ticketId, from: agentId(free), to: agentId(full) }]);
  await desk.assertSound();
});

Deno.test("no more move than were asked for, and only among those of a department", async () => {
  await using desk = await openDesk();
  await staff(desk, 8);
  assert.deepEqual((await balance(desk, { department: "elsewhere" })).moved, []);
  assert.equal((await balance(desk, { maxMoves: 3, department: "SUPPORT" })).moved.length, 3);
  await desk.assertSound();
});

Deno.test("what changes between plan and move is left as it is, and told", async () => {
  await using desk = await openDesk();
  const { boss, full, tickets, free } = await staff(desk, 6);
  const { moved: planned } = await balance(desk, { dryRun: true });
  const [begun, given] = planned;
  assert.ok(begun !== undefined && given !== undefined);
  const other = await desk.join("agent", { agent: { ...MANY, status: "offline" } });
  let isDisturbed = false;
  // As the first move begins, one of the tickets is taken up and another is given away.
  const disturbing = {
    ...desk.desk,
    book: {
      ...desk.desk.book,
      async read(tx: Parameters<typeof desk.desk.book.read>[0]) {
        if (!isDisturbed) {
          isDisturbed = true;
          const find = (id: string): View => tickets.find((ticket) => ticket.id === id);
          await move(desk, full, find(begun.ticketId), "in-progress");
          await move(desk, boss, find(given.ticketId), "assigned", { agentId: agentId(other) });
        }
        return await desk.desk.book.read(tx);
      },
    },
  };
  const options = { maxMoves: 20, dryRun: false, performedBy: null };
  const { moved, changed, after } = await rebalance(disturbing, options, noProgress());
  assert.deepEqual(moved, planned.slice(2));
  const refused = changed.map(({ ticketId, code }) => [ticketId, code]);
  assert.deepEqual(refused, [[begun.ticketId, "conflict"], [given.ticketId, "conflict"]]);
  const ofFree = dataOf(await desk.call(boss, "GET", `/api/agents/${agentId(free)}`), 200);
  assert.equal(ofFree.activeTickets.length, moved.length);
  assert.equal(after.highestUtilisation, 0.4);
  await desk.assertSound();
});

Deno.test("who becomes busy while the agents are read is one agent all the same", async () => {
  await using desk = await openDesk();
  const { boss, full, free } = await staff(desk, 4);
  const { store } = desk.desk;
  const becomeBusy = async (): Promise<void> => {
    const path = `/api/agents/${agentId(full)}/status`;
    dataOf(await desk.call(boss, "PUT", path, { status: "busy" }), 200);
  };
  /** The same connection, on which the agent becomes busy before the busy ones are listed. */
  const reader = new Proxy(store.reader, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "list") return member.bind(target);
      return async function* (...asked: Parameters<typeof target.list>) {
        const [selector] = asked;
        if ("prefix" in selector && selector.prefix.includes("busy")) await becomeBusy();
        yield* target.list(...asked);
      };
    },
  });
  const changing = { ...desk.desk, store: { ...store, reader } };
  const options = { maxMoves: 20, dryRun: true, performedBy: null };
  const { moved, before } = await rebalance(changing, options, noProgress());
  assert.deepEqual(before, { highestUtilisation: 0.4, averageUtilisation: 0.2 });
  assert.deepEqual(moved.map(({ to }) => to), [agentId(free), agentId(free)]);
  await desk.assertSound();
});

Deno.test("of many who rebalance at once no ticket moves twice, and nobody gets too much", async () => {
  await using desk = await openDesk();
  const { boss } = await staff(desk, 10);
  const all = await Promise.all(Array.from({ length: 8 }, () => balance(desk)));
  const ids = all.flatMap(({ moved }) => moved.map(({ ticketId }) => ticketId));
  assert.equal(new Set(ids).size, ids.length);
  const agents = await look(desk, boss, "/api/agents");
  const counts = agents.map(({ activeTickets }: View) => activeTickets.length);
  assert.deepEqual(counts, [5, 5]);
  await desk.assertSound();
});

Deno.test("the job does the same, by nobody's word", async () => {
  await using desk = await openDesk();
  const { boss, tickets } = await staff(desk, 4);
  assert.deepEqual(await rebalanceWork(desk.desk), { moved: 2, changed: 0 });
  assert.deepEqual(await rebalanceWork(desk.desk), { moved: 0, changed: 0 });
  const seen = await Promise.all(tickets.map((ticket) => ticketOf(desk, boss, ticket)));
  const moved = seen.filter(({ history }) => history[0].action === "reassigned");
  assert.deepEqual(moved.map(({ history }) => history[0].performedBy), [null, null]);
  await desk.assertSound();
});
