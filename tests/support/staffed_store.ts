import type { Role } from "../../domain/rules/actor.ts";
import type { AgentChanges } from "../../domain/rules/agent_edit.ts";
import { editAgent, getAgentOfUser } from "../../domain/services/agents.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { actorOf } from "../../domain/services/principals.ts";
import { beginSession, grant } from "../../domain/services/sessions.ts";
import { addUser } from "../../domain/services/users.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, SETUP, testConfig } from "./desk.ts";
import { JWT_SECRET, openStoreFile } from "./server.ts";

/** A person of a started server, logged in before it started. */
export interface Colleague {
  readonly userId: string;
  readonly agentId: string | null;
  readonly token: string;
}

export interface Hiring {
  readonly role: Role;
  readonly agent?: AgentChanges;
}

/** Puts people into a store's file before a server opens it: hundreds, without hundreds of logins. */
export async function staffStore(path: string, hirings: readonly Hiring[]): Promise<Colleague[]> {
  using store = await openStoreFile(path);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords(4));
  return await Promise.all(hirings.map(async ({ role, agent }, index) => {
    const registration = { name: `${role} ${index}`, email: `${role}${index}@example.com`, role };
    const { user, session } = granted(
      await transact(store, async (tx) => {
        const user = granted(await addUser(desk, tx, registration, "$unused"));
        return { user, session: beginSession(desk, tx, user) };
      }),
    );
    if (role === "agent") {
      const { id } = granted(await getAgentOfUser(desk, user.id)).record;
      granted(await editAgent(desk, SETUP, id, { status: "online", ...agent }));
    }
    const { token } = await grant(desk, session);
    const actor = await actorOf(store, user, { id: session.sessionId });
    return { userId: user.id, agentId: actor.agent?.id ?? null, token };
  }));
}
