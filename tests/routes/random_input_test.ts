import assert from "node:assert/strict";
import fc from "fast-check";
import { openDesk, type Person } from "../support/desk.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, open } from "../support/work.ts";

const RUNS = 400;

/** Bodies that look like ours now and then: known fields with any value, among unknown ones. */
const FIELDS = [
  "title",
  "description",
  "priority",
  "category",
  "department",
  "requiredSkills",
  "tags",
  "dueDate",
  "estimatedHours",
  "status",
  "agentId",
  "comment",
  "body",
  "visibility",
  "score",
  "limit",
  "dryRun",
  "skills",
  "teams",
  "maxTickets",
  "email",
  "password",
  "name",
  "role",
  "refreshToken",
  "__proto__",
];

const plausible = fc.constantFrom<unknown>(
  "A ticket",
  "queued",
  "assigned",
  "in-progress",
  "pending",
  "resolved",
  "escalated",
  "closed",
  "online",
  "offline",
  "public",
  "internal",
  "technical",
  "2026-01-05T12:00",
  "9999-12-31T23:59:59-23:59",
  "a b:5",
  1,
  3,
  0.25,
  true,
  false,
  ["tag", "Tag"],
  ["__proto__:2"],
);
const anything = fc.oneof(plausible, fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: "binary" }));
const body = fc.oneof(
  { weight: 8, arbitrary: fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 10 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 6 }) },
);

Deno.test("whatever JSON is sent to a route that writes, it never breaks and stays sound", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent");
  const boss = await desk.join("supervisor");
  const admin = await desk.join("admin");
  const ticket = await open(desk, customer);
  const routes: [string, string][] = [
    ["POST", "/api/tickets"],
    ["PATCH", `/api/tickets/${ticket.id}`],
    ["PUT", `/api/tickets/${ticket.id}/status`],
    ["POST", `/api/tickets/${ticket.id}/escalate`],
    ["PUT", `/api/tickets/${ticket.id}/resolve-escalation`],
    ["POST", "/api/tickets/batch-update"],
    ["POST", `/api/tickets/${ticket.id}/comments`],
    ["POST", `/api/tickets/${ticket.id}/rating`],
    ["POST", "/api/tickets/process-queue"],
    ["PUT", `/api/agents/${agentId(agent)}`],
    ["PUT", `/api/agents/${agentId(agent)}/status`],
    ["POST", `/api/agents/${agentId(agent)}/claim/${ticket.id}`],
    ["POST", "/api/auth/register"],
    ["POST", "/api/auth/login"],
    ["POST", "/api/auth/refresh"],
    ["PUT", "/api/notifications/mark-all-read"],
  ];
  const people: (Person | null)[] = [null, customer, agent, boss, admin];
  const property = fc.asyncProperty(
    fc.constantFrom(...routes),
    fc.constantFrom(...people),
    body,
    async ([method, path], person, value) => {
      const answer = await callRaw(desk, person, path, { method, body: JSON.stringify(value) });
      assert.ok(answer.status < 500, JSON.stringify(answer.json));
      assert.equal(typeof answer.json.success, "boolean");
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  await desk.assertSound();
});

Deno.test("whatever bytes are sent to a route that writes, it never breaks", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const property = fc.asyncProperty(
    fc.constantFrom("/api/tickets", "/api/auth/login", "/api/auth/refresh"),
    fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map((text) => encode(text.slice(1)))),
    async (path, bytes) => {
      const answer = await callRaw(desk, customer, path, { body: Uint8Array.from(bytes) });
      assert.ok(answer.status < 500, JSON.stringify(answer.json));
    },
  );
  await fc.assert(property, { numRuns: RUNS / 2 });
  await desk.assertSound();
});

Deno.test("whatever is asked in a path or a query, it never breaks", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, boss);
  const names = [
    "limit",
    "page",
    "cursor",
    "status",
    "priority",
    "tag",
    "department",
    "assignedTo",
  ];
  const query = fc.dictionary(
    fc.constantFrom(...names, "createdAfter", "breached", "__proto__"),
    fc.oneof(fc.string({ unit: "grapheme" }), fc.integer().map(String), fc.constant("2026-01-05")),
  );
  const segment = fc.string({ unit: "grapheme" }).map(encodeURIComponent);
  const path = fc.oneof(
    fc.constantFrom("/api/tickets", "/api/tickets/queue", "/api/agents", "/api/agents/available"),
    segment.map((text) => `/api/tickets/${text}`),
    segment.map((text) => `/api/agents/${text}`),
    segment.map((text) => `/api/agents/${text}/claim/${ticket.id}`),
    segment.map((text) => `/problems/${text}`),
  );
  const property = fc.asyncProperty(path, query, async (where, asked) => {
    const answer = await desk.call(boss, "GET", `${where}?${new URLSearchParams(asked)}`);
    assert.ok(answer.status < 500, JSON.stringify(answer.json));
  });
  await fc.assert(property, { numRuns: RUNS });
  await desk.assertSound();
});

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
