import assert from "node:assert/strict";
import { advance } from "../../domain/rules/sla_advance.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { sweepDue } from "../../domain/services/sla_sweep.ts";
import { mend } from "../../domain/store/mend.ts";
import { upgradeTicket } from "../../domain/store/upgrade.ts";
import {
  aClock,
  anAgent,
  aTicket,
  aTicketIn,
  HOURS,
  minute,
  someClocks,
} from "../support/builders.ts";
import { faultsOf, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { firstTicket, toFirstSchema } from "../support/first_schema.ts";
import {
  agentId,
  dataOf,
  look,
  move,
  open,
  openFor,
  say,
  ticketOf,
  type View,
} from "../support/work.ts";

const HOLDER = anAgent("Ada");

Deno.test("a ticket of the first schema has the deadlines and the outcomes that it had", () => {
  for (const status of ["queued", "assigned", "pending", "resolved", "closed"] as const) {
    const ticket = aTicketIn(status, status === "queued" ? null : HOLDER);
    const upgraded = upgradeTicket(firstTicket(ticket));
    assert.equal(upgraded.schema, 2);
    for (const name of ["response", "resolution"] as const) {
      const { warnAt: _, ...expected } = ticket.sla[name];
      const { warnAt: _at, ...found } = upgraded.sla[name];
      assert.deepEqual(found, expected, `${name} of a ${status} ticket`);
    }
    const { response, resolution } = ticket.sla;
    assert.equal(upgraded.sla.responseTime, response.targetMinutes);
    assert.equal(upgraded.sla.resolutionTime, resolution.targetMinutes);
    assert.equal(upgraded.firstResolvedAt, ticket.resolvedAt);
    const closes = status === "resolved" ? minute(10) + 7 * DAY_MS : null;
    assert.equal(upgraded.closesAt, closes);
    const open = status === "queued" || status === "assigned" || status === "pending";
    assert.equal(upgraded.nextAt, open ? minute(48) : closes, status);
  }
});

Deno.test("of what passed before its time now began nobody is told any more", () => {
  const [used, began] = [{ consumedMs: 300 * MINUTE_MS }, { activeSince: minute(1_000) }];
  // Closed when warning, deadline and level were passed, and reopened.
  const response = { ...aClock(240), ...used, ...began, breachedAt: minute(240) };
  // Made to wait for its customer when the warning alone was passed, and taken up again.
  const resolution = { ...aClock(350), ...used, ...began, dueAt: minute(1_050) };
  const ticket = aTicket({ sla: someClocks({ response, resolution }) });
  const happened = advance(upgradeTicket(firstTicket(ticket)), null, HOURS, minute(10_000));
  assert.deepEqual(happened.map(({ kind, at }) => [kind, at]), [["breach", minute(1_050)]]);
});

interface Scene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  readonly tickets: Readonly<
    Record<"queued" | "assigned" | "in-progress" | "pending" | "resolved", View>
  >;
}

/** A desk as one of the first schema left it, with a ticket in each status. */
async function setScene(): Promise<Scene> {
  const desk = await openDesk({ ACCESS_TOKEN_TTL: "90d" });
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const held = (): Promise<View> => openFor(desk, customer, agent, boss, { tags: ["card"] });
  const found = {
    queued: await open(desk, customer),
    assigned: await held(),
    "in-progress": await move(desk, agent, await held(), "in-progress"),
    pending: await move(desk, agent, await held(), "pending"),
    resolved: await move(desk, agent, await held(), "resolved"),
  };
  await desk.background.idle();
  await toFirstSchema(desk.desk.store.reader);
  return {
    desk,
    customer,
    agent,
    boss,
    tickets: found,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

Deno.test("tickets of the first schema are read, listed and searched as they were", async () => {
  await using scene = await setScene();
  const { desk, boss, agent, tickets } = scene;
  for (const [status, ticket] of Object.entries(tickets)) {
    const { history: _, ...found } = await ticketOf(desk, boss, ticket);
    assert.partialDeepStrictEqual(found, { status, sla: ticket.sla, updatedAt: ticket.updatedAt });
    const check = await look(desk, boss, `/api/sla/check/${ticket.id}`);
    assert.deepEqual(check.clocks.length, 2);
  }
  const ids = Object.values(tickets).map(({ id }) => id).sort();
  const lists = ["", "?q=ticket", "?sort=dueAt", "?department=general", "?breached=false"];
  for (const query of lists) {
    const listed = await look(desk, boss, `/api/tickets${query}`);
    assert.deepEqual(listed.map(({ id }: View) => id).sort(), ids, query);
  }
  assert.equal((await look(desk, agent, "/api/tickets?assignedTo=me&status=pending")).length, 1);
  assert.equal((await look(desk, boss, "/api/tickets/queue")).length, 1);
});

Deno.test("whatever is done to a ticket of the first schema leaves it whole", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss, tickets } = scene;
  const claim = `/api/agents/${agentId(agent)}/claim/${tickets.queued.id}`;
  dataOf(await desk.call(agent, "POST", claim), 200);
  await say(desk, agent, tickets.assigned, "I am looking into it.");
  await move(desk, agent, tickets["in-progress"], "resolved");
  await say(desk, customer, tickets.pending, "Here I am.");
  await move(desk, boss, tickets.resolved, "closed");
  await desk.background.idle();
  // An index that nobody reads any more is left to the doctor.
  const left = await faultsOf(desk.desk.store);
  assert.deepEqual(left.filter(({ key: [name] }) => name !== "ticket_resolved"), []);
});

Deno.test("the doctor finds what a store of the first schema lacks, and mends it", async () => {
  await using scene = await setScene();
  const { store } = scene.desk.desk;
  const missing = (await faultsOf(store)).filter(({ kind }) => kind === "missing");
  assert.deepEqual(new Set(missing.map(({ key: [name] }) => name)), new Set(["due"]));
  assert.equal(missing.length, 5);
  await mend(store);
  await scene.desk.assertSound();
});

Deno.test("a store that was mended comes to all that is due on its old tickets", async () => {
  await using scene = await setScene();
  const { desk, boss, tickets } = scene;
  await mend(desk.desk.store);
  desk.clock.advance(7 * DAY_MS);
  const swept = await sweepDue(desk.desk);
  // Five tickets: one of them is answered, one resolved, one stands still.
  assert.deepEqual(swept, { tickets: 5, warning: 6, breach: 6, level: 3, close: 1 });
  const { status, history } = await ticketOf(desk, boss, tickets.queued);
  assert.equal(status, "escalated");
  const [last] = history.filter(({ action }: View) => action === "sla_breach");
  assert.equal(last.timestamp, tickets.queued.sla.resolutionDeadline);
  assert.equal((await ticketOf(desk, boss, tickets.resolved)).status, "closed");
  await desk.assertSound();
});
