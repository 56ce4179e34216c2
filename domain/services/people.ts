import type { Agent } from "../rules/agent.ts";
import type { FeedEvent } from "../rules/event.ts";
import { SECOND_MS } from "../rules/time.ts";
import type { User } from "../rules/user.ts";
import { agents, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import type { RecordKind } from "../store/records.ts";
import { readMany, type Store } from "../store/store.ts";
import { makeRecall } from "./recall.ts";

/** Names for ids: tickets and comments keep ids alone, and people are joined when they are shown. */
export interface People {
  users(ids: readonly string[]): Promise<ReadonlyMap<string, User>>;
  agents(ids: readonly string[]): Promise<ReadonlyMap<string, Agent>>;
  forget(event: FeedEvent): void;
}

const REMEMBERED_MAX = 10_000;
const REMEMBERED_MS = 2 * SECOND_MS;

export function makePeople(store: Store): People {
  const knownUsers = makeRecall<User>(REMEMBERED_MAX, REMEMBERED_MS, store.now);
  const knownAgents = makeRecall<Agent>(REMEMBERED_MAX, REMEMBERED_MS, store.now);

  async function find<T extends { readonly schema: number; readonly id: string }>(
    known: ReturnType<typeof makeRecall<T>>,
    kind: RecordKind<T>,
    key: (id: string) => KvKey,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, T>> {
    const found = new Map<string, T>();
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      const record = known.get(id);
      if (record === undefined) missing.push(id);
      else found.set(id, record);
    }
    if (missing.length === 0) return found;
    const forgotten = known.forgotten();
    for (const record of await readMany(store, kind, missing.map(key))) {
      if (record === null) continue;
      known.set(record.id, record, forgotten);
      found.set(record.id, record);
    }
    return found;
  }

  return {
    users: (ids) => find(knownUsers, users, keys.user, ids),
    agents: (ids) => find(knownAgents, agents, keys.agent, ids),
    forget(event) {
      if (event.type === "user.changed") knownUsers.forget(event.userId);
      if (event.type === "agent.changed") knownAgents.forget(event.agentId);
    },
  };
}
