import { type Agent, holdTicket } from "../../domain/rules/agent.ts";
import { bestAgent } from "../../domain/rules/assignment.ts";
import { planAssignments, type Waiting } from "../../domain/rules/optimize.ts";
import { planRebalance } from "../../domain/rules/rebalance.ts";
import { type Chance, chanceOf } from "../simulation/chance.ts";
import { RELAXATION, someAgent, someLoaded, someWaiting } from "../support/balance.ts";
import { OPENED } from "../support/builders.ts";
import { median, say, timeOf } from "./timing.ts";

/**
 * What it costs to think of the whole queue at once, against giving each ticket in its turn to the
 * best agent; and to balance what agents have, against deciding once for each of their tickets.
 */
const TICKETS = 500;
const AGENTS = 200;
const ROUNDS = 15;
/** How many tickets agents can have, of which up to all are free. */
const CAPACITIES = [2, 5, 10, 20, 100];
const MOVES_MAX = [20, 100];

say(`${"milliseconds, the median".padEnd(40)}${"plan".padStart(8)}${"queue".padStart(8)}  ratio`);
for (const capacity of CAPACITIES) {
  const cases = Array.from({ length: ROUNDS }, (_, seed) => someQueue(chanceOf(seed), capacity));
  const what = `${TICKETS} tickets for ${AGENTS} agents of ${capacity}`;
  compare(what, cases, ({ waiting, agents }) => {
    planAssignments(waiting, agents, RELAXATION, OPENED);
  }, ({ waiting, agents }) => inTurn(waiting.map(({ demand }) => demand), agents));
}
for (const movesMax of MOVES_MAX) {
  const size = { agents: AGENTS, tickets: TICKETS, capacity: 8 };
  const cases = Array.from({ length: ROUNDS }, (_, seed) => someLoaded(chanceOf(seed), size));
  const what = `${movesMax} moves among ${AGENTS} agents`;
  compare(what, cases, ({ agents, tickets }) => {
    planRebalance(agents, tickets, RELAXATION, movesMax, OPENED);
  }, ({ agents, tickets }) => inTurn(tickets, agents));
}

function someQueue(
  chance: Chance,
  capacity: number,
): { waiting: Waiting[]; agents: Agent[] } {
  return {
    waiting: Array.from({ length: TICKETS }, (_, index) => someWaiting(chance, `ticket-${index}`)),
    agents: Array.from(
      { length: AGENTS },
      (_, index) => someAgent(chance, `A${index}`, capacity, chance.between(0, capacity)),
    ),
  };
}

/** As the queue is processed, without the transactions. */
function inTurn(demands: readonly Waiting["demand"][], agents: readonly Agent[]): void {
  const crew = new Map(agents.map((agent) => [agent.id, agent]));
  for (const [index, demand] of demands.entries()) {
    const best = bestAgent(demand, [...crew.values()], RELAXATION, OPENED);
    if (typeof best === "string") continue;
    crew.set(best.id, holdTicket(best, { id: `ticket-${index}`, estimatedHours: 1 }, OPENED));
  }
}

function compare<T>(
  what: string,
  cases: readonly T[],
  plan: (given: T) => void,
  queue: (given: T) => void,
): void {
  const times = { plan: [] as number[], queue: [] as number[] };
  for (const given of cases) {
    times.plan.push(timeOf(() => plan(given)));
    times.queue.push(timeOf(() => queue(given)));
  }
  const [planned, queued] = [median(times.plan), median(times.queue)];
  say(
    what.padEnd(40) + planned.toFixed(1).padStart(8) + queued.toFixed(1).padStart(8) +
      (planned / queued).toFixed(2).padStart(7),
  );
}
