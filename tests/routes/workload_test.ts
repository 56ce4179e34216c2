import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { agentId, dataOf, look, open, openFor, type View, walk } from "../support/work.ts";

interface Office {
  readonly customer: Person;
  readonly boss: Person;
  readonly ada: Person;
  readonly ben: Person;
}

/** Two agents of two departments, of whom the first has three tickets. */
async function staff(desk: TestDesk): Promise<Office> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ada = await desk.join("agent", { name: "Ada", agent: { department: "Cards" } });
  const ben = await desk.join("agent", { name: "Ben", agent: { maxTickets: 8 } });
  for (const priority of [1, 2, 3]) {
    const input = { priority, estimatedHours: 1.5, requiredSkills: [] };
    await openFor(desk, customer, ada, boss, input);
  }
  return { customer, boss, ada, ben };
}

const REBALANCE = "/api/workload/rebalance";
const OPTIMIZE = "/api/workload/optimize";

Deno.test("supervisors see the load of all agents, an agent its own, and nobody's where it has none", async () => {
  await using desk = await openDesk();
  const { boss, ada, ben } = await staff(desk);
  const seen = async (person: Person, query = ""): Promise<View> => {
    const { totalAgents, averageLoad, maxLoad, workloadDistribution } = await look(
      desk,
      person,
      `/api/workload/metrics${query}`,
    );
    return [totalAgents, averageLoad, maxLoad, Object.values(workloadDistribution)];
  };
  assert.deepEqual(await seen(boss), [2, 2.25, 4.5, [1, 1, 0, 0]]);
  assert.deepEqual(await seen(boss, "?department=CARDS"), [1, 4.5, 4.5, [0, 1, 0, 0]]);
  assert.deepEqual(await seen(ada), [1, 4.5, 4.5, [0, 1, 0, 0]]);
  assert.deepEqual(await seen(ben), [1, 0, 0, [1, 0, 0, 0]]);
  assert.deepEqual(await seen(ben, "?department=cards"), [0, 0, 0, [0, 0, 0, 0]]);
  const some = await look(desk, boss, "/api/workload/metrics?fields=availableAgents");
  assert.deepEqual(some, { availableAgents: 2 });
  await desk.assertSound();
});

Deno.test("what each agent has to do comes with what it will begin and when, page by page", async () => {
  await using desk = await openDesk();
  const { boss, ada, ben } = await staff(desk);
  const [first, second, ...others] = await walk(desk, boss, "/api/workload/agents?limit=1");
  assert.deepEqual(others, []);
  const { upcomingTasks, nextAvailableSlot, ...figures } = first;
  assert.deepEqual(figures, {
    agentId: agentId(ada),
    agentName: "Ada",
    currentLoad: 4.5,
    maxLoad: 8,
    activeTickets: 3,
    queuedTickets: 3,
  });
  const now = desk.clock.now();
  assert.equal(Date.parse(nextAvailableSlot), now);
  const told = upcomingTasks.map(({ startTime, priority, estimatedHours }: View) => [
    (Date.parse(startTime) - now) / 3_600_000,
    priority,
    estimatedHours,
  ]);
  assert.deepEqual(told, [[0, "high", 1.5], [1.5, "medium", 1.5], [3, "low", 1.5]]);
  assert.deepEqual([second.agentId, second.upcomingTasks], [agentId(ben), []]);
  const own = await look(desk, ben, "/api/workload/agents");
  assert.deepEqual(own.map(({ agentName }: View) => agentName), ["Ben"]);
  const strange = await desk.call(boss, "GET", "/api/workload/agents?cursor=nonsense");
  assert.equal(strange.status, 400);
  await desk.assertSound();
});

Deno.test("teams are departments; an agent sees of its own what it is itself", async () => {
  await using desk = await openDesk();
  const { boss, ada } = await staff(desk);
  const teams = await look(desk, boss, "/api/workload/teams");
  const told = teams.map(({ teamId, teamName, currentCapacity, maxCapacity }: View) => [
    teamId,
    teamName,
    currentCapacity,
    maxCapacity,
  ]);
  assert.deepEqual(told, [["cards", "Cards", 2, 5], ["support", "Support", 8, 8]]);
  const own = await look(desk, ada, "/api/workload/teams?fields=teamId,totalAgents");
  assert.deepEqual(own, [{ teamId: "cards", totalAgents: 1 }]);
  await desk.assertSound();
});

Deno.test("a supervisor looks what rebalancing would do, does it, and gets the same answer again", async () => {
  await using desk = await openDesk();
  const { boss, ada, ben } = await staff(desk);
  const planned = dataOf(await desk.call(boss, "POST", REBALANCE, { dryRun: true }), 200);
  assert.deepEqual(planned.before, { highestUtilisation: 0.6, averageUtilisation: 0.3 });
  assert.deepEqual(planned.after, { highestUtilisation: 0.25, averageUtilisation: 0.225 });
  const headers = {
    Authorization: `Bearer ${boss.token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": "balance",
  };
  const send = () => desk.app.request(REBALANCE, { method: "POST", headers, body: "{}" });
  const { data: done } = await (await send()).json();
  assert.deepEqual(done, { ...planned, dryRun: false });
  assert.deepEqual(
    done.moved.map(({ from, to }: View) => [from, to]),
    [[agentId(ada), agentId(ben)], [agentId(ada), agentId(ben)]],
  );
  const again = await send();
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual((await again.json()).data, done);
  await desk.assertSound();
});

Deno.test("a supervisor optimises the queue, and may send no body at all", async () => {
  await using desk = await openDesk();
  const { customer, boss, ben } = await staff(desk);
  const waiting = await open(desk, customer, { department: "Support" });
  const nobodys = await open(desk, customer, { requiredSkills: ["law"] });
  const planned = dataOf(await desk.call(boss, "POST", OPTIMIZE, { dryRun: true }), 200);
  assert.deepEqual(planned.assignments, [
    { ticketId: waiting.id, agentId: agentId(ben), cost: 0 },
  ]);
  assert.deepEqual(planned.waiting.map(({ ticketId }: View) => ticketId), [nobodys.id]);
  assert.equal(planned.totalCost, planned.greedyCost);
  const done = dataOf(await desk.call(boss, "POST", OPTIMIZE), 200);
  assert.deepEqual(done, { ...planned, dryRun: false });
  await desk.assertSound();
});

Deno.test("what is asked for wrongly is refused with the path of each fault, and nothing moves", async () => {
  await using desk = await openDesk();
  const { boss } = await staff(desk);
  const wrong: [path: string, body: object, faults: string[]][] = [
    [REBALANCE, { dryRun: "yes", maxMoves: 0 }, ["dryRun", "maxMoves"]],
    [REBALANCE, { maxMoves: 101 }, ["maxMoves"]],
    [REBALANCE, { department: "" }, ["department"]],
    [OPTIMIZE, { maxMoves: 501, department: 1 }, ["department", "maxMoves"]],
  ];
  for (const [path, body, faults] of wrong) {
    const { status, json } = await desk.call(boss, "POST", path, body);
    assert.equal(status, 400);
    const paths = new Set(json.errors.map(({ path }: View) => path));
    assert.deepEqual([...paths].sort(), faults);
  }
  const { maxLoad } = await look(desk, boss, "/api/workload/metrics");
  assert.equal(maxLoad, 4.5);
  await desk.assertSound();
});
