import assert from "node:assert/strict";
import { SCORES, type Ticket } from "../../domain/rules/ticket.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { readMetrics } from "../../domain/services/sla_metrics.ts";
import { MEASURES } from "../../domain/rules/sla_metrics.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import { granted, openDesk, type Person, SETUP, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, dataOf, look, move, openFor, say, ticketOf, type View } from "../support/work.ts";

interface Rated extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  /** A ticket of billing that the agent has resolved. */
  resolved(): Promise<View>;
}

async function setScene(): Promise<Rated> {
  const desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  const boss = await desk.join("supervisor");
  return {
    desk,
    customer,
    agent,
    boss,
    async resolved() {
      const ticket = await openFor(desk, customer, agent, boss, { department: "Billing" });
      return await move(desk, agent, ticket, "resolved");
    },
    async [Symbol.asyncDispose]() {
      await desk.background.idle();
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

function rate(desk: TestDesk, person: Person, ticket: View, body: unknown): ReturnType<
  TestDesk["call"]
> {
  return desk.call(person, "POST", `/api/tickets/${ticket.id}/rating`, body);
}

/** How often each score was counted, by department or for an agent. */
async function scoresOf(
  { desk }: TestDesk,
  who: { readonly department?: string; readonly agent?: Person },
): Promise<number[]> {
  const { department, agent } = who;
  const metrics = granted(await readMetrics(desk, agent?.actor ?? SETUP, { department }));
  const groups = [...metrics.figures.groups.values()];
  return SCORES.map((score) => {
    const place = MEASURES.indexOf(`rated_${score}`);
    return groups.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0);
  });
}

Deno.test("of fifty ratings of one ticket at once exactly one counts", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const ticket = await scene.resolved();
  const answers = await Promise.all(
    Array.from(
      { length: 50 },
      (_, index) => rate(desk, customer, ticket, { score: 1 + index % 5 }),
    ),
  );
  const won = answers.filter(({ status }) => status === 201);
  assert.equal(won.length, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assertProblem(answer, 409, "already_rated");
  }
  const { score } = won[0]?.json.data;
  assert.equal((await ticketOf(desk, customer, ticket)).rating.score, score);
  const expected = SCORES.map((each) => each === score ? 1 : 0);
  for (const isPacked of [false, true]) {
    if (isPacked) await packMetrics(desk.desk);
    assert.deepEqual(await scoresOf(desk, { department: "billing" }), expected);
    assert.deepEqual(await scoresOf(desk, { agent }), expected);
    assert.deepEqual(await scoresOf(desk, { department: "support" }), [0, 0, 0, 0, 0]);
  }
  const { performance } = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.equal(performance.customerSatisfaction, score);
});

Deno.test("fifty tickets rated at once all count for the agent who resolved them", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const tickets: View[] = [];
  for (let index = 0; index < 50; index++) tickets.push(await scene.resolved());
  const answers = await Promise.all(
    tickets.map((ticket, index) => rate(desk, customer, ticket, { score: 1 + index % 5 })),
  );
  // Whom contention outlasted has changed nothing, and asks again.
  for (const [index, { status }] of answers.entries()) {
    if (status === 201) continue;
    assert.equal(status, 503);
    dataOf(await rate(desk, customer, tickets[index], { score: 1 + index % 5 }), 201);
  }
  assert.deepEqual(await scoresOf(desk, { agent }), [10, 10, 10, 10, 10]);
  const { performance } = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.equal(performance.customerSatisfaction, 3);
});

Deno.test("a rating is shown with its ticket, told in the history, and to the agent", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss } = scene;
  const ticket = await scene.resolved();
  const answer = await rate(desk, customer, ticket, { score: 5, comment: "Thank you!" });
  const rating = { score: 5, comment: "Thank you!", ratedAt: "2026-01-05T09:00:00.000Z" };
  assert.deepEqual(dataOf(answer, 201), rating);
  assert.equal(answer.headers.get("Location"), `/api/tickets/${ticket.id}`);
  for (const person of [customer, agent, boss]) {
    const shown = await ticketOf(desk, person, ticket);
    assert.deepEqual(shown.rating, rating);
    const [{ action, details, performedBy }] = shown.history;
    assert.deepEqual([action, details, performedBy], [
      "rated",
      { score: 5 },
      customer.actor.userId,
    ]);
  }
  const [{ type, message }] = await look(desk, agent, "/api/notifications/unread");
  assert.deepEqual([type, /was rated 5 of 5/.test(message)], ["ticket_updated", true]);
});

Deno.test("a reopening keeps the rating, and no second one follows it", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const ticket = await scene.resolved();
  assertProblem(await rate(desk, agent, ticket, { score: 5 }), 403, "forbidden");
  dataOf(await rate(desk, customer, ticket, { score: 2 }), 201);
  await say(desk, customer, ticket, "It is broken again.");
  assert.equal((await ticketOf(desk, customer, ticket)).rating.score, 2);
  await move(desk, agent, ticket, "resolved");
  assertProblem(await rate(desk, customer, ticket, { score: 5 }), 409, "already_rated");
  await move(desk, customer, ticket, "closed");
  assertProblem(await rate(desk, customer, ticket, { score: 5 }), 409, "already_rated");
  assert.deepEqual(await scoresOf(desk, { agent }), [0, 1, 0, 0, 0]);
});

Deno.test("a rating counts for who resolved the ticket last, and not for who did before", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss } = scene;
  const other = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await scene.resolved();
  await move(desk, boss, ticket, "assigned", { agentId: agentId(other) });
  await move(desk, other, ticket, "resolved");
  await move(desk, customer, ticket, "closed");
  dataOf(await rate(desk, customer, ticket, { score: 4 }), 201);
  for (const isPacked of [false, true]) {
    if (isPacked) await packMetrics(desk.desk);
    assert.deepEqual(await scoresOf(desk, { agent: other }), [0, 0, 0, 1, 0]);
    assert.deepEqual(await scoresOf(desk, { agent }), [0, 0, 0, 0, 0]);
  }
  const { performance } = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.equal(performance.customerSatisfaction, null);
});

Deno.test("a rating counts for who had the ticket where no credit was kept, as earlier versions kept none", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const { store } = desk.desk;
  const { id } = await scene.resolved();
  const { value } = await store.reader.get<Ticket>(keys.ticket(id));
  assert(value !== null);
  const { credit: _, ...old } = value;
  await store.reader.set(keys.ticket(id), old);
  await mend(store);
  dataOf(await rate(desk, customer, { id }, { score: 5 }), 201);
  assert.deepEqual(await scoresOf(desk, { agent }), [0, 0, 0, 0, 1]);
  const { performance } = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.equal(performance.customerSatisfaction, 5);
});

Deno.test("what was resolved and is open again is not rated, and nothing else is said of it", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss } = scene;
  const ticket = await openFor(desk, customer, agent, boss);
  await move(desk, agent, ticket, "in-progress");
  await move(desk, agent, ticket, "resolved");
  await desk.call(customer, "POST", `/api/tickets/${ticket.id}/comments`, { body: "Not yet." });
  const refused = await rate(desk, customer, ticket, { score: 5 });
  assertProblem(refused, 409, "not_resolved");
  const detail = `Ticket ${ticket.number} is in-progress: it is rated while it is resolved, or ` +
    "closed after that.";
  assert.equal(refused.json.detail, detail);
  await desk.assertSound();
});

Deno.test("what was not resolved is not rated", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss } = scene;
  const open = await openFor(desk, customer, agent, boss);
  const refused = await rate(desk, customer, open, { score: 5 });
  assertProblem(refused, 409, "not_resolved");
  assert.equal(refused.json.currentStatus, "assigned");
  const cancelled = await move(desk, boss, open, "queued");
  await move(desk, customer, cancelled, "closed");
  assertProblem(await rate(desk, customer, cancelled, { score: 5 }), 409, "not_resolved");
  for (const [body, path] of REFUSED) {
    const answer = await rate(desk, customer, open, body);
    assertProblem(answer, 400, "invalid_input");
    assert.deepEqual(answer.json.errors.map((fault: View) => fault.path), [path]);
  }
});

const REFUSED: readonly (readonly [body: unknown, path: string])[] = [
  [{}, "score"],
  [{ score: 0 }, "score"],
  [{ score: 6 }, "score"],
  [{ score: 4.5 }, "score"],
  [{ score: "5" }, "score"],
  [{ score: 5, comment: " " }, "comment"],
  [{ score: 5, comment: "x".repeat(1_001) }, "comment"],
  [{ score: 5, comment: 5 }, "comment"],
];

Deno.test("a rating that is sent again by its key is one", async () => {
  await using scene = await setScene();
  const { desk, customer } = scene;
  const ticket = await scene.resolved();
  const send = (): Promise<Response> =>
    Promise.resolve(desk.app.request(`/api/tickets/${ticket.number}/rating`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${customer.token}`,
        "Content-Type": "application/json",
        "Idempotency-Key": "rating",
      },
      body: JSON.stringify({ score: 3 }),
    }));
  const first = await send();
  const second = await send();
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.equal(second.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual(await second.json(), await first.json());
});
