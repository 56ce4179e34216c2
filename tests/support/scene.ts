import type { Role } from "../../domain/rules/actor.ts";
import type { Person, TestDesk } from "./desk.ts";
import { rosterFor } from "./scene_shifts.ts";
import { agentId, move, open, say, type View } from "./work.ts";

/** What somebody of a role stands before when asking for a route. */
export interface Scene {
  readonly role: "nobody" | Role;
  /**
   * Whose ticket, agent, user, session or notification the path names; a calendar is there for
   * everybody, or for nobody when it is `foreign`. An agent's own ticket is assigned to it,
   * anybody else's own was opened by them; `near` waits in the agent's department; `foreign` is
   * another customer's, in another department, with another agent.
   */
  readonly whose: "own" | "near" | "foreign" | "-";
  /** What has happened to the ticket before. */
  readonly given?: "in-progress" | "resolved" | "escalated" | "closed" | undefined;
  readonly pattern: string;
}

export interface Place {
  readonly person: Person | null;
  /** A customer who has nothing to do with the person. */
  readonly other: Person;
  /** The agent's record that the role acts as: its own, or for those who are no agents any. */
  readonly self: string;
  readonly rival: string;
  readonly path: string;
}

// Nobody is online: nothing is assigned by itself while a scene is set.
const HERE = { status: "busy", department: "Here", maxTickets: 100 } as const;
const AWAY = { status: "busy", department: "Away", maxTickets: 100 } as const;

/** New people and new data for one request, so that requests have nothing to do with each other. */
export async function prepare(desk: TestDesk, scene: Scene): Promise<Place> {
  const { role, whose, pattern } = scene;
  const person = role === "nobody"
    ? null
    : await desk.join(role, role === "agent" ? { agent: HERE } : {});
  const other = await desk.join("user");
  const rival = await desk.join("agent", { agent: AWAY });
  const boss = await desk.join("supervisor");
  const self = role === "agent" && person !== null ? person : rival;
  const agent = whose === "own" ? self : rival;
  const isOfShifts = pattern.startsWith("/api/shifts/") && whose !== "-";
  const names: Record<string, string> = {
    code: "conflict",
    priority: "1",
    category: "billing",
    agentId: agentId(self),
    userId: agent.actor.userId,
  };
  if (pattern.startsWith("/api/agents/:id")) {
    names["id"] = agentId(agent);
  } else if (pattern.startsWith("/api/auth/sessions/")) {
    names["id"] = (whose === "own" && person !== null ? person : other).actor.sessionId;
  } else if (pattern.startsWith("/api/users/:id")) {
    names["id"] = (whose === "own" && person !== null ? person : other).actor.userId;
  } else if (pattern.startsWith("/api/webhooks/:id")) {
    Object.assign(names, await hook(desk));
  } else if (pattern.startsWith("/api/sla/calendars/:id")) {
    names["id"] = whose === "own" ? await calendar(desk) : desk.desk.store.newId();
  } else if (isOfShifts) {
    Object.assign(names, await rosterFor(desk, boss, agent, pattern));
  } else if (pattern.includes(":notificationId")) {
    const told = whose === "own" && person !== null ? person : other;
    names["notificationId"] = await notify(desk, told, boss);
  } else if (whose !== "-") {
    const opener = whose === "own" && person !== null && role !== "agent" ? person : other;
    const department = whose === "near" ? HERE.department : AWAY.department;
    const ticket = await open(desk, opener, { department });
    const held = whose === "foreign" || (whose === "own" && role === "agent");
    if (held || scene.given !== undefined) {
      await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
    }
    await happen(desk, boss, ticket, scene.given);
    names["id"] = names["ticketId"] = ticket.id;
  }
  const path = pattern.replace(/:(\w+)/g, (_, name) => names[name] ?? "nothing");
  return { person, other, self: agentId(self), rival: agentId(rival), path };
}

/** Takes the ticket to where the scene finds it. */
async function happen(
  desk: TestDesk,
  boss: Person,
  ticket: View,
  given: Scene["given"],
): Promise<void> {
  if (given === undefined) return;
  if (given === "closed") await move(desk, boss, ticket, "resolved");
  await move(desk, boss, ticket, given);
}

/** The id of a notification that the person has not read. */
async function notify(desk: TestDesk, person: Person, boss: Person): Promise<string> {
  await say(desk, boss, await open(desk, person), "A word.");
  const unread = await desk.call(person, "GET", "/api/notifications/unread");
  return unread.json.data[0].id;
}

/** The id of a calendar by which nobody counts. */
async function calendar(desk: TestDesk): Promise<string> {
  const id = desk.desk.store.newId();
  const input = { name: "Around the clock", timezone: "UTC", alwaysOpen: true };
  await desk.call(await desk.join("admin"), "PUT", `/api/sla/calendars/${id}`, input);
  await desk.background.idle();
  return id;
}

/** The ids of a webhook, and of a ping that it was sent. */
async function hook(desk: TestDesk): Promise<{ id: string; deliveryId: string }> {
  const admin = await desk.join("admin");
  const input = { url: "https://example.com/hook", eventTypes: ["ticket.created"] };
  const { id } = (await desk.call(admin, "POST", "/api/webhooks", input)).json.data;
  const ping = await desk.call(admin, "POST", `/api/webhooks/${id}/test`);
  return { id, deliveryId: ping.json.data.id };
}
