import type { Actor } from "../../domain/rules/actor.ts";
import type { Role } from "../../domain/rules/actor.ts";
import type { TestDesk } from "../support/desk.ts";
import type { Who } from "./diary.ts";

export const DEPARTMENTS = ["general", "Support", "Billing", "Field"] as const;

/** Department and teams of each agent. */
const CREW: readonly (readonly [string, readonly string[]])[] = [
  ["Support", []],
  ["Support", ["Billing"]],
  ["Billing", []],
  ["Billing", ["Field"]],
  ["Field", []],
  ["Field", ["Support", "billing"]],
];
/** The most that an agent can be given. */
const CAPACITY = 500;

/** Who acts in a simulation. */
export interface Cast {
  readonly customers: readonly Who[];
  readonly agents: readonly Who[];
  readonly supervisors: readonly Who[];
  readonly admin: Who;
  readonly everybody: readonly Who[];
  actorOf(who: Who): Actor;
}

export async function hire(desk: TestDesk): Promise<Cast> {
  const actors = new Map<string, Actor>();
  const join = async (role: Role, agent: Parameters<TestDesk["join"]>[1] = {}): Promise<Who> => {
    const { actor } = await desk.join(role, agent);
    actors.set(actor.userId, actor);
    const { userId } = actor;
    const departments = actor.agent === null ? [] : [actor.agent.department, ...actor.agent.teams];
    return { userId, role, agentId: actor.agent?.id ?? null, departments };
  };
  const agents: Who[] = [];
  for (const [department, teams] of CREW) {
    // Busy: they claim what they work on, and the router gives them nothing.
    const agent = { department, teams, maxTickets: CAPACITY, status: "busy" } as const;
    agents.push(await join("agent", { agent }));
  }
  const customers = [await join("user"), await join("user"), await join("user")];
  const supervisors = [await join("supervisor"), await join("supervisor")];
  const admin = await join("admin");
  return {
    customers,
    agents,
    supervisors,
    admin,
    everybody: [...customers, ...agents, ...supervisors, admin],
    actorOf({ userId }) {
      const actor = actors.get(userId);
      if (actor === undefined) throw new Error(`Cannot find user ${userId}`);
      return actor;
    },
  };
}
