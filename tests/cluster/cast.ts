import type { Actor } from "../../domain/rules/actor.ts";
import { client } from "../support/client.ts";
import type { Cluster } from "../support/cluster.ts";
import { type Colleague, type Hiring, staffStore } from "../support/staffed_store.ts";
import type { View } from "../support/work.ts";

/** Somebody of the desk who listens, and perhaps acts, through one member of the cluster. */
export interface Player {
  readonly name: string;
  readonly token: string;
  readonly who: Pick<Actor, "userId" | "role" | "agent">;
  /** The member that this player's client was sent to. */
  readonly member: number;
}

export interface Cast {
  readonly players: readonly Player[];
  readonly tickets: readonly TicketInPlay[];
}

export interface TicketInPlay {
  readonly id: string;
  readonly requester: Player;
  readonly department: string;
}

export interface CastSize {
  readonly supervisors: number;
  readonly agents: number;
  readonly customers: number;
  /** The departments among which agents and tickets are spread. */
  readonly departments: number;
  readonly ticketsEach: number;
}

const OPENERS_AT_ONCE = 12;

/** Hires everybody on the store that the cluster is going to use. */
export async function hire(path: string, size: CastSize): Promise<Player[]> {
  const hirings: Hiring[] = [
    ...Array.from({ length: size.supervisors }, (): Hiring => ({ role: "supervisor" })),
    ...Array.from({ length: size.agents }, (_, index): Hiring => ({
      role: "agent",
      agent: { department: departmentOf(index, size), maxTickets: 100 },
    })),
    ...Array.from({ length: size.customers }, (): Hiring => ({ role: "user" })),
  ];
  const people = await staffStore(path, hirings);
  return people.map((person, index) => playerOf(person, hirings[index] ?? { role: "user" }, index));
}

function playerOf({ userId, agentId, token }: Colleague, hiring: Hiring, index: number): Player {
  const department = hiring.agent?.department ?? "";
  const agent = agentId === null ? null : { id: agentId, department, teams: [] };
  const name = `${hiring.role} ${index}`;
  return { name, token, who: { userId, role: hiring.role, agent }, member: index };
}

/** Every customer opens tickets, in one department after the other. */
export async function openTickets(
  cluster: Cluster,
  players: readonly Player[],
  size: CastSize,
): Promise<TicketInPlay[]> {
  const customers = players.filter(({ who }) => who.role === "user");
  const wanted = customers.flatMap((requester, index) =>
    Array.from({ length: size.ticketsEach }, (_, nth) => ({
      requester,
      department: departmentOf(index + nth, size),
    }))
  );
  const opened: TicketInPlay[] = [];
  const open = async (): Promise<void> => {
    for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
      const { requester, department } = next;
      const { post } = client(cluster.memberFor(requester.member).url, requester.token);
      const { id }: View = await post("/api/tickets", {
        title: `Of ${requester.name}`,
        description: "It does not work.",
        department,
      });
      opened.push({ id, requester, department });
    }
  };
  await Promise.all(Array.from({ length: OPENERS_AT_ONCE }, open));
  return opened;
}

/** One in so many of the staff listens to more than tickets by their ids. */
const CURIOUS = 5;

/**
 * What a player listens to: customers to their own tickets, agents to some of their department's,
 * supervisors to the queue and to some of all; and some of the staff to what concerns them all.
 */
export function topicsOf(
  { who, member }: Player,
  tickets: readonly TicketInPlay[],
  max: number,
): string[] {
  if (who.role === "user") {
    return tickets.filter(({ requester }) => requester.who.userId === who.userId).map(topicOf);
  }
  const near = who.agent === null
    ? tickets
    : tickets.filter(({ department }) => department === who.agent?.department);
  // Each begins at another place, so that every ticket has its listeners.
  const start = near.length === 0 ? 0 : (member * max) % near.length;
  const some = [...near.slice(start), ...near.slice(0, start)].slice(0, max).map(topicOf);
  if (who.role === "supervisor") some.push("queue");
  if (member % CURIOUS === 0) {
    some.push("agents", "workload");
    if (who.agent !== null) some.push(`department:${who.agent.department}`);
  }
  return some;
}

function topicOf({ id }: TicketInPlay): string {
  return `ticket:${id}`;
}

function departmentOf(index: number, { departments }: CastSize): string {
  return `department ${index % departments}`;
}
