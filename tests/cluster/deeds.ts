import type { HistoryAction, HistoryEntry } from "../../domain/rules/event.ts";
import type { Store } from "../../domain/store/store.ts";
import type { Chance } from "../simulation/chance.ts";
import type { Answer } from "../support/desk.ts";
import type { Cast, Player } from "./cast.ts";

/** A change that somebody asks for. */
export interface Deed {
  readonly by: Player;
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: string;
  readonly body: object;
  /** Names the request, where the desk may be asked twice without doing it twice. */
  readonly key: string | null;
  /** A new ticket's id is known by its answer. */
  readonly ticketId: string | null;
  /** What the ticket's history will say of it; null for what is no deed on a ticket. */
  readonly action: HistoryAction | null;
}

/** A deed, and the answer that it got in the end. */
export interface Done {
  readonly deed: Deed;
  readonly answer: Answer;
  /** How often it was asked for: again and again where no answer came. */
  readonly tries: number;
}

/** A change that is likely to be granted, in the mix of a busy desk. */
export function chooseDeed(chance: Chance, cast: Cast, number: number): Deed {
  const ticket = chance.pick(cast.tickets);
  const boss = chance.pick(cast.players.filter(({ who }) => who.role === "supervisor"));
  const agent = chance.pick(cast.players.filter(({ who }) => who.agent !== null));
  const path = `/api/tickets/${ticket.id}`;
  const key = `deed ${number}`;
  const about = { ticketId: ticket.id, path, key: null };
  const comments = { method: "POST", path: `${path}/comments`, key, action: "commented" } as const;
  return chance.weigh<Deed>([
    [45, {
      ...about,
      ...comments,
      by: ticket.requester,
      body: { body: `Comment ${number}.`, visibility: "public" },
    }],
    [15, {
      ...about,
      ...comments,
      by: boss,
      body: { body: `Note ${number}.`, visibility: "internal" },
    }],
    [20, {
      ...about,
      by: boss,
      method: "PATCH",
      action: "updated",
      // Unlike any that the ticket has had: it is always a change.
      body: { tags: [`tag-${number}`] },
    }],
    [15, {
      ...about,
      by: boss,
      method: "PUT",
      path: `${path}/status`,
      action: "status_updated",
      body: { status: chance.pick(["pending", "in-progress"]) },
    }],
    [3, {
      by: agent,
      method: "PUT",
      path: `/api/agents/${agent.who.agent?.id}/status`,
      key: null,
      ticketId: null,
      action: null,
      body: { status: chance.pick(["online", "busy"]) },
    }],
    [5, {
      by: ticket.requester,
      method: "POST",
      path: "/api/tickets",
      key,
      ticketId: null,
      action: "created",
      body: {
        title: `New ${number}`,
        description: "It broke.",
        department: ticket.department,
      },
    }],
  ]);
}

/** Refusals that a deed may get because of what others did: they are answers like any other. */
const REFUSED_BY_OTHERS = new Set(["invalid_transition", "conflict"]);

function isGranted({ answer }: Done): boolean {
  return answer.status === 200 || answer.status === 201;
}

function isExpected(done: Done): boolean {
  return isGranted(done) ||
    (done.answer.status === 409 && REFUSED_BY_OTHERS.has(done.answer.json?.code));
}

/** Answers that nobody should get, and what was granted and is not in the store as often. */
export async function wrongWith(store: Store, all: readonly Done[]): Promise<string[]> {
  const unexpected = all.filter((done) => !isExpected(done)).map(({ deed, answer }) =>
    `${deed.method} ${deed.path}: ${answer.status} ${JSON.stringify(answer.json)}`
  );
  return [...unexpected, ...await wrongInHistory(store, all)];
}

async function wrongInHistory(store: Store, all: readonly Done[]): Promise<string[]> {
  const onTickets = all.filter(({ deed }) => deed.action !== null);
  const asked = Map.groupBy(onTickets.filter(isExpected), lineOf);
  const found = new Map<string, number>();
  const tickets = new Set(onTickets.map(ticketIdOf).filter((id) => id !== null));
  for (const ticketId of tickets) {
    const rows = store.reader.list<HistoryEntry>({ prefix: ["history", ticketId] });
    for await (const { value } of rows) {
      const line = `${value.ticketId} ${value.action} ${value.performedBy}`;
      found.set(line, (found.get(line) ?? 0) + 1);
    }
  }
  return [...asked].flatMap(([line, dones]) => {
    const granted = dones.filter(isGranted).length;
    // What has no key may have been done each time, by what others did in between.
    const inDoubt = dones.reduce(
      (sum, { deed, tries }) => deed.key === null ? sum + tries - 1 : sum,
      0,
    );
    const count = found.get(line) ?? 0;
    const isRight = count >= granted && count <= granted + inDoubt;
    return isRight ? [] : [`${line}: ${count} times in history, ${granted} granted`];
  });
}

function lineOf(done: Done): string {
  return `${ticketIdOf(done)} ${done.deed.action} ${done.deed.by.who.userId}`;
}

function ticketIdOf({ deed, answer }: Done): string | null {
  return deed.ticketId ?? answer.json?.data?.id ?? null;
}
