import assert from "node:assert/strict";
import { type Agent, isActiveAgent } from "../../domain/rules/agent.ts";
import { isOpen, type Ticket } from "../../domain/rules/ticket.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { noProgress } from "../../domain/services/progress.ts";
import { rebalance } from "../../domain/services/rebalance.ts";
import { readAgentWorkloads, readTeams, readWorkload } from "../../domain/services/workload.ts";
import type { Store } from "../../domain/store/store.ts";
import { simulate } from "../simulation/simulate.ts";
import { SETUP, type TestDesk } from "../support/desk.ts";

async function recordsOf<T>({ reader }: Store, name: string): Promise<T[]> {
  const rows = await Array.fromAsync(reader.list<T>({ prefix: [name] }));
  return rows.map(({ value }) => value);
}

/** What each agent has, by looking at every ticket there is. */
async function countAll({ desk }: TestDesk) {
  const open = (await recordsOf<Ticket>(desk.store, "ticket")).filter(isOpen);
  const agents = (await recordsOf<Agent>(desk.store, "agent")).filter(isActiveAgent);
  return agents.map((agent) => {
    const own = open.filter(({ assignee }) => assignee?.agentId === agent.id);
    const hours = own.reduce((sum, { estimatedHours }) => sum + estimatedHours, 0);
    const isThere = agent.status !== "offline" && !agent.onBreak;
    const takes = agent.status === "online" && isThere && own.length < agent.maxTickets;
    return { agent, own, hours: Math.round(100 * hours) / 100, isThere, takes };
  });
}

/** Fails unless all figures are those of the records. */
async function assertFigures(test: TestDesk): Promise<number> {
  const { desk } = test;
  const counted = await countAll(test);
  const between = (low: number, high: number): number =>
    counted.filter(({ hours }) => hours >= low && hours < high).length;
  const sum = counted.reduce((all, { hours }) => all + hours, 0);
  assert.deepEqual(await readWorkload(desk, SETUP, {}), {
    totalAgents: counted.length,
    activeAgents: counted.filter(({ isThere }) => isThere).length,
    averageLoad: Math.round(100 * sum / counted.length) / 100,
    maxLoad: Math.max(...counted.map(({ hours }) => hours)),
    overloadedAgents: between(8, Infinity),
    availableAgents: counted.filter(({ takes }) => takes).length,
    workloadDistribution: {
      low: between(0, 3),
      moderate: between(3, 6),
      high: between(6, 8),
      overloaded: between(8, Infinity),
    },
  });
  const page = { after: null, limit: 500 };
  const { items } = await readAgentWorkloads(desk, SETUP, {}, page);
  const told = items.map((
    { agentId, currentLoad, activeTickets, queuedTickets, upcomingTasks },
  ) => ({
    agentId,
    currentLoad,
    activeTickets,
    queuedTickets,
    tasks: upcomingTasks.map(({ ticketId }) => ticketId).sort(),
  }));
  const expected = counted.map(({ agent, own, hours }) => {
    const queued = own.filter(({ status }) => status === "assigned").map(({ id }) => id).sort();
    return {
      agentId: agent.id,
      currentLoad: hours,
      activeTickets: own.length,
      queuedTickets: queued.length,
      tasks: queued.slice(0, 10),
    };
  });
  assert.deepEqual(told, expected);
  for (const { upcomingTasks } of items) {
    for (const { startTime } of upcomingTasks) assert.ok(startTime >= desk.store.now());
  }
  const teams = await readTeams(desk, SETUP, {});
  for (const { teamId, totalAgents, currentCapacity, maxCapacity } of teams) {
    const members = counted.filter(({ agent }) => agent.department.toLowerCase() === teamId);
    const free = members.filter(({ takes }) => takes)
      .reduce((all, { agent, own }) => all + agent.maxTickets - own.length, 0);
    const max = members.reduce((all, { agent }) => all + agent.maxTickets, 0);
    assert.deepEqual([totalAgents, currentCapacity, maxCapacity], [members.length, free, max]);
  }
  const inTeams = teams.reduce((all, { totalAgents }) => all + totalAgents, 0);
  assert.equal(inTeams, counted.length);
  return counted.reduce((all, { own }) => all + own.length, 0);
}

for (const seed of [1, 2]) {
  Deno.test(`after a random month the figures of desk ${seed} are those of its records, and when it is balanced too`, async () => {
    await using simulated = await simulate({ seed, weeks: 4, tickets: 150 });
    const { desk: test } = simulated;
    const open = await assertFigures(test);
    assert.ok(open > 0, "nobody has anything to do");
    const options = { maxMoves: 20, dryRun: false, performedBy: null };
    const { before, after } = await rebalance(test.desk, options, noProgress());
    assert.ok(after.highestUtilisation <= before.highestUtilisation);
    assert.equal(await assertFigures(test), open);
    test.clock.advance(HOUR_MS);
    assert.equal(await assertFigures(test), open);
    await test.assertSound();
  });
}
