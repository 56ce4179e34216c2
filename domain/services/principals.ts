import type { Actor } from "../rules/actor.ts";
import { isActiveAgent } from "../rules/agent.ts";
import type { FeedEvent } from "../rules/event.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { isLive, type Session, type User } from "../rules/user.ts";
import { agents, sessions, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, type Store } from "../store/store.ts";
import { makeRecall } from "./recall.ts";
import type { Tokens } from "./tokens.ts";

/** Who is behind an access token, and until when. */
export interface Principal {
  readonly actor: Actor;
  readonly tokenExpiresAt: Instant;
}

export interface Principals {
  /** Refuses with `unauthenticated` or `token_expired`. */
  authenticate(accessToken: string): Promise<Principal | Refusal>;
  forget(event: FeedEvent): void;
}

const REMEMBERED_MAX = 10_000;
/** A session that ended in another process is accepted here for no longer than this. */
const REMEMBERED_MS = 2 * SECOND_MS;

export function makePrincipals(store: Store, tokens: Tokens): Principals {
  const known = makeRecall<Actor>(REMEMBERED_MAX, REMEMBERED_MS, store.now);
  return {
    async authenticate(accessToken) {
      const claims = await tokens.verify(accessToken);
      if (isRefusal(claims)) return claims;
      const { userId, sessionId, expiresAt } = claims;
      let actor = known.get(sessionId) ?? null;
      if (actor === null) {
        const forgotten = known.forgotten();
        actor = await loadActor(store, userId, sessionId);
        if (actor !== null) known.set(sessionId, actor, forgotten);
      }
      if (actor === null || actor.userId !== userId) {
        return refuse("unauthenticated", "The session has ended; log in again.");
      }
      // A token tells the role it was made for; the session makes one for the role of now.
      return actor.role === claims.role
        ? { actor, tokenExpiresAt: expiresAt }
        : refuse("token_expired", "Your role has changed; refresh the access token.");
    },
    forget(event) {
      if (event.type === "session.ended") known.forget(event.sessionId);
      if (event.type === "user.changed" || event.type === "agent.changed") {
        known.forgetWhere((actor) => actor.userId === event.userId);
      }
    },
  };
}

/** The actor of a session that is alive; null when it is not. */
export async function loadActor(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<Actor | null> {
  const [user, session] = await Promise.all([
    read(store, users, keys.user(userId)),
    read(store, sessions, keys.session(userId, sessionId)),
  ]);
  if (user === null || session === null || !isLive(session, user, store.now())) return null;
  return await actorOf(store, user, session);
}

export async function actorOf(
  store: Store,
  user: User,
  session: Pick<Session, "id">,
): Promise<Actor> {
  const { id: userId, name, role } = user;
  const agentId = role === "user"
    ? null
    : (await store.reader.get<string>(keys.agentByUser(userId))).value;
  const agent = agentId === null ? null : await read(store, agents, keys.agent(agentId));
  const membership = agent === null || !isActiveAgent(agent)
    ? null
    : { id: agent.id, department: agent.department, teams: agent.teams };
  return { userId, name, role, sessionId: session.id, agent: membership };
}
