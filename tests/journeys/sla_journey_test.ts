import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import { iso, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { claimTicket, openTicket } from "../../domain/services/tickets.ts";
import { client } from "../support/client.ts";
import { faultsOf, granted, SETUP, testConfig } from "../support/desk.ts";
import { JWT_SECRET, openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect, type Frame } from "../support/socket.ts";
import { type Colleague, staffStore } from "../support/staffed_store.ts";

/** However slow the machine is, one of these runs out while the sockets listen. */
const TICKETS = 25;
const APART_MS = 2 * SECOND_MS;
/** The desk promises two seconds; a machine that is busy with other tests may need more. */
const HEARD_WITHIN_MS = 10 * SECOND_MS;

const TICKET = {
  title: "My card is lost",
  description: "Please send a new one.",
  priority: 1 as const,
  category: "general",
  department: "general",
  requiredSkills: [],
  tags: [],
  dueDate: null,
  estimatedHours: 1,
};

interface Cast {
  readonly customer: Colleague;
  readonly agent: Colleague;
  readonly boss: Colleague;
}

/** A desk that promises an answer within a minute, with tickets of the agent: when each runs out. */
async function promise(
  path: string,
  { customer, agent, boss }: Cast,
): Promise<Map<string, number>> {
  const clock = { at: Date.now() - MINUTE_MS };
  using store = await openStoreFile(path, () => clock.at);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords(4));
  const pair = { priority: 1, category: "general" } as const;
  granted(await putSlaConfiguration(desk, pair, { responseTime: 1, escalationRules: [] }));
  const agentId = agent.agentId ?? "";
  const requester: Actor = { ...SETUP, role: "user", userId: customer.userId };
  const chief: Actor = { ...SETUP, userId: boss.userId };
  const deadlines = new Map<string, number>();
  for (let count = 0; count < TICKETS; count++) {
    clock.at += APART_MS;
    const { id } = granted(await openTicket(desk, requester, TICKET));
    granted(await claimTicket(desk, chief, { ticketId: id, agentId, force: true }));
    deadlines.set(id, clock.at + MINUTE_MS);
  }
  return deadlines;
}

Deno.test("on a running desk a promise breaks at its deadline, and who must know is told at once", async () => {
  await using store = await temporaryStorePath();
  const [customer, agent, boss] = await staffStore(store.path, [
    { role: "user" },
    { role: "agent", agent: { status: "busy", maxTickets: 100 } },
    { role: "supervisor" },
  ]);
  assert(customer !== undefined && agent !== undefined && boss !== undefined);
  const deadlines = await promise(store.path, { customer, agent, boss });
  await using server = await startServer(store.path);
  const reader = client(server.url, boss.token);
  await using bossSocket = await connect(server.url, boss.token);
  await using agentSocket = await connect(server.url, agent.token);
  for (const socket of [bossSocket, agentSocket]) {
    await socket.hear(({ type }) => type === "ready");
  }
  const next = [...deadlines].find(([, deadline]) => deadline > Date.now() + SECOND_MS);
  assert(next !== undefined, "the server was ready in time");
  const [id, deadline] = next;
  bossSocket.send({ type: "subscribe", topics: [`ticket:${id}`] });
  const within = deadline - Date.now() + HEARD_WITHIN_MS;
  const tells = (frame: Frame): boolean =>
    frame.type === "notification" && frame.data.type === "sla_breach" && frame.data.ticketId === id;
  const told = [await agentSocket.hear(tells, within), await bossSocket.hear(tells, within)];
  for (const { data } of told) assert.equal(data.createdAt, iso(deadline));
  const event = await bossSocket.hear((frame) =>
    frame.event === "sla.breach" && frame.data.ticketId === id
  );
  assert.equal(event.data.at, iso(deadline));

  const check = await reader.get(`/api/sla/check/${id}`);
  assert.deepEqual([check.clocks[0].name, check.clocks[0].breachedAt], ["response", iso(deadline)]);
  const ticket = await reader.get(`/api/tickets/${id}`);
  assert.deepEqual([ticket.status, ticket.escalationLevel], ["escalated", 1]);
  const [breach] = ticket.history;
  assert.deepEqual([breach.action, breach.timestamp], ["sla_breach", iso(deadline)]);

  assert.equal(await server.stop(), 0);
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});
