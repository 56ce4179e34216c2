import { type Client, client, enter } from "../support/client.ts";

export const ADMIN = { email: "admin@example.com", password: "the first administrator" };
const PASSWORD = "correct horse battery";

/** Who asks, and what is there to be asked for. */
export interface Cast {
  /** One of each role, and one who has not logged in. */
  readonly people: Readonly<Record<string, Client>>;
  readonly ids: Readonly<Record<"ticket" | "agent" | "user" | "notification", string>>;
}

/** Fills a fresh desk, over HTTP alone, until there is something behind most routes. */
export async function hire(url: string): Promise<Cast> {
  const admin = await enter(url, "/api/auth/login", ADMIN);
  const user = await join(url, admin, "user");
  const agent = await join(url, admin, "agent");
  const supervisor = await join(url, admin, "supervisor");
  const ticket = await user.post("/api/tickets", {
    title: "My card is lost",
    description: "Please send a new one.",
  });
  await supervisor.post(`/api/tickets/${ticket.id}/comments`, { body: "It is on its way." });
  const [firstAgent] = await admin.get("/api/agents");
  const [notification] = await user.get("/api/notifications/unread");
  return {
    people: { admin, supervisor, agent, user, nobody: client(url, null) },
    ids: {
      ticket: ticket.id,
      agent: firstAgent.id,
      user: firstAgent.user,
      notification: notification.id,
    },
  };
}

async function join(url: string, admin: Client, role: string): Promise<Client> {
  const account = { name: role, email: `${role}@example.com`, password: PASSWORD, role };
  const { status, json } = await admin.call("POST", "/api/auth/register", account);
  if (status !== 201) throw new Error(`Cannot make a ${role}: ${JSON.stringify(json)}`);
  return client(url, json.token);
}
