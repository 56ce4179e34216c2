import assert from "node:assert/strict";
import fc from "fast-check";
import {
  AGENTS_SEARCHED_MAX,
  agentsNeeded,
  averageWaitSeconds,
  erlangB,
  erlangC,
  erlangs,
  type LiveWork,
  serviceLevel,
  staffLive,
  staffTickets,
} from "../../domain/rules/erlang.ts";

/** The two textbook cases, per half an hour. */
const QUIET: LiveWork = { arrivals: 100, periodSeconds: 1_800, handlingSeconds: 180 };
const BUSY: LiveWork = { arrivals: 360, periodSeconds: 1_800, handlingSeconds: 240 };
const TARGET = { share: 0.8, withinSeconds: 20 };

function assertNear(found: number, expected: number, digits: number): void {
  const difference = Math.abs(found - expected);
  assert.ok(difference <= 0.5 * 10 ** -digits, `${found}, not ${expected}`);
}

Deno.test("fourteen agents for a hundred calls in half an hour wait as the textbook says", () => {
  assert.equal(erlangs(QUIET), 10);
  assertNear(erlangC(10, 14), 0.17413193, 8);
  assertNear(serviceLevel(QUIET, 14, 20), 0.88835002, 8);
  assertNear(averageWaitSeconds(QUIET, 14), 7.835937, 6);
});

Deno.test("thirteen agents miss 80 % in 20 seconds, so that fourteen are the fewest, of a staff of twenty", () => {
  assertNear(serviceLevel(QUIET, 13, 20), 0.795595, 6);
  const staffing = staffLive(QUIET, TARGET, 0.3);
  assert.ok(staffing !== null);
  assert.equal(staffing.agents, 14);
  assert.equal(staffing.staff, 20);
  assertNear(staffing.serviceLevel, 0.88835002, 8);
  assertNear(staffing.occupancy, 10 / 14, 12);
});

Deno.test("fifty-five agents for 360 calls in half an hour wait as the textbook says", () => {
  assertNear(erlangC(48, 55), 0.238701, 6);
  assertNear(serviceLevel(BUSY, 55, 15), 0.845883, 6);
  assertNear(averageWaitSeconds(BUSY, 55), 8.184, 3);
});

Deno.test("one agent is blocked, and lets wait, by the share of its time that it is asked for", () => {
  assertNear(erlangB(0.5, 1), 1 / 3, 12);
  assertNear(erlangC(0.5, 1), 0.5, 12);
});

Deno.test("with too few agents ever to keep up everybody waits without end", () => {
  for (const agents of [0, 1, 10]) {
    assert.equal(erlangC(10, agents), 1);
    assert.equal(serviceLevel(QUIET, agents, 20), 0);
    assert.equal(averageWaitSeconds(QUIET, agents), Infinity);
  }
});

Deno.test("where nothing comes one agent does, and nobody waits", () => {
  const nothing = { ...QUIET, arrivals: 0 };
  assert.equal(erlangC(0, 0), 0);
  assert.equal(averageWaitSeconds(nothing, 0), 0);
  assert.deepEqual(staffLive(nothing, TARGET, 0), {
    agents: 1,
    staff: 1,
    serviceLevel: 1,
    occupancy: 0,
  });
});

Deno.test("what no number of agents can do is not looked for without end", () => {
  const flood = { ...QUIET, arrivals: 100 * AGENTS_SEARCHED_MAX };
  assert.equal(staffLive(flood, TARGET, 0), null);
  assert.equal(staffLive(QUIET, { share: 1.1, withinSeconds: 0 }, 0), null);
});

/** What sums of doubles may be off by. */
const NOISE = 1e-12;

const load = fc.double({ min: 0.01, max: 300, noNaN: true });
const agentCount = fc.integer({ min: 1, max: 400 });

Deno.test("an agent more never lets more wait, and who can wait does so at least as often as who is lost", () => {
  fc.assert(fc.property(load, agentCount, (load, agents) => {
    const [lost, waits] = [erlangB(load, agents), erlangC(load, agents)];
    assert.ok(lost > 0 || load < agents);
    assert.ok(lost >= 0 && lost <= waits + NOISE && waits <= 1 + NOISE, `${lost} ${waits}`);
    assert.ok(erlangB(load, agents + 1) <= lost + NOISE);
    assert.ok(erlangC(load, agents + 1) <= waits + NOISE);
    const work = { arrivals: load, periodSeconds: 60, handlingSeconds: 60 };
    assert.ok(serviceLevel(work, agents + 1, 20) >= serviceLevel(work, agents, 20) - NOISE);
    assert.ok(averageWaitSeconds(work, agents + 1) <= averageWaitSeconds(work, agents));
  }));
});

Deno.test("the agents that are found reach the target, and one fewer do not", () => {
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  const within = fc.integer({ min: 0, max: 600 });
  fc.assert(fc.property(load, share, within, (load, share, withinSeconds) => {
    const work = { arrivals: load, periodSeconds: 240, handlingSeconds: 240 };
    const found = staffLive(work, { share, withinSeconds }, 0.25);
    assert.ok(found !== null);
    assert.ok(found.agents > load && found.occupancy < 1);
    assert.ok(found.serviceLevel >= share);
    assert.equal(found.staff, Math.ceil(found.agents / 0.75 - 1e-9));
    const fewer = found.agents - 1;
    assert.ok(fewer === 0 || serviceLevel(work, fewer, withinSeconds) < share);
  }));
});

Deno.test("formulas stay finite with thousands of agents", () => {
  const waits = erlangC(4_990, 5_000);
  assert.ok(waits > 0.8 && waits < 0.9, `${waits}`);
});

Deno.test("tickets need their hours, divided by those in which an agent is busy with them", () => {
  const work = { tickets: 60, handlingHours: 0.5, productiveHours: 6, occupancy: 0.8 };
  assertNear(agentsNeeded(work), 6.25, 12);
  const { agents, occupancy } = staffTickets(work);
  assert.equal(agents, 7);
  assertNear(occupancy, 30 / 42, 12);
  assert.deepEqual(staffTickets({ ...work, tickets: 0 }), { agents: 0, occupancy: 0 });
});

Deno.test("whoever works on tickets is never busier than was meant", () => {
  const tickets = fc.integer({ min: 0, max: 10_000 });
  const hours = fc.double({ min: 0.05, max: 40, noNaN: true });
  fc.assert(fc.property(tickets, hours, hours, (tickets, handlingHours, productiveHours) => {
    const work = { tickets, handlingHours, productiveHours, occupancy: 0.85 };
    const { agents, occupancy } = staffTickets(work);
    assert.ok(occupancy <= 0.85 * (1 + 1e-6), `${occupancy}`);
    const more = staffTickets({ ...work, tickets: tickets + 1 });
    assert.ok(more.agents >= agents);
  }));
});
