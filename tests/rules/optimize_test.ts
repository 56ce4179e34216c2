import assert from "node:assert/strict";
import { type Agent, holdTicket } from "../../domain/rules/agent.ts";
import { bestAgent, isEligible } from "../../domain/rules/assignment.ts";
import {
  OPTIMISED_AGENTS_MAX,
  OPTIMISED_MAX,
  planAssignments,
  type Waiting,
} from "../../domain/rules/optimize.ts";
import { levelOf } from "../../domain/rules/skill.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { chanceOf } from "../simulation/chance.ts";
import { RELAXATION, someAgent, someWaiting } from "../support/balance.ts";
import { anAgent, OPENED, someHeld } from "../support/builders.ts";

/** What the documentation says that it costs to give an agent a ticket when it has so many. */
function costOf({ demand }: Waiting, agent: Agent, open: number): number {
  const surplus = agent.skills.reduce(
    (sum, { name, level }) => sum + Math.max(0, level - levelOf(demand.requiredSkills, name)),
    0,
  );
  return surplus + Math.floor(1_000 * open / agent.maxTickets) / 1_000;
}

function costOfWaiting({ lane, priority, dueAt }: Waiting): number {
  const hours = Math.min(Math.max((OPENED - dueAt) / HOUR_MS, -24), 720) + 24;
  return 100_000 + hours * (lane === 0 ? 4 : 4 - priority);
}

/** By trying every agent for every ticket. */
function leastCost(waiting: readonly Waiting[], agents: readonly Agent[]): number {
  const open = agents.map(({ activeTickets }) => activeTickets.length);
  return from(0);

  function from(index: number): number {
    const ticket = waiting[index];
    if (ticket === undefined) return 0;
    let least = costOfWaiting(ticket) + from(index + 1);
    for (const [each, agent] of agents.entries()) {
      const held = open[each] ?? 0;
      if (held >= agent.maxTickets) continue;
      if (!isEligible(agent, ticket.demand, RELAXATION, OPENED)) continue;
      open[each] = held + 1;
      least = Math.min(least, costOf(ticket, agent, held) + from(index + 1));
      open[each] = held;
    }
    return least;
  }
}

/** What it costs when the queue's own rule gives them one after another. */
function greedyCost(waiting: readonly Waiting[], given: readonly Agent[]): number {
  let agents = [...given];
  return waiting.reduce((sum, ticket) => {
    const best = bestAgent(ticket.demand, agents, RELAXATION, OPENED);
    if (typeof best === "string") return sum + costOfWaiting(ticket);
    const held = holdTicket(best, { id: ticket.id, estimatedHours: 1 }, OPENED);
    agents = agents.map((agent) => agent.id === best.id ? held : agent);
    return sum + costOf(ticket, best, best.activeTickets.length);
  }, 0);
}

/** Equal up to what adding in another order makes of thousandths. */
function assertCost(actual: number, expected: number, seed: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `seed ${seed}: ${actual}, not ${expected}`);
}

/** Fails unless all may be as planned, and costs what is said. */
function assertSound(waiting: readonly Waiting[], agents: readonly Agent[], seed: number): void {
  const plan = planAssignments(waiting, agents, RELAXATION, OPENED);
  const byId = new Map(waiting.map((ticket) => [ticket.id, ticket]));
  const given = new Map<string, number>();
  for (const { ticketId, agentId, cost } of plan.assignments) {
    const [ticket, agent] = [byId.get(ticketId), agents.find(({ id }) => id === agentId)];
    assert.ok(ticket !== undefined && agent !== undefined, `seed ${seed}`);
    assert.ok(isEligible(agent, ticket.demand, RELAXATION, OPENED), `seed ${seed}`);
    const before = given.get(agentId) ?? 0;
    assertCost(cost, costOf(ticket, agent, agent.activeTickets.length + before), seed);
    given.set(agentId, before + 1);
    byId.delete(ticketId);
  }
  for (const { id, activeTickets, maxTickets } of agents) {
    assert.ok(activeTickets.length + (given.get(id) ?? 0) <= maxTickets, `seed ${seed}`);
  }
  assert.deepEqual(plan.waiting.map(({ ticketId }) => ticketId), [...byId.keys()]);
  const told = [...plan.assignments, ...plan.waiting].reduce((sum, { cost }) => sum + cost, 0);
  assertCost(plan.totalCost, told, seed);
}

Deno.test("of 500 queues of up to seven tickets and slots, each is given as cheaply as can be", () => {
  let cheaper = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const chance = chanceOf(seed);
    const waiting = Array.from(
      { length: chance.between(0, 7) },
      (_, index) => someWaiting(chance, `ticket-${index}`),
    );
    const agents: Agent[] = [];
    for (let slots = chance.between(0, 7); slots > 0;) {
      const free = chance.between(1, Math.min(slots, 3));
      agents.push(someAgent(chance, `A${agents.length}`, free + chance.between(0, 3), free));
      slots -= free;
    }
    const plan = planAssignments(waiting, agents, RELAXATION, OPENED);
    assertCost(plan.totalCost, leastCost(waiting, agents), seed);
    assertCost(plan.greedyCost, greedyCost(waiting, agents), seed);
    assertSound(waiting, agents, seed);
    if (plan.totalCost < plan.greedyCost) cheaper += 1;
  }
  assert.ok(cheaper > 50, `only ${cheaper} were cheaper than greedy`);
});

Deno.test("of 200 longer queues none is given for more than greedy would", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const chance = chanceOf(10_000 + seed);
    const waiting = Array.from(
      { length: chance.between(20, 60) },
      (_, index) => someWaiting(chance, `ticket-${index}`),
    );
    const agents = Array.from({ length: chance.between(3, 20) }, (_, index) => {
      const maxTickets = chance.between(1, 12);
      return someAgent(chance, `A${index}`, maxTickets, chance.between(0, maxTickets));
    });
    const plan = planAssignments(waiting, agents, RELAXATION, OPENED);
    assert.ok(plan.totalCost <= plan.greedyCost, `seed ${seed}`);
    assertCost(plan.greedyCost, greedyCost(waiting, agents), seed);
    assertSound(waiting, agents, seed);
  }
});

const ASKING: Waiting = {
  id: "asking",
  demand: {
    department: "general",
    requiredSkills: [{ name: "tax", level: 2 }],
    waitingSince: OPENED,
    releasedBy: null,
  },
  lane: 1,
  priority: 2,
  dueAt: OPENED + HOUR_MS,
};
const PLAIN: Waiting = { ...ASKING, id: "plain", demand: { ...ASKING.demand, requiredSkills: [] } };

Deno.test("the specialist is kept for what needs it, though what does not comes first", () => {
  // To the queue's eye both fit the plain ticket alike, and the specialist is the emptier one.
  const generalist = anAgent("Generalist", {
    maxTickets: 4,
    activeTickets: someHeld(3),
    skills: [{ name: "law", level: 2 }],
  });
  const specialist = anAgent("Specialist", {
    maxTickets: 1,
    skills: [{ name: "tax", level: 2 }],
  });
  const plan = planAssignments([PLAIN, ASKING], [generalist, specialist], RELAXATION, OPENED);
  assert.deepEqual(plan.assignments, [
    { ticketId: "plain", agentId: generalist.id, cost: 2.75 },
    { ticketId: "asking", agentId: specialist.id, cost: 0 },
  ]);
  assert.deepEqual([plan.totalCost, plan.waiting], [2.75, []]);
  assert.equal(plan.greedyCost, 2 + 100_000 + 2 * 23);
});

Deno.test("what is left waiting says why, once all else is given", () => {
  const agents = [anAgent("Ada", { maxTickets: 1 })];
  const law = { ...PLAIN, id: "law" };
  const skilled = {
    ...law,
    demand: { ...PLAIN.demand, requiredSkills: [{ name: "law", level: 1 }] },
  };
  const plan = planAssignments(
    [PLAIN, { ...PLAIN, id: "next" }, skilled],
    agents,
    RELAXATION,
    OPENED,
  );
  const reasons = plan.waiting.map(({ ticketId, reason }) => [ticketId, reason]);
  assert.deepEqual(reasons, [["next", "no_capacity"], ["law", "no_skill"]]);
  const [alone] = planAssignments([PLAIN], [], RELAXATION, OPENED).waiting;
  assert.equal(alone?.reason, "no_agent_online");
});

Deno.test("of two for one slot the later one is given, at the head of the queue before others", () => {
  const agents = [anAgent("Ada", { maxTickets: 1 })];
  const given = (...waiting: Waiting[]): string[] =>
    planAssignments(waiting, agents, RELAXATION, OPENED).assignments.map((each) => each.ticketId);
  const late = { ...PLAIN, id: "late", dueAt: OPENED - HOUR_MS };
  const high = { ...PLAIN, id: "high", priority: 1 } as const;
  const head = { ...PLAIN, id: "head", lane: 0 } as const;
  const old = { ...PLAIN, id: "old", dueAt: OPENED - 10_000 * HOUR_MS };
  const older = { ...old, id: "older", dueAt: OPENED - 20_000 * HOUR_MS, priority: 1 } as const;
  assert.deepEqual(given(PLAIN, late), ["late"]);
  assert.deepEqual(given(late, high), ["high"]);
  assert.deepEqual(given(high, head), ["head"]);
  assert.deepEqual(given(head, old), ["old"]);
  assert.deepEqual(given(old, older), ["older"]);
});

Deno.test("who fits well may get what is less late: an hour is worth no more than its levels", () => {
  const agents = [anAgent("Ada", { maxTickets: 1, skills: [{ name: "tax", level: 5 }] })];
  const demand = { ...PLAIN.demand, requiredSkills: [{ name: "tax", level: 5 }] };
  const given = (lateHours: number): readonly unknown[] => {
    const late = { ...PLAIN, id: "late", dueAt: OPENED - lateHours * HOUR_MS };
    const fitting = { ...PLAIN, id: "fitting", dueAt: OPENED, demand };
    return planAssignments([late, fitting], agents, RELAXATION, OPENED).assignments;
  };
  assert.deepEqual(given(2), [{ ticketId: "fitting", agentId: agents[0]?.id, cost: 0 }]);
  assert.deepEqual(given(3), [{ ticketId: "late", agentId: agents[0]?.id, cost: 5 }]);
});

Deno.test("of too many agents those who are used least are looked at", () => {
  const busier = Array.from(
    { length: OPTIMISED_AGENTS_MAX },
    (_, index) => anAgent(`Busier ${index}`, { maxTickets: 4, activeTickets: someHeld(2) }),
  );
  const used = anAgent("Used", { maxTickets: 4, activeTickets: someHeld(3) });
  const free = anAgent("Free", { maxTickets: 4, activeTickets: someHeld(1), skills: [] });
  const skilled = { ...used, skills: [{ name: "tax", level: 5 }] };
  const given = (...agents: Agent[]): string[] =>
    planAssignments([PLAIN, ASKING], agents, RELAXATION, OPENED)
      .assignments.map(({ agentId }) => agentId);
  assert.deepEqual(given(...busier, free), [free.id]);
  assert.deepEqual(given(...busier, free, skilled), [free.id]);
  assert.deepEqual(given(...busier.slice(1), skilled), [busier[1]?.id, skilled.id]);
});

Deno.test("only the head of a queue that is too long is looked at, and nobody there gives nothing", () => {
  const waiting = Array.from({ length: OPTIMISED_MAX + 1 }, (_, index) => ({
    ...PLAIN,
    id: `ticket-${index}`,
  }));
  const agents = [anAgent("Ada", { maxTickets: OPTIMISED_MAX + 1 })];
  const { assignments } = planAssignments(waiting, agents, RELAXATION, OPENED);
  assert.equal(assignments.length, OPTIMISED_MAX);
  assert.ok(assignments.every(({ ticketId }) => ticketId !== `ticket-${OPTIMISED_MAX}`));
  const alone = planAssignments([PLAIN], [], RELAXATION, OPENED);
  assert.deepEqual([alone.assignments, alone.totalCost], [[], alone.greedyCost]);
  assert.deepEqual(planAssignments([], agents, RELAXATION, OPENED), {
    assignments: [],
    waiting: [],
    totalCost: 0,
    greedyCost: 0,
  });
});
