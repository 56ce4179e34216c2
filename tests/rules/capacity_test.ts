import assert from "node:assert/strict";
import { capacityNeeds, type DepartmentWork, staffHours } from "../../domain/rules/capacity.ts";
import { serviceLevel } from "../../domain/rules/erlang.ts";
import { handlingTime } from "../../domain/rules/handling_time.ts";
import { addCount, type GroupFigures, makeFigures } from "../../domain/rules/sla_metrics.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { anAgent } from "../support/builders.ts";

const HALF_AN_HOUR = { hours: 0.5, source: "measured" } as const;

function work(department: string, days: number[], backlog = 0): DepartmentWork {
  return { department, days, backlog, handling: HALF_AN_HOUR };
}

const WEEK = [40, 40, 40, 60, 40, 10, 10];

Deno.test("loads are hours of work a day for each agent, and needs those of the heaviest day", () => {
  const agents = ["Ada", "Bob"].map((name) => anAgent(name, { department: "Billing" }));
  const [needs] = capacityNeeds([work("billing", WEEK, 14)], agents);
  // Of 254 tickets half an hour each over seven days and two agents; 31 hours on the fourth day.
  assert.deepEqual(needs, {
    department: "billing",
    avgLoad: 9.07,
    maxLoad: 15.5,
    additionalAgentsNeeded: 5,
  });
});

Deno.test("a department without an agent needs all of them, and one with enough needs none", () => {
  const ada = anAgent("Ada", { department: "Support" });
  const needs = capacityNeeds([work("billing", WEEK), work("support", [1, 1, 1, 1, 1, 1, 1])], [
    ada,
  ]);
  assert.deepEqual(needs.map(({ additionalAgentsNeeded }) => additionalAgentsNeeded), [6, 0]);
  assert.equal(needs[0]?.maxLoad, 30);
});

Deno.test("who works for two departments is there for each by its share of the work", () => {
  const ada = anAgent("Ada", { department: "Billing", teams: ["Cards"] });
  const needs = capacityNeeds(
    [work("billing", new Array(7).fill(6)), work("cards", new Array(7).fill(2))],
    [ada],
  );
  assert.deepEqual(needs.map(({ avgLoad }) => avgLoad), [4, 4]);
  const idle = [work("billing", new Array(7).fill(0)), work("cards", new Array(7).fill(0))];
  assert.deepEqual(capacityNeeds(idle, [ada]).map(({ avgLoad }) => avgLoad), [0, 0]);
});

Deno.test("tickets that have piled up are worked off along with those that come", () => {
  const staffing = staffHours([10, 30, 0], { backlog: 40, handling: HALF_AN_HOUR }, "tickets");
  // 20, 60 and 0 tickets of half an hour, of which an agent does 0.75 · 0.85 hours an hour.
  assert.deepEqual(staffing.map(({ agents }) => agents), [16, 48, 0]);
  for (const { occupancy } of staffing) assert.ok(occupancy <= 0.85);
  const onlyBacklog = staffHours([0, 0], { backlog: 3, handling: HALF_AN_HOUR }, "tickets");
  assert.deepEqual(onlyBacklog.map(({ agents }) => agents), [2, 2]);
});

Deno.test("live work gets agents who take up 80 % within 20 seconds, and what piled up is not live", () => {
  const handling = { hours: 0.05, source: "measured" } as const;
  const staffing = staffHours([200, 0], { backlog: 1_000, handling }, "live");
  // The textbook's hundred calls of three minutes in half an hour.
  assert.equal(staffing[0]?.agents, 14);
  const calls = { arrivals: 200, periodSeconds: 3_600, handlingSeconds: 180 };
  assert.equal(staffing[0].serviceLevel, serviceLevel(calls, 14, 20));
  assert.deepEqual(staffing[1], { agents: 0, occupancy: 0, serviceLevel: 1 });
});

function resolved(count: number, hours: number, responseHours: number): GroupFigures[] {
  const figures = makeFigures(false);
  const group = { department: "billing", priority: 1, category: "general" } as const;
  for (let each = 0; each < count; each++) {
    for (
      const [measure, took] of [["resolution_business", hours], [
        "response_business",
        responseHours,
      ]] as const
    ) addCount(figures, group, { hour: 0, measure, milliseconds: took * HOUR_MS });
  }
  return [...figures.groups.values()];
}

Deno.test("a ticket takes what lies between response and resolution, by those held at once", () => {
  const agents = [anAgent("Ada", { maxTickets: 4 }), anAgent("Bob", { maxTickets: 6 })];
  assert.deepEqual(handlingTime(resolved(20, 11, 1), agents), { hours: 2, source: "measured" });
  assert.deepEqual(handlingTime(resolved(20, 11, 1), []), { hours: 10, source: "measured" });
  assert.deepEqual(handlingTime(resolved(20, 1, 9), agents).hours, 0.05);
});

Deno.test("where few were resolved a ticket takes what it was estimated to take, else an hour", () => {
  const activeTickets = [{ id: "1", estimatedHours: 3 }, { id: "2", estimatedHours: 0.5 }];
  const agents = [anAgent("Ada", { activeTickets }), anAgent("Bob")];
  assert.deepEqual(handlingTime(resolved(19, 11, 1), agents), { hours: 1.75, source: "estimated" });
  assert.deepEqual(handlingTime([], []), { hours: 1, source: "assumed" });
});
