import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { isStarted } from "../../domain/rules/departure.ts";
import {
  agentsToBalance,
  BALANCED_AGENTS_MAX,
  balanceOf,
  mayMove,
  moveTicket,
  planRebalance,
  type RebalancePlan,
} from "../../domain/rules/rebalance.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { chanceOf } from "../simulation/chance.ts";
import { type Loaded, RELAXATION, someLoaded } from "../support/balance.ts";
import {
  bestOf,
  highest,
  loadsOf,
  moved,
  outcomeOf,
  reachable,
  sharesOf,
} from "../support/moves.ts";
import { anAgent, aTicketIn, decided, holding, OPENED, someHeld } from "../support/builders.ts";
import { refusalOf } from "../support/desk.ts";

function plan({ agents, tickets }: Loaded, movesMax = 20): RebalancePlan {
  return planRebalance(agents, tickets, RELAXATION, movesMax, OPENED);
}

function carriedOut({ agents, tickets }: Loaded, { moves }: RebalancePlan): readonly Agent[] {
  return moves.reduce(
    (desk, { ticketId, to }) => moved(desk, ticketId, to) ?? desk,
    { agents, tickets } as Loaded,
  ).agents;
}

Deno.test("on 1 500 small desks nothing that may be done in so many moves is better, or as good with fewer", () => {
  const seen = { better: 0, indirect: 0, some: 0, others: 0 };
  for (let seed = 1; seed <= 1_500; seed++) {
    const chance = chanceOf(seed);
    const size = { agents: chance.between(2, 4), tickets: chance.between(1, 6), capacity: 4 };
    const desk = someLoaded(chance, size);
    const movesMax = chance.between(1, 4);
    const planned = plan(desk, movesMax);
    const { moves, before, after } = planned;
    assert.equal(before.highestUtilisation, highest(desk.agents), `seed ${seed}`);
    const agents = carriedOut(desk, planned);
    const all = [...reachable(desk, movesMax)];
    let rest = desk.agents.map(({ id }) => id);
    // Whoever nobody can relieve is left out, and the others looked at.
    while (rest.length > 0) {
      const restOf = (each: readonly Agent[]) => each.filter(({ id }) => rest.includes(id));
      const others = (each: readonly Agent[]) =>
        loadsOf(each.filter(({ id }) => !rest.includes(id)));
      const still = all.filter((each) => others(each.agents) === others(desk.agents));
      const best = bestOf(still.map((each) => outcomeOf(restOf(each.agents), each.moves)));
      const was = outcomeOf(restOf(desk.agents), 0);
      const found = outcomeOf(restOf(agents), moves.length);
      if (best.highest > 1) {
        // Who stays over capacity is only relieved: within one ticket of the best.
        const excess = after.highestUtilisation - best.highest;
        assert.ok(desk.agents.some(({ maxTickets }) => excess <= 1 / maxTickets), `seed ${seed}`);
        break;
      }
      assert.equal(found.highest, best.highest, `seed ${seed}`);
      if (best.highest < was.highest) {
        assert.equal(moves.length, best.moves, `seed ${seed}`);
        if (rest.length < desk.agents.length) seen.others += 1;
        break;
      }
      assert.equal(found.having, best.having, `seed ${seed}`);
      if (best.having < was.having) {
        seen.some += 1;
        break;
      }
      const full = restOf(desk.agents).filter((agent) => highest([agent]) === was.highest);
      rest = rest.filter((id) => !full.some((agent) => agent.id === id));
    }
    if (moves.length > 0) seen.better += 1;
    const givers = new Set(moves.map(({ from }) => from));
    if (moves.some(({ to }) => givers.has(to))) seen.indirect += 1;
  }
  assert.ok(seen.better > 100, `only ${seen.better} had anything to balance`);
  assert.ok(seen.indirect > 0, "nobody gave away what it got another ticket for");
  assert.ok(seen.some > 20, `only ${seen.some} where some but not all could be relieved`);
  assert.ok(seen.others > 10, `only ${seen.others} where the others alone could be relieved`);
});

Deno.test("on 1 000 desks every move may be made in its turn, and the highest utilisation never rises", () => {
  let made = 0;
  for (let seed = 1; seed <= 1_000; seed++) {
    const chance = chanceOf(50_000 + seed);
    const agents = chance.between(1, 15);
    const size = { agents, tickets: chance.between(0, agents * 4), capacity: 8 };
    const before = someLoaded(chance, size);
    const movesMax = chance.between(1, 20);
    const { moves, takerMax, after } = plan(before, movesMax);
    assert.ok(moves.length <= movesMax, `seed ${seed}`);
    assert.equal(new Set(moves.map(({ ticketId }) => ticketId)).size, moves.length);
    let desk = before;
    for (const { ticketId, from, to } of moves) {
      const ticket = desk.tickets.find(({ id }) => id === ticketId);
      assert.equal(ticket?.assignee?.agentId, from, `seed ${seed}`);
      assert.ok(ticket !== undefined && !isStarted(ticket), `seed ${seed}: ${ticketId} is started`);
      const next = moved(desk, ticketId, to);
      assert.ok(next !== null, `seed ${seed}: ${ticketId} may not move`);
      assert.ok(highest(next.agents) <= highest(desk.agents), `seed ${seed}: it rises`);
      // The rule that makes the move says the same.
      const [giver, taker] = [from, to].map((id) => desk.agents.find((agent) => agent.id === id));
      assert.ok(giver !== undefined && taker !== undefined);
      const change = { from: giver, to: taker, utilisationMax: takerMax };
      decided(moveTicket(ticket, change, RELAXATION, OPENED));
      desk = next;
      made += 1;
    }
    assert.deepEqual(balanceOf(desk.agents), after, `seed ${seed}`);
    assert.ok(takerMax <= after.highestUtilisation, `seed ${seed}`);
    if (moves.length === 0) continue;
    const [was, is] = [sharesOf(before.agents), sharesOf(desk.agents)];
    const first = was.findIndex((share, index) => share !== is[index]);
    assert.ok((is[first] ?? 1) < (was[first] ?? 0), `seed ${seed}: the highest that changes rises`);
  }
  assert.ok(made > 1_000, `only ${made} moves`);
});

const FULL = anAgent("Full", { maxTickets: 4 });
const FREE = anAgent("Free", { maxTickets: 4 });

/** An agent with these tickets, and another with none. */
function aDesk(tickets: readonly Ticket[]): Loaded {
  const full = tickets.reduce((agent, { id }) => holding(agent, id), FULL);
  return { agents: [full, FREE], tickets };
}

function assigned(id: string, changes: Partial<Ticket> = {}): Ticket {
  return aTicketIn("assigned", FULL, { id, ...changes });
}

Deno.test("half of the tickets go to who has none, those of the lowest priority and the youngest", () => {
  const tickets = [
    assigned("a", { priority: 1 }),
    assigned("b", { priority: 3 }),
    assigned("c", { priority: 2 }),
    assigned("d", { priority: 2 }),
  ];
  const { moves, before, after } = plan(aDesk(tickets));
  assert.deepEqual(new Set(moves.map(({ ticketId }) => ticketId)), new Set(["b", "d"]));
  assert.deepEqual(before, { highestUtilisation: 1, averageUtilisation: 0.5 });
  assert.deepEqual(after, { highestUtilisation: 0.5, averageUtilisation: 0.5 });
});

Deno.test("of too many agents those who have most give to those who have least", () => {
  const agents = Array.from(
    { length: BALANCED_AGENTS_MAX + 5 },
    (_, index) =>
      anAgent(`A${String(index).padStart(3, "0")}`, {
        maxTickets: 1_000,
        activeTickets: someHeld(index),
      }),
  );
  const counts = agentsToBalance(agents).map(({ activeTickets }) => activeTickets.length);
  assert.equal(counts.length, BALANCED_AGENTS_MAX);
  assert.deepEqual(counts, counts.toSorted((a, b) => b - a));
  const half = BALANCED_AGENTS_MAX / 2;
  assert.deepEqual([counts[0], counts[half - 1]], [2 * half + 4, half + 5]);
  assert.deepEqual([counts[half], counts.at(-1)], [half - 1, 0]);
  assert.equal(agentsToBalance(agents.slice(0, 3)).length, 3);
});

Deno.test("who has begun with all it has keeps nobody from being relieved", () => {
  const busy = holding(anAgent("Busy", { maxTickets: 1 }), "begun");
  const begun = aTicketIn("in-progress", busy, { id: "begun" });
  const { agents, tickets } = aDesk(["a", "b", "c", "d"].map((id) => assigned(id)));
  const { moves, before, after } = plan({
    agents: [busy, ...agents],
    tickets: [begun, ...tickets],
  });
  assert.equal(moves.length, 2);
  assert.deepEqual([before.highestUtilisation, after.highestUtilisation], [1, 1]);
});

Deno.test("where moves do not suffice for all who have most, as many as can be are relieved", () => {
  const crew = Array.from({ length: 5 }, (_, index) => {
    const id = `${index}`;
    return holding(holding(anAgent(`A${id}`, { maxTickets: 2 }), `${id}a`), `${id}b`);
  });
  const tickets = crew.flatMap((agent) =>
    agent.activeTickets.map(({ id }) => aTicketIn("assigned", agent, { id }))
  );
  const { moves, after } = plan(
    { agents: [...crew, anAgent("Free", { maxTickets: 10 })], tickets },
    3,
  );
  assert.equal(new Set(moves.map(({ from }) => from)).size, 3);
  assert.equal(after.highestUtilisation, 1);
});

Deno.test("tickets go to those who are used least", () => {
  const full = ["a", "b", "c", "d", "e", "f", "g", "h"].reduce(
    (agent, id) => holding(agent, id),
    anAgent("Full", { maxTickets: 8 }),
  );
  const tickets = full.activeTickets.map(({ id }) => aTicketIn("assigned", full, { id }));
  const crew = [5, 10, 10].map((maxTickets, index) => anAgent(`B${index}`, { maxTickets }));
  const { moves } = plan({ agents: [full, ...crew], tickets }, 3);
  assert.deepEqual(new Set(moves.map(({ to }) => to)), new Set(crew.map(({ id }) => id)));
});

Deno.test("what was begun, answered, or moved in the last half an hour stays", () => {
  const moving = (changes: Partial<Ticket>): boolean => mayMove(assigned("a", changes), OPENED);
  assert.equal(moving({}), true);
  assert.equal(moving({ status: "escalated" }), true);
  assert.equal(moving({ status: "in-progress" }), false);
  assert.equal(moving({ status: "pending" }), false);
  assert.equal(moving({ status: "resolved" }), false);
  assert.equal(moving({ firstResponseAt: OPENED }), false);
  assert.equal(moving({ rebalancedAt: OPENED - 30 * MINUTE_MS + 1 }), false);
  assert.equal(moving({ rebalancedAt: OPENED - 30 * MINUTE_MS }), true);
});

Deno.test("a moved ticket begins anew with the other agent, and remembers when it moved", () => {
  const ticket = assigned("a", { status: "escalated", escalationLevel: 1 });
  const [from = FULL] = aDesk([ticket]).agents;
  const change = { from, to: FREE, utilisationMax: 1 };
  const { ticket: after, agents, facts } = decided(
    moveTicket(ticket, change, RELAXATION, OPENED),
  );
  assert.deepEqual([after.status, after.escalationLevel], ["assigned", 1]);
  assert.deepEqual(after.assignee, { agentId: FREE.id, userId: FREE.userId });
  assert.equal(after.rebalancedAt, OPENED);
  assert.deepEqual(agents.map(({ activeTickets }) => activeTickets.length), [1, 0]);
  const [fact] = facts;
  assert.deepEqual([fact?.event, fact?.action], ["ticket.assigned", "reassigned"]);
  assert.equal(fact?.formerAssignee, FULL.userId);
});

Deno.test("what has changed since the plan is refused: the ticket, who has it, who should get it", () => {
  const ticket = assigned("a");
  const change = { from: holding(FULL, "a"), to: FREE, utilisationMax: 0.25 };
  const refused = (given: Ticket, more: Partial<typeof change>): string =>
    refusalOf(moveTicket(given, { ...change, ...more }, RELAXATION, OPENED));
  assert.equal(refused({ ...ticket, status: "in-progress" }, {}), "conflict");
  assert.equal(refused({ ...ticket, rebalancedAt: OPENED }, {}), "conflict");
  assert.equal(refused(ticket, { from: FREE }), "conflict");
  assert.equal(refused(ticket, { to: { ...FREE, status: "offline" } }), "agent_unavailable");
  assert.equal(refused(ticket, { to: holding(FREE, "b") }), "agent_unavailable");
  const skilled = { ...ticket, requiredSkills: [{ name: "tax", level: 1 }] };
  assert.equal(refused(skilled, {}), "agent_unavailable");
  decided(moveTicket(ticket, change, RELAXATION, OPENED));
});
