import assert from "node:assert/strict";
import { type ClientResponse, hc } from "hono/client";
import type { ExtractSchema } from "hono/types";
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

Deno.test("the typed client knows the JSON of what may be a table, and the table's text", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const fetch: typeof globalThis.fetch = async (input, init) => await desk.app.request(input, init);
  const headers = { Authorization: `Bearer ${boss.token}` };
  const { analytics } = hc<AppType>("http://localhost", { fetch, headers }).api;
  const tickets = await (await analytics.tickets.$get({ query: {} })).json();
  const sla = await (await analytics.sla.$get({ query: { interval: "week" } })).json();
  const agents = await (await analytics.agents.$get({ query: {} })).json();
  const told: [number, number | null, number, string[]] = [
    tickets.data.totals.resolved,
    tickets.data.totals.opened,
    sla.data.totals.slaComplianceRate,
    agents.data.agents.map(({ agentName }) => agentName),
  ];
  assert.deepEqual(told, [0, 0, 100, []]);
  const table = await analytics.agents.$get({ query: { format: "csv" } });
  assert.match(table.headers.get("Content-Type") ?? "", /^text\/csv; charset=utf-8/);
  const text: string = await table.text();
  assert.match(text, /^agentId,agentName,/);
  await desk.assertSound();
});

Deno.test("the typed client knows the JSON of every route of the API", () => {
  // Found by the compiler: with a route among the unknown the object would lack its name.
  const unknown: Record<UnknownRoute, true> = {};
  assert.deepEqual(unknown, {});
});

type Routes = ExtractSchema<AppType>;
/** All but the socket, whose answer is no JSON. */
type Path = Exclude<keyof Routes & `/api/${string}`, "/api/ws">;

/** The routes of whose JSON, or of whose `data` in it, nothing is known, as `$get /api/tickets`. */
type UnknownRoute = {
  [P in Path]: {
    [M in keyof Routes[P] & string]: true extends IsUnknown<JsonOf<Routes[P][M]>> ? `${M} ${P}`
      : never;
  }[keyof Routes[P] & string];
}[Path];

/** What `json()` of the client gives for a route. */
type JsonOf<E> = E extends
  { output: infer O; outputFormat: infer F extends string; status: infer S extends number }
  ? Awaited<ReturnType<ClientResponse<O, S, F>["json"]>>
  : unknown;

type IsUnknown<J> = unknown extends J ? true
  : J extends { data: infer D } ? unknown extends D ? true : false
  : false;
