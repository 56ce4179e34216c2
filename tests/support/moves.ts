import { type Agent, holdTicket, releaseTicket } from "../../domain/rules/agent.ts";
import { isEligible } from "../../domain/rules/assignment.ts";
import { isStarted } from "../../domain/rules/departure.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { type Loaded, RELAXATION } from "./balance.ts";
import { OPENED } from "./builders.ts";

export function highest(agents: readonly Agent[]): number {
  return Math.max(
    0,
    ...agents.map(({ activeTickets, maxTickets }) => activeTickets.length / maxTickets),
  );
}

/** The desk with one ticket moved, if that may be; null if not. */
export function moved({ agents, tickets }: Loaded, ticketId: string, to: string): Loaded | null {
  const ticket = tickets.find(({ id }) => id === ticketId);
  const taker = agents.find(({ id }) => id === to);
  const from = ticket?.assignee?.agentId;
  if (ticket === undefined || taker === undefined || from === to) return null;
  const { rebalancedAt = -Infinity } = ticket;
  if (isStarted(ticket) || OPENED - rebalancedAt < 30 * MINUTE_MS) return null;
  if (!isEligible(taker, ticket, RELAXATION, OPENED)) return null;
  const assignee = { agentId: taker.id, userId: taker.userId };
  return {
    agents: agents.map((agent) =>
      agent.id === to
        ? holdTicket(agent, ticket, OPENED)
        : agent.id === from
        ? releaseTicket(agent, ticketId, OPENED)
        : agent
    ),
    tickets: tickets.map((each) =>
      each === ticket ? { ...ticket, assignee, rebalancedAt: OPENED } : each
    ),
  };
}

/** What so many moves in any order can make of a desk, each by the fewest: by trying all. */
export function* reachable(
  desk: Loaded,
  movesMax: number,
): Generator<{ agents: readonly Agent[]; moves: number }> {
  yield { agents: desk.agents, moves: 0 };
  let level = new Map([["", desk]]);
  for (let moves = 1; moves <= movesMax && level.size > 0; moves++) {
    const next = new Map<string, Loaded>();
    for (const each of level.values()) {
      for (const { id } of each.tickets) {
        for (const agent of each.agents) {
          const after = moved(each, id, agent.id);
          if (after === null) continue;
          next.set(after.tickets.map(({ assignee }) => assignee?.agentId).join(), after);
        }
      }
    }
    level = next;
    for (const { agents } of level.values()) yield { agents, moves };
  }
}

/** What a plan for some agents comes to, whose others have what they had. */
export interface Outcome {
  readonly highest: number;
  /** How many have so much. */
  readonly having: number;
  readonly moves: number;
}

export function outcomeOf(agents: readonly Agent[], moves: number): Outcome {
  const most = highest(agents);
  return {
    highest: most,
    having: agents.filter((agent) => highest([agent]) === most).length,
    moves,
  };
}

/** The lowest highest; where that stays, as few as can be who have so much; by the fewest moves. */
export function bestOf(outcomes: readonly Outcome[]): Outcome {
  const lowest = Math.min(...outcomes.map(({ highest }) => highest));
  const those = outcomes.filter(({ highest }) => highest === lowest);
  const [before] = outcomes;
  if (before === undefined || lowest < before.highest) {
    return those.reduce((best, each) => each.moves < best.moves ? each : best);
  }
  return those.reduce((best, each) => each.having < best.having ? each : best);
}

export function loadsOf(agents: readonly Agent[]): string {
  return agents.map(({ activeTickets }) => activeTickets.length).join();
}

/** The utilisation of all, the highest first. */
export function sharesOf(agents: readonly Agent[]): number[] {
  return agents.map((agent) => highest([agent])).toSorted((a, b) => b - a);
}
