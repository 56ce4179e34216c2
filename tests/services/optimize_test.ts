import assert from "node:assert/strict";
import { optimize, type OptimizeOptions } from "../../domain/services/optimize.ts";
import { noProgress } from "../../domain/services/progress.ts";
import { optimizeQueue } from "../../jobs/optimize.ts";
import { BALANCING_JOBS, JOBS, jobsFor } from "../../jobs/schedule.ts";
import { openDesk, type Person, testConfig, type TestDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { agentId, look, move, open, ticketOf, type View } from "../support/work.ts";

interface Office {
  readonly boss: Person;
  readonly generalist: Person;
  readonly specialist: Person;
  readonly plain: View;
  readonly asking: View;
}

/**
 * A queue whose first ticket anybody can take and whose second a specialist alone, who in the queue's
 * order would get the first; on a desk that does nothing by itself.
 */
async function staff(desk: TestDesk): Promise<Office> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const level = (name: string, level: number) => [{ name, level }];
  const generalist = await desk.join("agent", {
    agent: { maxTickets: 1, skills: level("law", 2) },
  });
  const specialist = await desk.join("agent", {
    agent: { maxTickets: 1, skills: level("tax", 1) },
  });
  const plain = await open(desk, customer, { priority: 1 });
  const asking = await open(desk, customer, { requiredSkills: ["tax"] });
  return { boss, generalist, specialist, plain, asking };
}

function optimizing(desk: TestDesk["desk"], options: Partial<OptimizeOptions> = {}) {
  const all = { maxMoves: 500, dryRun: false, performedBy: null, ...options };
  return optimize(desk, all, noProgress());
}

Deno.test("both are given where the queue's order would leave one, and the cost says by how much", async () => {
  await using desk = await openDesk();
  const { boss, generalist, specialist, plain, asking } = await staff(desk);
  const done = await optimizing(desk.desk, { performedBy: boss.actor.userId });
  assert.deepEqual(done.assignments, [
    { ticketId: plain.id, agentId: agentId(generalist), cost: 2 },
    { ticketId: asking.id, agentId: agentId(specialist), cost: 0 },
  ]);
  assert.deepEqual([done.waiting, done.changed, done.totalCost], [[], [], 2]);
  assert.ok(done.greedyCost > 100_000);
  const { status, assignedTo, history } = await ticketOf(desk, boss, asking);
  assert.deepEqual([status, assignedTo.id], ["assigned", agentId(specialist)]);
  assert.deepEqual([history[0].action, history[0].details.by], ["assigned", "optimize"]);
  assert.equal(history[0].performedBy, boss.actor.userId);
  const told = await look(desk, specialist, "/api/notifications/unread");
  assert.deepEqual(told.map(({ type }: View) => type), ["ticket_assigned"]);
  await desk.assertSound();
});

Deno.test("a dry run says the same and does nothing", async () => {
  await using desk = await openDesk();
  await staff(desk);
  const before = await stored(desk.desk.store);
  const planned = await optimizing(desk.desk, { dryRun: true });
  assert.deepEqual(await stored(desk.desk.store), before);
  assert.deepEqual(planned, { ...await optimizing(desk.desk), dryRun: true });
  await desk.assertSound();
});

Deno.test("only the head of the queue is looked at, or a department's tickets", async () => {
  await using desk = await openDesk();
  const { plain } = await staff(desk);
  const given = async (options: Partial<OptimizeOptions>): Promise<string[]> => {
    const { assignments } = await optimizing(desk.desk, { dryRun: true, ...options });
    return assignments.map(({ ticketId }) => ticketId);
  };
  assert.deepEqual(await given({ maxMoves: 1 }), [plain.id]);
  const looked = async (maxMoves: number): Promise<boolean> =>
    (await optimizing(desk.desk, { dryRun: true, maxMoves })).hasMore;
  assert.deepEqual([await looked(1), await looked(2)], [true, false]);
  assert.deepEqual(await given({ department: "elsewhere" }), []);
  assert.equal((await given({ department: "GENERAL" })).length, 2);
  await desk.assertSound();
});

Deno.test("what changes between plan and assignment is left as it is, and told", async () => {
  await using desk = await openDesk();
  const { boss, generalist, specialist, plain, asking } = await staff(desk);
  const customer = await desk.join("user");
  const third = await desk.join("agent", { agent: { status: "busy" } });
  let isDisturbed = false;
  const disturbing = {
    ...desk.desk,
    book: {
      ...desk.desk.book,
      async read(tx: Parameters<typeof desk.desk.book.read>[0]) {
        if (!isDisturbed) {
          isDisturbed = true;
          await move(desk, boss, plain, "assigned", { agentId: agentId(third) });
          const other = await open(desk, customer, { requiredSkills: ["nobody has it"] });
          await move(desk, boss, other, "assigned", { agentId: agentId(specialist) });
        }
        return await desk.desk.book.read(tx);
      },
    },
  };
  const { assignments, changed } = await optimizing(disturbing);
  assert.deepEqual(assignments, []);
  const told = changed.map(({ ticketId, agentId, code }) => [ticketId, agentId, code]);
  assert.deepEqual(told, [
    [plain.id, agentId(generalist), "already_claimed"],
    [asking.id, agentId(specialist), "agent_unavailable"],
  ]);
  await desk.assertSound();
});

Deno.test("the job does the same; it and that of balancing run only where the desk is told so", async () => {
  await using desk = await openDesk();
  await staff(desk);
  assert.deepEqual(await optimizeQueue(desk.desk), { assigned: 2, changed: 0 });
  assert.deepEqual(await optimizeQueue(desk.desk), { assigned: 0, changed: 0 });
  const { rebalances, optimizes } = BALANCING_JOBS;
  assert.deepEqual(jobsFor(testConfig()), JOBS);
  assert.deepEqual(jobsFor(testConfig({ AUTO_REBALANCE: "on" })), [...JOBS, rebalances]);
  assert.deepEqual(jobsFor(testConfig({ AUTO_OPTIMIZE: "on" })), [...JOBS, optimizes]);
  await desk.assertSound();
});
