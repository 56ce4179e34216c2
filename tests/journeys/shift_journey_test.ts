import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import { HOUR_MS, iso, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { scheduleShift } from "../../domain/services/shifts.ts";
import { claimTicket, openTicket } from "../../domain/services/tickets.ts";
import { client } from "../support/client.ts";
import { faultsOf, granted, SETUP, testConfig } from "../support/desk.ts";
import { JWT_SECRET, openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect, type Frame } from "../support/socket.ts";
import { type Colleague, staffStore } from "../support/staffed_store.ts";

/** So soon the shift is to end once everybody listens: time enough to be told before. */
const ENDS_IN_MS = 4 * SECOND_MS;
/** The desk promises two seconds; a machine that is busy with other tests may need more. */
const HEARD_WITHIN_MS = 10 * SECOND_MS;

const TICKET = {
  title: "My card is lost",
  description: "Please send a new one.",
  priority: 3 as const,
  category: "general",
  department: "general",
  requiredSkills: [],
  tags: [],
  dueDate: null,
  estimatedHours: 1,
};

interface Cast {
  readonly customer: Colleague;
  readonly ada: Colleague;
  readonly boss: Colleague;
}

/** Ada has been on shift for a while, until an instant, with tickets: their ids. */
async function putOnShift(
  path: string,
  { customer, ada, boss }: Cast,
  end: number,
): Promise<[string, string]> {
  const clock = { at: Date.now() - 10 * MINUTE_MS };
  using store = await openStoreFile(path, () => clock.at);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords(4));
  const requester: Actor = { ...SETUP, role: "user", userId: customer.userId };
  const chief: Actor = { ...SETUP, userId: boss.userId };
  const agentId = ada.agentId ?? "";
  const shift = { start: clock.at, end, timezone: "Europe/Berlin" };
  granted(await scheduleShift(desk, chief, agentId, shift));
  const give = async (): Promise<string> => {
    clock.at += SECOND_MS;
    const { id } = granted(await openTicket(desk, requester, TICKET));
    granted(await claimTicket(desk, chief, { ticketId: id, agentId, force: true }));
    return id;
  };
  return [await give(), await give()];
}

Deno.test("on a running desk a shift that ends soon tells its agent, and hands over what it has not started", async () => {
  await using store = await temporaryStorePath();
  const [customer, ada, ben, boss] = await staffStore(store.path, [
    { role: "user" },
    { role: "agent", agent: { maxTickets: 5 } },
    { role: "agent", agent: { maxTickets: 5 } },
    { role: "supervisor" },
  ]);
  assert(customer !== undefined && ada !== undefined && ben !== undefined && boss !== undefined);
  const [unstarted, started] = await putOnShift(
    store.path,
    { customer, ada, boss },
    Date.now() + HOUR_MS,
  );
  await using server = await startServer(store.path, { HANDOVER_GRACE_MINUTES: "0" });
  const reader = client(server.url, boss.token);
  await client(server.url, ada.token).put(`/api/tickets/${started}/status`, {
    status: "in-progress",
  });
  await using adaSocket = await connect(server.url, ada.token);
  await using benSocket = await connect(server.url, ben.token);
  await using bossSocket = await connect(server.url, boss.token);
  for (const socket of [adaSocket, benSocket, bossSocket]) {
    await socket.hear(({ type }) => type === "ready");
    socket.send({ type: "subscribe", topics: ["agents"] });
    await socket.hear(({ type }) => type === "subscribed");
  }

  const current = await reader.get(`/api/shifts/current/${ada.agentId}`);
  const end = Date.now() + ENDS_IN_MS;
  const { start, timezone } = current;
  await reader.put(`/api/agents/${ada.agentId}/shift`, { start, end: iso(end), timezone });
  const ending = await adaSocket.hear(of("shift_ending"));
  assert.equal(ending.data.metadata.end, iso(end));

  const within = end - Date.now() + HEARD_WITHIN_MS;
  const isOver = (frame: Frame): boolean => frame.event === "shift.ended";
  const ended = await adaSocket.hear(isOver, within);
  assert.equal(ended.data.at, iso(end));
  assert(adaSocket.frames.indexOf(ending) < adaSocket.frames.indexOf(ended));
  await benSocket.hear(isOver, within);
  const assigned = await benSocket.hear(of("ticket_assigned"), within);
  assert.equal(assigned.data.ticketId, unstarted);
  const lost = await adaSocket.hear(of("ticket_updated"), within);
  assert.equal(lost.data.ticketId, unstarted);
  const handover = await bossSocket.hear(of("handover"), within);
  const { requeued, ticketIds, kept, keptIds } = handover.data.metadata;
  assert.deepEqual([requeued, ticketIds, kept, keptIds], [1, [unstarted], 1, [started]]);

  const shift = await reader.get(`/api/shifts/${current.id}`);
  assert.deepEqual([shift.status, shift.endedAt], ["completed", iso(end)]);
  const agent = await reader.get(`/api/agents/${ada.agentId}`);
  assert.equal(agent.status, "offline");
  const holders = [unstarted, started].map(async (id) => {
    const { status, assignedTo } = await reader.get(`/api/tickets/${id}`);
    return [status, assignedTo?.id];
  });
  assert.deepEqual(await Promise.all(holders), [
    ["assigned", ben.agentId],
    ["in-progress", ada.agentId],
  ]);
  for (const socket of [adaSocket, benSocket, bossSocket]) assertToldOnce(socket.frames);

  assert.equal(await server.stop(), 0);
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

function of(type: string): (frame: Frame) => boolean {
  return (frame) => frame.type === "notification" && frame.data.type === type;
}

function assertToldOnce(frames: readonly Frame[]): void {
  const told = frames.filter(({ type }) => type === "notification")
    .map(({ data }) => `${data.type} ${data.ticketId}`);
  assert.deepEqual(told, [...new Set(told)]);
}
