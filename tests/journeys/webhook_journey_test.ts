import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { Webhook as Verifier } from "standardwebhooks";
import { type Client, enter } from "../support/client.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";

const ADMIN = { email: "admin@example.com", password: "an administrator's password" };
const ENV = {
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  WEBHOOK_PRIVATE_ADDRESSES: "on",
};

interface Received {
  readonly id: string;
  readonly type: string;
  readonly number: number;
}

/** A receiver as an integrator writes one: it verifies what it is sent, and then takes it. */
interface Receiver extends AsyncDisposable {
  readonly url: string;
  secret: string;
  /** What was sent in the order in which it came, the second time too. */
  readonly got: Received[];
  /** While it is down nothing is taken. */
  isDown: boolean;
  /** Called before each answer. */
  onReceived: () => Promise<void>;
  /** Resolves once it has all of these, each at least once. */
  has(expected: readonly string[]): Promise<void>;
}

interface Line {
  readonly status: string;
  readonly payload: { readonly type: string };
}

const ARRIVES_WITHIN_MS = 60_000;

function startReceiver(): Receiver {
  const ending = new AbortController();
  const options = { port: 0, hostname: "127.0.0.1", signal: ending.signal, onListen: () => {} };
  const server = Deno.serve(options, async (request) => {
    const body = await request.text();
    const verified = new Verifier(receiver.secret).verify(
      body,
      Object.fromEntries(request.headers),
    );
    const { type, data } = verified as { type: string; data: { number: number } };
    if (receiver.isDown) return new Response(null, { status: 503 });
    receiver.got.push({ id: request.headers.get("webhook-id") ?? "", type, number: data.number });
    await receiver.onReceived();
    return new Response(null, { status: 204 });
  });
  const receiver: Receiver = {
    url: `http://127.0.0.1:${server.addr.port}/hook`,
    secret: "",
    got: [],
    isDown: false,
    onReceived: () => Promise.resolve(),
    async has(expected) {
      const isSo = (): boolean => withoutRepeats(receiver.got).length >= expected.length;
      await until(isSo, expected.join(", "));
      assert.deepEqual(withoutRepeats(receiver.got).map(({ type }) => type), expected);
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
  return receiver;
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!await isSo()) {
    assert.ok(performance.now() - startedAt < ARRIVES_WITHIN_MS, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What is left to whoever drops by its id what came before. */
function withoutRepeats(got: readonly Received[]): Received[] {
  const byId = new Map<string, Received>();
  for (const each of got) if (!byId.has(each.id)) byId.set(each.id, each);
  return [...byId.values()];
}

const TOLD_OF = ["ticket.created", "ticket.commented", "ticket.resolved", "ticket.closed"];

/** A ticket's life, each step a few of the events. */
async function live(admin: Client): Promise<string> {
  const ticket = await admin.post("/api/tickets", { title: "A ticket", description: "Broken." });
  await admin.post(`/api/tickets/${ticket.id}/comments`, { body: "We look into it." });
  return ticket.id;
}

Deno.test("a ticket's life reaches a webhook in order and signed, though the server is killed in the middle", async () => {
  await using store = await temporaryStorePath();
  await using receiver = startReceiver();
  let path = "";
  {
    await using server = await startServer(store.path, ENV);
    const admin = await enter(server.url, "/api/auth/login", ADMIN);
    const refused = await admin.call("POST", "/api/webhooks", {
      url: "ftp://127.0.0.1/",
      eventTypes: TOLD_OF,
    });
    assert.equal(refused.status, 400);
    const webhook = await admin.post("/api/webhooks", { url: receiver.url, eventTypes: TOLD_OF });
    receiver.secret = webhook.secret;
    path = `/api/webhooks/${webhook.id}`;
    const killed = Promise.withResolvers<void>();
    receiver.onReceived = async () => {
      if (receiver.got.length !== 2) return;
      // It has the second event, and the server will never know.
      await server.stop("SIGKILL");
      killed.resolve();
    };
    // What was committed is delivered after the kill, whether or not its answer arrived.
    live(admin).catch(() => {});
    await killed.promise;
  }
  receiver.onReceived = () => Promise.resolve();
  await using server = await startServer(store.path, ENV);
  const admin = await enter(server.url, "/api/auth/login", ADMIN);
  const { data: [ticket] } = (await admin.call("GET", "/api/tickets")).json;
  const status = `/api/tickets/${ticket.id}/status`;
  await admin.call("PUT", status, { status: "closed" });
  await receiver.has(["ticket.created", "ticket.commented", "ticket.closed"]);
  const [first, second, again] = receiver.got;
  assert.deepEqual(again, second, "what was not acknowledged comes again, under the same id");
  assert.notEqual(first?.id, second?.id);
  assert.equal(receiver.got.length, 4);
  assert.ok(receiver.got.every(({ number }) => number === ticket.number));
  await until(async () => {
    const log = await admin.get(`${path}/deliveries`);
    return isDeepStrictEqual(log.map(({ status, payload }: Line) => [status, payload.type]), [
      ["delivered", "ticket.closed"],
      ["delivered", "ticket.commented"],
      ["delivered", "ticket.created"],
    ]);
  }, "the log");
  assert.equal(await server.stop("SIGTERM"), 0);
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

Deno.test("a receiver that is down for a while gets everything once it is back", async () => {
  await using store = await temporaryStorePath();
  await using receiver = startReceiver();
  await using server = await startServer(store.path, ENV);
  const admin = await enter(server.url, "/api/auth/login", ADMIN);
  const webhook = await admin.post("/api/webhooks", { url: receiver.url, eventTypes: TOLD_OF });
  receiver.secret = webhook.secret;
  receiver.isDown = true;
  await live(admin);
  const path = `/api/webhooks/${webhook.id}`;
  const failed = await admin.post(`${path}/test`, undefined, 200);
  assert.equal(failed.lastTry.status, 503);
  receiver.isDown = false;
  const { secret } = await admin.post(`${path}/rotate-secret`, undefined, 200);
  const pinged = await admin.post(`${path}/test`, undefined, 200);
  assert.equal(pinged.status, "delivered");
  // The ping arrived, so what waits is not left waiting; both secrets sign it.
  await receiver.has(["ping", "ticket.created", "ticket.commented"]);
  receiver.secret = secret;
  await live(admin);
  const all = ["ping", ...Array(2).fill(["ticket.created", "ticket.commented"]).flat()];
  await receiver.has(all);
  assert.equal(await server.stop("SIGTERM"), 0);
});
