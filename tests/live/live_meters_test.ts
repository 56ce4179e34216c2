import assert from "node:assert/strict";
import { BUFFERED_BYTES_MAX } from "../../domain/live/connection.ts";
import { openDesk } from "../support/desk.ts";
import { figuresOf } from "../support/figures.ts";
import { fakePeer, until } from "./peers.ts";

Deno.test("sockets, what is sent to them, and those who read too slowly are counted", async () => {
  await using desk = await openDesk();
  const { hub } = desk.live;
  const customer = await desk.join("user");
  const { json } = await desk.call(customer, "POST", "/api/tickets", {
    title: "My money",
    description: "I would like it back.",
  });
  const topics = [`ticket:${json.data.id}`];
  const peers = [fakePeer(), fakePeer(), fakePeer()];
  for (const peer of peers) {
    const connection = hub.open(peer, customer.token);
    peer.onClose = () => hub.leave(connection);
    await hub.receive(connection, JSON.stringify({ type: "subscribe", topics }));
  }
  const [slow, ...others] = peers;
  if (slow !== undefined) slow.buffered = BUFFERED_BYTES_MAX + 1;
  const before = await figuresOf(desk.desk.store.meters);
  assert.equal(before("desk_sockets_open"), 3);
  const path = `/api/tickets/${json.data.id}/comments`;
  await desk.call(customer, "POST", path, { body: "Hello?" });
  for (const { frames } of others) {
    await until(() => frames.some(({ event }) => event === "ticket.commented"), "the comment");
  }
  const after = await figuresOf(desk.desk.store.meters);
  assert.equal(after("desk_sockets_open"), 2);
  assert.equal(after("desk_slow_clients_dropped_total"), 1);
  assert.ok(after("desk_socket_events_total") - before("desk_socket_events_total") >= 2);
  await desk.assertSound();
});
