import assert from "node:assert/strict";
import { hc } from "hono/client";
import type { AppType } from "../../routes/app.ts";
import { openDesk, PASSWORD } from "../support/desk.ts";

Deno.test("the typed client opens, lists, answers and claims a ticket", async () => {
  await using desk = await openDesk();
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const fetch: typeof globalThis.fetch = async (input, init) => await desk.app.request(input, init);
  const url = "http://localhost";

  const visitor = hc<AppType>(url, { fetch });
  const account = { name: "Ada", email: "ada@example.com", password: PASSWORD };
  const registered = await visitor.api.auth.register.$post({ json: account });
  assert.equal(registered.status, 201);
  const { token, data: user } = await registered.json();

  const client = hc<AppType>(url, { fetch, headers: { Authorization: `Bearer ${token}` } });
  const opened = await client.api.tickets.$post({
    json: { title: "My card is lost", description: "Please send a new one.", priority: 1 },
  });
  const { data: ticket } = await opened.json();
  assert.equal(ticket.createdBy.id, user.id);
  assert.equal(ticket.status, "queued");

  const listed = await client.api.tickets.$get({ query: { status: "queued", limit: "5" } });
  const { data, total } = await listed.json();
  assert.deepEqual([data.map(({ number }) => number), total], [[ticket.number], 1]);

  const staff = hc<AppType>(url, { fetch, headers: { Authorization: `Bearer ${agent.token}` } });
  const agentId = agent.actor.agent?.id ?? "";
  const claimed = await staff.api.agents[":agentId"].claim[":ticketId"].$post({
    param: { agentId, ticketId: ticket.id },
    query: {},
  });
  assert.equal((await claimed.json()).data.ticket.assignedTo?.id, agentId);

  const said = await staff.api.tickets[":id"].comments.$post({
    param: { id: String(ticket.number) },
    json: { body: "A new card is on its way." },
  });
  assert.equal((await said.json()).data.visibility, "public");
  const whole = await client.api.tickets[":id"].$get({
    param: { id: ticket.id },
    query: { include: "comments" },
  });
  const { data: seen } = await whole.json();
  assert.equal("comments" in seen ? seen.comments?.[0]?.body : null, "A new card is on its way.");
  await desk.assertSound();
});
