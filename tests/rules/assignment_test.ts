import assert from "node:assert/strict";
import fc from "fast-check";
import type { Agent } from "../../domain/rules/agent.ts";
import { bestAgent, compareFit, type Demand, isEligible } from "../../domain/rules/assignment.ts";
import { anAgent, minute, OPENED, someHeld } from "../support/builders.ts";

const RELAXATION = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };

function aDemand(changes: Partial<Demand> = {}): Demand {
  return {
    department: "general",
    requiredSkills: [],
    waitingSince: OPENED,
    releasedBy: null,
    ...changes,
  };
}

/** The name of the agent who gets the ticket, or why nobody does. */
function best(demand: Demand, agents: readonly Agent[], atMinute = 0): string {
  const choice = bestAgent(demand, agents, RELAXATION, minute(atMinute));
  return typeof choice === "string" ? choice : choice.name;
}

const billing = (level: number): Agent["skills"] => [{ name: "billing", level }];
const BILLING = aDemand({ requiredSkills: billing(2) });

Deno.test("the agent with the smallest skill surplus gets the ticket, however busy it is", () => {
  const exact = anAgent("Exact", { skills: billing(2), activeTickets: someHeld(4) });
  const expert = anAgent("Expert", { skills: billing(5) });
  const generalist = anAgent("Generalist", {
    skills: [...billing(2), { name: "networks", level: 1 }],
  });
  assert.equal(best(BILLING, [expert, generalist, exact]), "Exact");
  assert.equal(best(BILLING, [expert, generalist]), "Generalist");
  assert.equal(best(aDemand(), [exact, expert, anAgent("Newcomer")]), "Newcomer");
});

Deno.test("of equal surplus the agent with the lowest utilisation gets the ticket", () => {
  // Three of ten is less than two of five.
  const wide = anAgent("Wide", { activeTickets: someHeld(3), maxTickets: 10, lastAssignedAt: 9 });
  const narrow = anAgent("Narrow", { activeTickets: someHeld(2), lastAssignedAt: 1 });
  assert.equal(best(aDemand(), [narrow, wide]), "Wide");
});

Deno.test("of equal utilisation the agent who got a ticket longest ago gets this one", () => {
  const late = anAgent("A-late", { lastAssignedAt: minute(-5) });
  const early = anAgent("B-early", { lastAssignedAt: minute(-60) });
  const never = anAgent("C-never", { lastAssignedAt: null });
  assert.equal(best(aDemand(), [late, early]), "B-early");
  assert.equal(best(aDemand(), [late, early, never]), "C-never");
});

Deno.test("of agents alike in all the smallest id gets the ticket", () => {
  const agents = ["Cleo", "Ada", "Ben"].map((name) => anAgent(name));
  assert.equal(best(aDemand(), agents), "Ada");
});

const someAgent = fc.record({
  name: fc.constantFrom("Ada", "Ben", "Cleo", "Dora"),
  level: fc.integer({ min: 1, max: 3 }),
  open: fc.integer({ min: 0, max: 2 }),
  lastAssignedAt: fc.constantFrom(null, minute(1), minute(2)),
}).map(({ name, level, open, lastAssignedAt }) =>
  anAgent(name, { skills: billing(level), activeTickets: someHeld(open), lastAssignedAt })
);

Deno.test("the choice does not depend on the order in which the agents are read", () => {
  const agents = fc.uniqueArray(someAgent, { minLength: 1, selector: ({ id }) => id });
  fc.assert(fc.property(agents, (crew) => {
    const demand = aDemand({ requiredSkills: billing(1) });
    assert.equal(best(demand, crew), best(demand, crew.toReversed()));
  }));
});

Deno.test("the order of agents is total: two different agents never fit equally well", () => {
  fc.assert(fc.property(someAgent, someAgent, (a, b) => {
    const forth = Math.sign(compareFit(a, b, BILLING));
    assert.equal(forth + Math.sign(compareFit(b, a, BILLING)), 0);
    if (a.id !== b.id) assert.notEqual(forth, 0);
  }));
});

Deno.test("only an agent who is online, not on a break and below capacity is given work", () => {
  const cases: [Partial<Agent>, string][] = [
    [{}, "Ada"],
    [{ activeTickets: someHeld(4) }, "Ada"],
    [{ activeTickets: someHeld(5) }, "no_capacity"],
    [{ activeTickets: someHeld(6) }, "no_capacity"],
    [{ maxTickets: 0 }, "no_capacity"],
    [{ status: "busy" }, "no_agent_online"],
    [{ status: "offline" }, "no_agent_online"],
    [{ onBreak: true }, "no_agent_online"],
    [{ status: "busy", onBreak: true }, "no_agent_online"],
  ];
  for (const [changes, outcome] of cases) {
    const agent = anAgent("Ada", changes);
    assert.equal(best(aDemand(), [agent]), outcome, JSON.stringify(changes));
    const eligible = isEligible(agent, aDemand(), RELAXATION, OPENED);
    assert.equal(eligible, outcome === "Ada", JSON.stringify(changes));
  }
});

Deno.test("a required skill must be there at its level, whatever the case of its name", () => {
  const cases: [Agent["skills"], string][] = [
    [billing(2), "Ada"],
    [billing(5), "Ada"],
    [[{ name: "Billing", level: 2 }], "Ada"],
    [billing(1), "no_skill"],
    [[], "no_skill"],
    [[{ name: "billings", level: 5 }], "no_skill"],
  ];
  for (const [skills, outcome] of cases) {
    assert.equal(best(BILLING, [anAgent("Ada", { skills })]), outcome, JSON.stringify(skills));
  }
  const both = aDemand({ requiredSkills: [...billing(1), { name: "sap", level: 1 }] });
  assert.equal(best(both, [anAgent("Ada", { skills: billing(5) })]), "no_skill");
});

Deno.test("a ticket goes to its department, an agent's own or a team's, and general to all", () => {
  const cases: [string, Partial<Agent>, string][] = [
    ["Sales", { department: "Sales" }, "Ada"],
    ["sales", { department: " SALES " }, "Ada"],
    ["sales", { teams: ["Returns", "Sales"] }, "Ada"],
    ["sales", { department: "Support", teams: ["Returns"] }, "no_department"],
    ["general", { department: "Support" }, "Ada"],
    ["General", { department: "Support" }, "Ada"],
    ["Support", { department: "general" }, "no_department"],
  ];
  for (const [department, agent, outcome] of cases) {
    const what = `${department} for ${JSON.stringify(agent)}`;
    assert.equal(best(aDemand({ department }), [anAgent("Ada", agent)]), outcome, what);
  }
});

Deno.test("after fifteen minutes of waiting any level of the skill will do, and not before", () => {
  const beginner = anAgent("Ada", { skills: billing(1) });
  const demand = aDemand({ requiredSkills: billing(4) });
  const at = (instant: number): string | Agent =>
    bestAgent(demand, [beginner], RELAXATION, instant);
  assert.equal(at(minute(15) - 1), "no_skill");
  assert.equal(at(minute(15)), beginner);
});

Deno.test("after thirty minutes of waiting any department will do, and not before", () => {
  const stranger = anAgent("Ada", { department: "Support" });
  const demand = aDemand({ department: "Sales" });
  const at = (instant: number): string | Agent =>
    bestAgent(demand, [stranger], RELAXATION, instant);
  assert.equal(at(minute(30) - 1), "no_department");
  assert.equal(at(minute(30)), stranger);
});

Deno.test("however long a ticket waits, the skill itself is never relaxed", () => {
  const demand = aDemand({ requiredSkills: billing(1), department: "Sales" });
  assert.equal(best(demand, [anAgent("Ada", { department: "Sales" })], 1_000_000), "no_skill");
});

Deno.test("a ticket that does not wait has no demand relaxed", () => {
  const demand = aDemand({ requiredSkills: billing(4), waitingSince: null });
  assert.equal(best(demand, [anAgent("Ada", { skills: billing(1) })], 1_000), "no_skill");
});

Deno.test("a ticket that stays says the first thing that stands in its way", () => {
  const demand = aDemand({ department: "Sales", requiredSkills: billing(2) });
  const fit = { department: "Sales", skills: billing(2) };
  const offline = anAgent("Offline", { ...fit, status: "offline" });
  const unskilled = anAgent("Unskilled", { department: "Sales" });
  const elsewhere = anAgent("Elsewhere", { skills: billing(2) });
  const full = anAgent("Full", { ...fit, activeTickets: someHeld(5) });
  const cases: [Agent[], string][] = [
    [[], "no_agent_online"],
    [[offline], "no_agent_online"],
    [[offline, unskilled], "no_skill"],
    [[offline, unskilled, elsewhere], "no_department"],
    [[offline, unskilled, elsewhere, full], "no_capacity"],
    [[offline, unskilled, elsewhere, full, anAgent("Fit", fit)], "Fit"],
  ];
  for (const [agents, outcome] of cases) assert.equal(best(demand, agents), outcome);
});

Deno.test("the best agent is always eligible, and nobody eligible is left out", () => {
  const someone = fc.record({
    name: fc.constantFrom("Ada", "Ben", "Cleo"),
    status: fc.constantFrom("online" as const, "busy" as const, "offline" as const),
    onBreak: fc.boolean(),
    department: fc.constantFrom("Sales", "Support"),
    level: fc.integer({ min: 0, max: 3 }),
    open: fc.integer({ min: 4, max: 5 }),
  }).map(({ name, level, open, ...state }) => {
    const skills = level === 0 ? [] : billing(level);
    return anAgent(name, { ...state, skills, activeTickets: someHeld(open) });
  });
  const waited = fc.constantFrom(0, 14, 15, 29, 30, 100);
  fc.assert(fc.property(fc.array(someone), waited, (agents, minutes) => {
    const demand = aDemand({ department: "sales", requiredSkills: billing(2) });
    const fit = agents.filter((agent) => isEligible(agent, demand, RELAXATION, minute(minutes)));
    const choice = bestAgent(demand, agents, RELAXATION, minute(minutes));
    if (typeof choice === "string") assert.deepEqual(fit, []);
    else assert.ok(fit.includes(choice));
  }));
});
