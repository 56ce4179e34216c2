import assert from "node:assert/strict";
import { leastCost } from "../../domain/rules/least_cost.ts";
import {
  cheapestChoice,
  costsOf,
  greedyChoice,
  type Places,
  sumOf,
} from "../../domain/rules/slots.ts";
import { type Chance, chanceOf } from "../simulation/chance.ts";
import { someAgent } from "../support/balance.ts";

const LEVEL = 1_000;
const ROWS = ["anybody", "somebody", "hardly anybody"];

/** Some tickets of a few kinds, and agents of whom each kind fits others, otherwise well. */
function somePlaces(chance: Chance): Places {
  const agents = Array.from({ length: chance.between(1, 30) }, (_, index) => {
    const maxTickets = chance.between(1, 40);
    return someAgent(chance, `A${index}`, maxTickets, chance.between(0, maxTickets));
  });
  const fits = ROWS.map((row, index) => {
    const surplus = (): number =>
      chance.percent(30 * index) ? Infinity : LEVEL * chance.between(0, 3);
    return [row, agents.map(surplus)] as const;
  });
  const tickets = Array.from({ length: chance.between(0, 90) }, () => ({
    row: chance.pick(ROWS),
    costOfWaiting: LEVEL * (1_000 + chance.between(0, 50)),
  }));
  return { tickets, agents, fits: new Map(fits) };
}

/** The least, with every free slot of every agent looked at together. */
function leastOfAll({ tickets, agents, fits }: Places): number {
  const slots = agents.flatMap(({ activeTickets: { length: open }, maxTickets }, agent) =>
    Array.from({ length: maxTickets - open }, (_, taken) => ({
      agent,
      utilisation: Math.floor(LEVEL * (open + taken) / maxTickets),
    }))
  );
  const costs = tickets.map(({ row }) =>
    slots.map(({ agent, utilisation }) => (fits.get(row)?.[agent] ?? NaN) + utilisation)
  );
  const columns = leastCost(costs, tickets.map(({ costOfWaiting }) => costOfWaiting));
  return sumOf(tickets.map(({ costOfWaiting }, index) => {
    const column = columns[index] ?? null;
    return column === null ? costOfWaiting : costs[index]?.[column] ?? NaN;
  }));
}

Deno.test("on 200 desks with many places nothing would cost less if all of these were looked at", () => {
  let cheaper = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const places = somePlaces(chanceOf(seed));
    const greedy = greedyChoice(places);
    const cost = sumOf(costsOf(places, cheapestChoice(places, greedy)));
    assert.equal(cost, leastOfAll(places), `seed ${seed}`);
    if (cost < sumOf(costsOf(places, greedy))) cheaper += 1;
  }
  assert.ok(cheaper > 50, `only ${cheaper} were cheaper than greedy`);
});
