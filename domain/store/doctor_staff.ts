import { type Agent, isActiveAgent } from "../rules/agent.ts";
import type { Ticket } from "../rules/ticket.ts";
import { isActive, type User } from "../rules/user.ts";

interface Staff {
  readonly users: ReadonlyMap<string, User>;
  readonly agents: ReadonlyMap<string, Agent>;
  /** The agents whose open tickets are still to be taken from them. */
  readonly leaving: ReadonlySet<string>;
}

/** What is wrong between agents, their users, what they resolved and how that was rated. */
export function* examineStaff(
  staff: Staff,
  all: Iterable<Ticket>,
): Generator<{ readonly agent: Agent; readonly message: string }> {
  const credited = new Map<string, Agent["resolutions"]>();
  const rated = new Map<string, Required<Agent>["ratings"]>();
  for (const ticket of all) {
    noteCredit(credited, ticket);
    noteRating(rated, ticket);
  }
  for (const agent of staff.agents.values()) {
    const user = staff.users.get(agent.userId);
    if (!isActiveAgent(agent)) {
      if (agent.status !== "offline" || agent.onBreak) {
        yield { agent, message: "is deactivated and at work" };
      }
      if (agent.activeTickets.length > 0 && !staff.leaving.has(agent.id)) {
        yield { agent, message: "is deactivated, and nobody takes its tickets from it" };
      }
    } else if (user !== undefined && (!isActive(user) || user.role === "user")) {
      yield { agent, message: "works, and its user may not" };
    }
    const found = agent.ratings ?? NONE_RATED;
    const given = rated.get(agent.id) ?? NONE_RATED;
    if (found.count !== given.count || found.scores !== given.scores) {
      yield { agent, message: `was rated ${found.count} times, must be ${given.count}` };
    }
    const { count, minutes, met } = agent.resolutions;
    const known = credited.get(agent.id);
    // Tickets resolved before credits were kept count too, and have none.
    if (known === undefined) continue;
    if (count < known.count || minutes < known.minutes || met < known.met) {
      yield { agent, message: "resolved more than its figures say" };
    }
  }
}

function noteCredit(credited: Map<string, Agent["resolutions"]>, { credit }: Ticket): void {
  if (credit === undefined) return;
  const { count, minutes, met } = credited.get(credit.agentId) ?? { count: 0, minutes: 0, met: 0 };
  credited.set(credit.agentId, {
    count: count + 1,
    minutes: minutes + credit.minutes,
    met: met + (credit.met ? 1 : 0),
  });
}

const NONE_RATED = { count: 0, scores: 0 };

function noteRating(rated: Map<string, Required<Agent>["ratings"]>, { rating }: Ticket): void {
  if (rating === undefined || rating.agentId === null) return;
  const { count, scores } = rated.get(rating.agentId) ?? NONE_RATED;
  rated.set(rating.agentId, { count: count + 1, scores: scores + rating.score });
}
