import type { Actor, Role } from "../../../domain/rules/actor.ts";
import type { AgentStatus } from "../../../domain/rules/agent.ts";
import type { TestDesk } from "../../support/desk.ts";
import type { Chance } from "../chance.ts";
import type { Who } from "../diary.ts";

export const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "UTC",
] as const;

export const DEPARTMENTS = ["general", "Support", "Billing"] as const;

/** So many of a hundred agents never work by shifts. */
const FREE_PERCENT = 8;

/** An agent, and how it works. */
export interface Worker {
  readonly agentId: string;
  readonly userId: string;
  readonly timezone: string;
  readonly actor: Actor;
  readonly who: Who;
  /** As it begins. */
  readonly status: AgentStatus;
  readonly maxTickets: number;
  /** Comes and goes without shifts. */
  readonly isFree: boolean;
}

/** Who acts in a simulation. */
export interface Cast {
  readonly workers: readonly Worker[];
  readonly customers: readonly Who[];
  readonly supervisors: readonly Who[];
  readonly admin: Who;
  actorOf(who: Who): Actor;
}

export async function hire(desk: TestDesk, agents: number, chance: Chance): Promise<Cast> {
  const actors = new Map<string, Actor>();
  const join = async (role: Role, agent: Parameters<TestDesk["join"]>[1] = {}): Promise<Actor> => {
    const { actor } = await desk.join(role, agent);
    actors.set(actor.userId, actor);
    return actor;
  };
  const workers: Worker[] = [];
  for (let index = 0; index < agents; index++) {
    const timezone = ZONES[index % ZONES.length] ?? "UTC";
    const maxTickets = chance.between(1, 4);
    const status: AgentStatus = chance.percent(80) ? "offline" : "online";
    const department = chance.pick(DEPARTMENTS.slice(1));
    const actor = await join("agent", { agent: { department, maxTickets, status } });
    const who = whoOf(actor);
    if (who.agentId === null) throw new Error(`Cannot find the agent of ${actor.name}`);
    const { agentId, userId } = { ...who, agentId: who.agentId };
    const isFree = chance.percent(FREE_PERCENT);
    workers.push({ agentId, userId, timezone, actor, who, status, maxTickets, isFree });
  }
  const some = async (role: Role, count: number): Promise<Who[]> => {
    const found: Who[] = [];
    for (let index = 0; index < count; index++) found.push(whoOf(await join(role)));
    return found;
  };
  return {
    workers,
    customers: await some("user", 3),
    supervisors: await some("supervisor", 2),
    admin: whoOf(await join("admin")),
    actorOf({ userId }) {
      const actor = actors.get(userId);
      if (actor === undefined) throw new Error(`Cannot find user ${userId}`);
      return actor;
    },
  };
}

function whoOf({ userId, role, agent }: Actor): Who {
  const departments = agent === null ? [] : [agent.department, ...agent.teams];
  return { userId, role, agentId: agent?.id ?? null, departments };
}
