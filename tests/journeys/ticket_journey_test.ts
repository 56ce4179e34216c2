import assert from "node:assert/strict";
import { type Client, client, enter } from "../support/client.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect, type Frame } from "../support/socket.ts";

const ADMIN = { email: "admin@example.com", password: "an administrator's password" };
const ENV = { ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
const password = "correct horse battery";

Deno.test("a ticket travels from open to resolved, and everybody concerned hears of it", async () => {
  await using store = await temporaryStorePath();
  let ticketId = "";
  {
    await using server = await startServer(store.path, ENV);
    const { url } = server;
    const admin = await enter(url, "/api/auth/login", ADMIN);
    const customer = await enter(url, "/api/auth/register", {
      name: "Carla",
      email: "carla@example.com",
      password,
    });
    const { agent } = await makeAgent(url, admin, "Amira", ["refunds"]);
    await makeAgent(url, admin, "Jonas", ["printers"]);

    await using agentSocket = await connect(url, agent.token);
    await agentSocket.hear(isReady);
    await using customerSocket = await connect(url, customer.token);
    await customerSocket.hear(isReady);

    const opened = await customer.post("/api/tickets", {
      title: "My card was charged twice",
      description: "Order 88131 stands on my statement two times.",
      requiredSkills: ["refunds"],
    });
    ticketId = opened.id;
    const told = await agentSocket.hear(isNotification("ticket_assigned"), 1_000);
    assert.equal(told.data.ticketId, ticketId);

    customerSocket.send({ type: "subscribe", topics: [`ticket:${ticketId}`] });
    await customerSocket.hear((frame) => frame.type === "subscribed");
    const comments = `/api/tickets/${ticketId}/comments`;
    await agent.post(comments, { body: "The bank is slow today.", visibility: "internal" });
    await agent.post(comments, { body: "One of them is on its way back.", visibility: "public" });
    const sla = await agent.get(`/api/sla/check/${ticketId}`);
    assert.equal(sla.responseTimeMet, true);
    await agent.put(`/api/tickets/${ticketId}/status`, { status: "resolved" });

    await customerSocket.hear(isEvent("ticket.resolved"));
    await customerSocket.hear(isNotification("ticket_updated"));
    const heard = customerSocket.frames.filter((frame) => frame.event === "ticket.commented");
    assert.deepEqual(heard.map((frame) => frame.data.details.visibility), ["public"]);
    assert.equal(customerSocket.frames.filter(isNotification("comment_added")).length, 1);
    const cursors = customerSocket.frames.flatMap(({ cursor, type }) =>
      type === "ready" ? [] : cursor ?? []
    );
    assert.deepEqual(cursors, [...new Set(cursors)].sort());

    assert.deepEqual(await actions(agent, ticketId), [
      "created",
      "assigned",
      "commented",
      "commented",
      "resolved",
    ]);
    assert.deepEqual(await actions(customer, ticketId), [
      "created",
      "assigned",
      "commented",
      "resolved",
    ]);
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.equal(await agentSocket.closed(), 1012);
    assert.equal(await customerSocket.closed(), 1012);
  }
  {
    await using server = await startServer(store.path, ENV);
    const customer = await enter(server.url, "/api/auth/login", {
      email: "carla@example.com",
      password,
    });
    const ticket = await customer.get(`/api/tickets/${ticketId}`);
    assert.equal(ticket.status, "resolved");
    assert.equal(ticket.sla.resolutionTimeMet, true);
    assert.equal(ticket.commentCount, 1);
    const unread = await customer.get("/api/notifications/unread");
    assert.deepEqual(unread.map(({ type }: { type: string }) => type), [
      "ticket_updated",
      "comment_added",
    ]);
    await server.stop();
  }
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

Deno.test("what was acknowledged survives a kill, and the next start needs no repair", async () => {
  await using store = await temporaryStorePath();
  const kept: string[] = [];
  for (let round = 0; round < 3; round++) {
    await using server = await startServer(store.path, ENV);
    const admin = await enter(server.url, "/api/auth/login", ADMIN);
    const open = Array.from({ length: 40 }, async (_, index) => {
      const ticket = { title: `Round ${round}`, description: `Number ${index}` };
      // The kill cuts most of these off; only what was answered counts.
      const answer = await admin.call("POST", "/api/tickets", ticket).catch(() => null);
      if (answer?.status === 201) kept.push(answer.json.data.id);
    });
    await Promise.race(open);
    await server.stop("SIGKILL");
    await Promise.all(open);
  }
  assert.ok(kept.length >= 3);
  await using server = await startServer(store.path, ENV);
  const admin = await enter(server.url, "/api/auth/login", ADMIN);
  for (const id of kept) assert.equal((await admin.get(`/api/tickets/${id}`)).id, id);
  await server.stop();
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

Deno.test("a process that is misconfigured names every fault and ends before it listens", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-env", "main.ts"],
    env: { PORT: "http", JWT_SECRET: "short", ADMIN_EMAIL: "nobody" },
  });
  const { code, stderr } = await child.output();
  const faults = new TextDecoder().decode(stderr);
  assert.equal(code, 1);
  for (const name of ["PORT", "JWT_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"]) {
    assert.match(faults, new RegExp(`^${name} `, "m"));
  }
});

Deno.test("a bad client is told why and closed, and the others hear on", async () => {
  await using store = await temporaryStorePath();
  await using server = await startServer(store.path, ENV);
  const admin = await enter(server.url, "/api/auth/login", ADMIN);
  await using good = await connect(server.url, admin.token);
  await good.hear(isReady);
  const closings: [number, (socket: Awaited<ReturnType<typeof connect>>) => void][] = [
    [1008, (socket) => socket.sendRaw("{junk")],
    [1008, (socket) => socket.send({ type: "dance" })],
    [
      1009,
      (socket) => socket.sendRaw(JSON.stringify({ type: "ping", padding: "x".repeat(70_000) })),
    ],
    [1008, (socket) => socket.sendRaw(new ArrayBuffer(8))],
    [1008, (socket) => Array.from({ length: 30 }).forEach(() => socket.send({ type: "ping" }))],
  ];
  for (const [code, misbehave] of closings) {
    await using bad = await connect(server.url, admin.token);
    await bad.hear(isReady);
    misbehave(bad);
    await bad.hear((frame) => frame.type === "error");
    assert.equal(await bad.closed(), code);
  }
  await using stranger = await connect(server.url, "not.a.token");
  assert.equal(await stranger.closed(), 4401);
  await using eager = await connect(server.url, null);
  eager.send({ type: "subscribe", topics: ["queue"] });
  assert.equal(await eager.closed(), 4401);

  await using framed = await connect(server.url, null);
  framed.send({ type: "auth", token: admin.token });
  await framed.hear(isReady);
  framed.send({ type: "subscribe", topics: ["queue", "nonsense"] });
  await framed.hear((frame) => frame.type === "error" && frame.code === "invalid_input");
  await admin.post("/api/tickets", { title: "Still there?", description: "Hello." });
  await framed.hear(isEvent("queue.changed"));
  good.send({ type: "ping" });
  await good.hear((frame) => frame.type === "pong");
  await admin.post("/api/auth/logout", undefined, 200);
  assert.equal(await good.closed(2_000), 4403);
  assert.equal((await admin.call("GET", "/api/auth/me")).status, 401);
  assert.equal((await client(server.url, null).call("GET", "/health")).status, 200);
});

async function makeAgent(
  url: string,
  admin: Client,
  name: string,
  skills: readonly string[],
): Promise<{ agent: Client }> {
  const email = `${name.toLowerCase()}@example.com`;
  const user = await admin.post("/api/auth/register", { name, email, password, role: "agent" });
  const { id } = await admin.get(`/api/agents/user/${user.id}`);
  await admin.put(`/api/agents/${id}`, { skills });
  const agent = await enter(url, "/api/auth/login", { email, password });
  await agent.put(`/api/agents/${id}/status`, { status: "online" });
  return { agent };
}

async function actions(reader: Client, ticketId: string): Promise<string[]> {
  const history = await reader.get(`/api/tickets/${ticketId}/history`);
  return history.map(({ action }: { action: string }) => action).reverse();
}

function isReady(frame: Frame): boolean {
  return frame.type === "ready";
}

function isNotification(type: string): (frame: Frame) => boolean {
  return (frame) => frame.type === "notification" && frame.data.type === type;
}

function isEvent(name: string): (frame: Frame) => boolean {
  return (frame) => frame.type === "event" && frame.event === name;
}
