import assert from "node:assert/strict";
import { claimTicket } from "../../domain/services/tickets.ts";
import { dismissAgent } from "../../domain/services/hiring.ts";
import { finishLeaving } from "../../domain/services/leaving.ts";
import { processQueue } from "../../domain/services/routing.ts";
import { editUser } from "../../domain/services/user_edit.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk, type Person, refusalOf, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { agentId, dataOf, look, move, openFor, ticketOf, type View } from "../support/work.ts";

const BUSY = { status: "busy", maxTickets: 100 } as const;

interface Leaver {
  readonly boss: Person;
  readonly admin: Person;
  readonly leaver: Person;
  readonly tickets: readonly View[];
}

/** An agent with tickets of every kind, on a desk that does nothing by itself. */
async function staff(desk: TestDesk, count: number): Promise<Leaver> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const admin = await desk.join("admin");
  const leaver = await desk.join("agent", { agent: BUSY });
  const tickets: View[] = [];
  const kinds = ["assigned", "in-progress", "pending", "escalated"] as const;
  for (let index = 0; index < count; index++) {
    const ticket = await openFor(desk, customer, leaver, boss);
    const status = kinds[index % kinds.length] ?? "assigned";
    tickets.push(status === "assigned" ? ticket : await move(desk, boss, ticket, status));
  }
  return { boss, admin, leaver, tickets };
}

async function requeuings(desk: TestDesk, boss: Person, tickets: readonly View[]): Promise<View[]> {
  const lines: View[] = [];
  for (const { id } of tickets) {
    const history = await look(desk, boss, `/api/tickets/${id}/history?limit=100`);
    lines.push(history.filter(({ action }: View) => action === "requeued"));
  }
  return lines;
}

Deno.test("a departure cut off anywhere is resumed: each of sixty tickets goes back once, each is told once", async () => {
  for (const commits of [1, 2, 31, 60]) {
    await using desk = await openDesk();
    const { boss, admin, leaver, tickets } = await staff(desk, 60);
    const id = agentId(leaver);
    await assert.rejects(dismissAgent(dyingAfter(desk.desk, commits), admin.actor, id));
    // Half done it is sound, and the agent is gone already.
    await desk.assertSound();
    assert.deepEqual(await openIntents(desk.desk, "leaving"), [id]);
    const left = await look(desk, boss, `/api/agents/${id}`);
    assert.deepEqual([left.active, left.status], [false, "offline"]);
    assert.equal(left.activeTickets.length, 61 - commits);

    assert.equal((await resumeIntents(desk.desk)).left, 1);
    await resumeIntents(desk.desk);
    assert.deepEqual(await openIntents(desk.desk, "leaving"), []);
    assert.deepEqual((await look(desk, boss, `/api/agents/${id}`)).activeTickets, []);
    const queue = await look(desk, boss, "/api/tickets/queue?limit=100");
    assert.deepEqual(
      queue.map(({ id }: View) => id).sort(),
      tickets.map(({ id }) => id).sort(),
    );
    for (const lines of await requeuings(desk, boss, tickets)) {
      assert.deepEqual(
        lines.map(({ details, performedBy }: View) => [details.by, performedBy]),
        [["deactivated", admin.actor.userId]],
      );
    }
    const told = async (person: Person): Promise<number> => {
      const unread = await look(desk, person, "/api/notifications/unread");
      return unread.filter(({ type }: View) => type === "handover").length;
    };
    assert.deepEqual([await told(boss), await told(admin)], [1, 0]);
    await desk.assertSound();
  }
});

Deno.test("runs of a departure at the same time, and after its end, take each ticket once", async () => {
  await using desk = await openDesk();
  const { boss, admin, leaver, tickets } = await staff(desk, 12);
  const id = agentId(leaver);
  await assert.rejects(dismissAgent(dyingAfter(desk.desk, 1), admin.actor, id));
  const runs = await Promise.all([1, 2, 3].map(() => finishLeaving(desk.desk, id)));
  assert.equal(runs.flat().length, 12);
  assert.deepEqual(await finishLeaving(desk.desk, id), []);
  for (const lines of await requeuings(desk, boss, tickets)) assert.equal(lines.length, 1);
  await desk.assertSound();
});

Deno.test("neither the router, nor a claim, nor a supervisor gives a ticket to an agent who leaves meanwhile", async () => {
  for (let round = 0; round < 10; round++) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const boss = await desk.join("supervisor");
    const admin = await desk.join("admin");
    await desk.background.stop();
    const leaver = await desk.join("agent", { agent: { status: "online", maxTickets: 100 } });
    const id = agentId(leaver);
    const tickets: View[] = [];
    for (let index = 0; index < 9; index++) {
      const ticket = { title: "A ticket", description: "It does not work." };
      tickets.push(dataOf(await desk.call(customer, "POST", "/api/tickets", ticket), 201));
    }
    const claims = tickets.slice(0, 4).map(({ id: ticketId }) =>
      claimTicket(desk.desk, leaver.actor, { ticketId, agentId: id, force: false })
    );
    const assignments = tickets.slice(4, 6).map((ticket) =>
      desk.call(boss, "PUT", `/api/tickets/${ticket.id}/status`, {
        status: "assigned",
        agentId: id,
      })
    );
    await Promise.all([
      ...claims,
      ...assignments,
      processQueue(desk.desk, { limit: 100, dryRun: false }),
      dismissAgent(desk.desk, admin.actor, id),
      processQueue(desk.desk, { limit: 100, dryRun: false }),
    ]);
    const { activeTickets, status } = await look(desk, boss, `/api/agents/${id}`);
    assert.deepEqual([activeTickets, status], [[], "offline"]);
    for (const ticket of tickets) {
      assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
    }
    await desk.assertSound();
  }
});

Deno.test("an agent who comes back before its tickets were taken keeps those it still has", async () => {
  await using desk = await openDesk();
  const { boss, admin, leaver } = await staff(desk, 8);
  const { userId } = leaver.actor;
  const gone = editUser(dyingAfter(desk.desk, 3), admin.actor, userId, { active: false });
  await assert.rejects(gone);
  granted(await editUser(desk.desk, admin.actor, userId, { active: true }));
  await resumeIntents(desk.desk);
  const back = await look(desk, boss, `/api/agents/${agentId(leaver)}`);
  assert.deepEqual([back.active, back.status, back.activeTickets.length], [true, "offline", 6]);
  assert.deepEqual(await openIntents(desk.desk, "leaving"), []);
  await desk.assertSound();
});

Deno.test("what went back at an agent's departure is given out before all that waited", async () => {
  await using desk = await openDesk();
  const { boss, admin, leaver } = await staff(desk, 1);
  const urgent = await desk.call(boss, "POST", "/api/tickets", {
    title: "Urgent",
    description: "At once!",
    priority: 1,
  });
  dataOf(urgent, 201);
  granted(await dismissAgent(desk.desk, admin.actor, agentId(leaver)));
  const [first, second] = await look(desk, boss, "/api/tickets/queue");
  assert.deepEqual([first.title, second.title], ["A ticket", "Urgent"]);
  await desk.assertSound();
});

Deno.test("only an administrator dismisses, and whom nobody knows cannot be dismissed", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const unknown = admin.actor.userId;
  assert.equal(refusalOf(await dismissAgent(desk.desk, admin.actor, unknown)), "not_found");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent");
  const refused = await dismissAgent(desk.desk, boss.actor, agentId(agent));
  assert.equal(refusalOf(refused), "forbidden");
  await desk.assertSound();
});
