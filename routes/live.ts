import { getLogger } from "@logtape/logtape";
import { Hono } from "hono";
import type { Hub } from "../domain/live/hub.ts";
import { HEARTBEAT_SECONDS } from "../domain/live/joining.ts";
import { type Live, startLive } from "../domain/live/live.ts";
import { Outboxes } from "../domain/live/outbox.ts";
import { isRefusal, refuse } from "../domain/rules/refusal.ts";
import type { Desk } from "../domain/services/desk.ts";
import { loadActor } from "../domain/services/principals.ts";
import { findTicket } from "../domain/services/tickets.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { eventTable } from "./http/openapi_events.ts";
import { reject } from "./http/problem.ts";
import { faultLevel } from "../domain/services/fault_level.ts";

const SUBPROTOCOL = "ticketing.v1";

/**
 * The platform drops a connection, without the code and what was sent last, when a frame comes in
 * after its close went out. What is under way when we decide to close is read before, and ignored.
 */
const CLOSE_AFTER_MS = 100;

const log = getLogger(["desk", "live"]);

const UPGRADE = {
  summary: "The WebSocket: notifications and events as they happen",
  details:
    "Ask for an upgrade, with the subprotocols `ticketing.v1` and `bearer.<access token>`. " +
    "Your notifications come by themselves, as `SocketNotification`; events, as `SocketEvent`, " +
    'once you send `{"type":"subscribe","topics":[…]}`, as far as you may know of them. ' +
    "A topic is confirmed, and stands in events, as the desk names it, however you spelt it: a " +
    "department in small letters, a ticket by its id. " +
    "What webhooks are told has the same `data`.\n\n" + eventTable(),
  answers: { 101: null },
  refusals: ["invalid_input"],
} as const;

/** Starts the live side of this desk. */
export function startDeskLive(desk: Desk): Promise<Live> {
  return startLive(desk.store, {
    authenticate: (token) => desk.principals.authenticate(token),
    reload: ({ userId, sessionId }) => loadActor(desk.store, userId, sessionId),
    async visibleTicketId(actor, idOrNumber) {
      // In lower case as ids are stored, and as the routes read them.
      const found = await findTicket(desk, actor, idOrNumber.toLowerCase());
      return isRefusal(found) ? null : found.record.id;
    },
    onEvents: desk.forget,
    onFault: (error) => log[faultLevel(error)]("The live side failed: {error}", { error }),
  });
}

/** The WebSocket: takes the upgrade, and hands the socket to the hub. */
// deno-lint-ignore explicit-module-boundary-types
export function liveRoutes(hub: Hub) {
  const outboxes = new Outboxes();
  return new Hono<AppEnv>().get("/ws", describe(UPGRADE), (c) => {
    if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") {
      return reject(refuse("invalid_input", "This is a WebSocket: ask for an upgrade."));
    }
    const offered = protocolsIn(c.req.header("Sec-WebSocket-Protocol"));
    if (offered.length > 0 && !offered.includes(SUBPROTOCOL)) {
      return reject(refuse("invalid_input", `Offer the subprotocol ${SUBPROTOCOL}.`));
    }
    const bearer = offered.find((protocol) => protocol.startsWith("bearer."));
    const { socket, response } = upgrade(c.req.raw);
    // Named here and not in the options above: the platform finds a subprotocol only among offers
    // with a space behind the comma, and not every client sends one. No offer, no answer.
    if (offered.length > 0) response.headers.set("Sec-WebSocket-Protocol", SUBPROTOCOL);
    join(hub, outboxes, socket, bearer?.slice("bearer.".length) ?? null);
    return response;
  });
}

function upgrade(request: Request): Deno.WebSocketUpgrade {
  try {
    return Deno.upgradeWebSocket(request, { idleTimeout: HEARTBEAT_SECONDS });
  } catch (error) {
    // The platform's way to say that a header of the handshake is missing.
    if (error instanceof TypeError) {
      return reject(refuse("invalid_input", "The request is no complete WebSocket handshake."));
    }
    throw error;
  }
}

function protocolsIn(header: string | undefined): string[] {
  return (header ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
}

function join(hub: Hub, outboxes: Outboxes, socket: WebSocket, token: string | null): void {
  const peer = outboxes.around({
    send: (text: string): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code: number, reason: string): void => {
      setTimeout(() => socket.close(code, reason), CLOSE_AFTER_MS);
    },
    bufferedBytes: (): number => socket.bufferedAmount,
  });
  socket.onopen = () => {
    const connection = hub.open(peer, token);
    socket.onmessage = ({ data }) => hub.receive(connection, data);
    socket.onclose = () => hub.leave(connection);
    // An error is always followed by a close, which ends the connection.
    socket.onerror = () => {};
  };
}
