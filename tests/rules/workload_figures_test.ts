import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import {
  agentWorkload,
  levelOfLoad,
  teamFigures,
  workloadMetrics,
} from "../../domain/rules/workload_figures.ts";
import { anAgent, aTicketIn, OPENED } from "../support/builders.ts";

function loaded(name: string, hours: readonly number[], changes: Partial<Agent> = {}): Agent {
  const activeTickets = hours.map((estimatedHours, index) => ({ id: `t${index}`, estimatedHours }));
  return anAgent(name, { activeTickets, ...changes });
}

Deno.test("a load is low below three hours, moderate below six, high below eight, then too much", () => {
  const levels = [0, 2.99, 3, 5.99, 6, 7.99, 8, 500].map(levelOfLoad);
  const expected = ["low", "low", "moderate", "moderate", "high", "high", "overloaded"];
  assert.deepEqual(levels, [...expected, "overloaded"]);
});

Deno.test("the figures count who is there, who can take more, and what all have to do", () => {
  const agents = [
    loaded("Idle", []),
    loaded("Moderate", [1, 2.25]),
    loaded("High", [7], { status: "busy" }),
    loaded("Full", [9, 1], { maxTickets: 2 }),
    loaded("Away", [0.5], { status: "offline" }),
    loaded("Pausing", [], { status: "busy", onBreak: true }),
  ];
  assert.deepEqual(workloadMetrics(agents, OPENED), {
    totalAgents: 6,
    activeAgents: 4,
    averageLoad: 3.46,
    maxLoad: 10,
    overloadedAgents: 1,
    availableAgents: 2,
    workloadDistribution: { low: 3, moderate: 1, high: 1, overloaded: 1 },
  });
  assert.deepEqual(workloadMetrics([], OPENED), {
    totalAgents: 0,
    activeAgents: 0,
    averageLoad: 0,
    maxLoad: 0,
    overloadedAgents: 0,
    availableAgents: 0,
    workloadDistribution: { low: 0, moderate: 0, high: 0, overloaded: 0 },
  });
});

Deno.test("a team is a department, however it is spelt, with the skills of its agents", () => {
  const agents = [
    loaded("Ada", [1], { department: "Tax", skills: [{ name: "VAT", level: 2 }] }),
    loaded("Ben", [1, 1], { department: "tax ", maxTickets: 3, status: "busy" }),
    loaded("Cid", [], {
      department: "TAX",
      status: "offline",
      skills: [{ name: "vat", level: 5 }, { name: "audit", level: 1 }],
    }),
    loaded("Dan", [1], { department: "Cards", teams: ["Tax"], maxTickets: 1 }),
  ];
  const [cards, tax, ...others] = teamFigures(agents, OPENED);
  assert.deepEqual(others, []);
  assert.deepEqual(tax, {
    teamId: "tax",
    teamName: "Tax",
    totalAgents: 3,
    activeAgents: 2,
    currentCapacity: 4,
    maxCapacity: 13,
    skills: ["audit", "VAT"],
    skillDistribution: { audit: 1, VAT: 2 },
  });
  assert.deepEqual([cards?.totalAgents, cards?.currentCapacity, cards?.maxCapacity], [1, 0, 1]);
});

Deno.test("an agent has a skill once, however often its record names it", () => {
  const skills = [{ name: "VAT", level: 2 }, { name: "vat", level: 5 }, { name: "7", level: 1 }];
  const [team] = teamFigures([loaded("Ada", [], { skills })], OPENED);
  assert.deepEqual([team?.skills, team?.skillDistribution], [["7", "VAT"], { 7: 1, VAT: 1 }]);
});

const after = (hours: number): number => OPENED + hours * HOUR_MS;

Deno.test("tickets are done one after another, the current one first, until a place is free", () => {
  const agent = loaded("Ada", [2, 0.5, 1, 4], { maxTickets: 3, currentTicketId: "t2" });
  const begins = ["t1", "t3"].map((id) => aTicketIn("assigned", agent, { id, title: id }));
  const { upcomingTasks, nextAvailableSlot, ...figures } = agentWorkload(agent, 2, begins, OPENED);
  assert.deepEqual(figures, {
    agentId: agent.id,
    agentName: "Ada",
    currentLoad: 7.5,
    maxLoad: 8,
    activeTickets: 4,
    queuedTickets: 2,
  });
  const starts = upcomingTasks.map(({ ticketId, startTime }) => [ticketId, startTime]);
  assert.deepEqual(starts, [["t1", after(3)], ["t3", after(3.5)]]);
  // Two of four must be done for one of three places.
  assert.equal(nextAvailableSlot, after(3));
});

Deno.test("whoever has a place free has it now, or when its break or the time until its shift is over", () => {
  const slot = (agent: Agent): number => agentWorkload(agent, 0, [], OPENED).nextAvailableSlot;
  assert.equal(slot(loaded("Ada", [3, 3])), OPENED);
  const pause = {
    id: "b",
    type: "lunch",
    start: after(-1),
    end: after(0.5),
    status: "in-progress",
  } as const;
  const shown = { id: "s", start: after(2), end: after(9), timezone: "UTC", breaks: [] };
  const shifts = { count: 1, scheduled: 1, nextAt: null, edgeAt: null, shown };
  assert.equal(slot(loaded("Late", [], { shifts })), after(2));
  const working = { ...shifts, shown: { ...shown, start: after(-2), breaks: [pause] } };
  const onBreak = { onBreak: true, status: "busy", currentShiftId: "s", shifts: working } as const;
  assert.equal(slot(loaded("Pausing", [1], onBreak)), after(0.5));
  assert.equal(slot(loaded("Full", [1], { ...onBreak, maxTickets: 1 })), after(1.5));
  assert.equal(slot(loaded("Gone", [], { status: "offline" })), OPENED);
});
