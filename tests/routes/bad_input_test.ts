import assert from "node:assert/strict";
import type { Answer, Person } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { setStage } from "../support/stage.ts";
import { agentId } from "../support/work.ts";

const BAD_DATES = [
  // Out of the years with four digits by their offset.
  "9999-12-31T23:59:59-01:00",
  "0000-01-01T00:00:00+01:00",
  "2026-02-30",
  "2026-02-29T10:00:00.000Z",
  "2026-04-31T10:00",
  "2026-13-01",
  "2026-00-10",
  "2026-01-01T25:00:00Z",
  "2026-01-01T10:60:00Z",
  "2026-01-01T10:00:00+99:99",
  "tomorrow",
  "1767600000000",
  "",
  1_767_600_000_000,
  {},
];

const BAD_TEXTS: Readonly<Record<string, unknown>> = {
  empty: "",
  blank: " \t\n\u3000",
  "a NUL byte": "a\u0000b",
  "a control character": "a\u0007b",
  "a C1 control character": "a\u0085b",
  "a lone high surrogate": "a\ud800b",
  "a lone low surrogate": "\udc00",
  "ten thousand characters": "x".repeat(10_000),
  "a number": 7,
  "a truth value": true,
  nothing: null,
  "a list": ["text"],
  "an object": { text: "text" },
};

Deno.test("text that is no text is refused in every field of one line, and nothing is stored", async () => {
  await using here = await setStage();
  const { desk, customer, boss, agent } = here;
  const ticket = { title: "A ticket", description: "It does not work." };
  const account = { name: "Ada", email: "ada@example.org", password: "a long password" };
  const edit = `/api/agents/${agentId(agent)}`;
  const fields: [Person | null, string, string, (bad: unknown) => object][] = [
    [customer, "POST", "/api/tickets", (title) => ({ ...ticket, title })],
    [customer, "POST", "/api/tickets", (department) => ({ ...ticket, department })],
    [customer, "POST", "/api/tickets", (category) => ({ ...ticket, category })],
    [customer, "POST", "/api/tickets", (tag) => ({ ...ticket, tags: [tag] })],
    [customer, "POST", "/api/tickets", (skill) => ({ ...ticket, requiredSkills: [skill] })],
    [null, "POST", "/api/auth/register", (name) => ({ ...account, name })],
    [null, "POST", "/api/auth/register", (email) => ({ ...account, email })],
    [boss, "PUT", edit, (department) => ({ department })],
    [boss, "PUT", edit, (team) => ({ teams: [team] })],
    [boss, "PUT", edit, (skill) => ({ skills: [skill] })],
    [boss, "PUT", edit, (name) => ({ specializations: [name] })],
    [boss, "PUT", `${edit}/status`, (status) => ({ status })],
    [boss, "PUT", `/api/tickets/${here.ticket.id}/status`, (status) => ({ status })],
  ];
  await here.leavesNothing(async () => {
    for (const [person, method, path, body] of fields) {
      for (const bad of Object.values(BAD_TEXTS)) {
        assertProblem(await desk.call(person, method, path, body(bad)), 400, "invalid_input");
      }
    }
  });
});

Deno.test("text that is no text is refused in long fields too, as is one unit too many", async () => {
  await using here = await setStage();
  const { desk, customer, ticket, agent } = here;
  const bad = Object.entries(BAD_TEXTS).filter(([name]) => name !== "ten thousand characters");
  const description = [...bad.map(([, text]) => text), "x".repeat(20_001)];
  const body = [...bad.map(([, text]) => text), "x".repeat(10_001)];
  await here.leavesNothing(async () => {
    for (const text of description) {
      const input = { title: "A ticket", description: text };
      assertProblem(await desk.call(customer, "POST", "/api/tickets", input), 400, "invalid_input");
    }
    for (const text of body) {
      const path = `/api/tickets/${ticket.id}`;
      const comment = await desk.call(customer, "POST", `${path}/comments`, { body: text });
      assertProblem(comment, 400, "invalid_input");
      const change = { status: "pending", comment: text };
      const status = await desk.call(agent, "PUT", `${path}/status`, change);
      assertProblem(status, 400, "invalid_input");
    }
  });
});

Deno.test("values outside their limits are refused with the field's path, and nothing is stored", async () => {
  await using here = await setStage();
  const { desk, customer, boss, agent } = here;
  const ticket = { title: "A ticket", description: "It does not work." };
  const account = { name: "Ada", email: "ada@example.org", password: "a long password" };
  const edit = `/api/agents/${agentId(agent)}`;
  const create = (input: object): Promise<Answer> =>
    desk.call(customer, "POST", "/api/tickets", { ...ticket, ...input });
  const register = (input: object): Promise<Answer> =>
    desk.call(null, "POST", "/api/auth/register", { ...account, ...input });
  const change = (input: object): Promise<Answer> => desk.call(boss, "PUT", edit, input);
  const route = (input: object): Promise<Answer> =>
    desk.call(boss, "POST", "/api/tickets/process-queue", input);
  const many = Array(21).fill("name");
  const bad: [(input: object) => Promise<Answer>, field: string, values: unknown[]][] = [
    [create, "priority", [0, 4, 1.5, "1", null, [1], -1]],
    [create, "estimatedHours", [0, 0.24, 100.01, -1, "1", null, 1e308]],
    [create, "dueDate", BAD_DATES],
    [create, "tags", [many, "tag", { 0: "tag" }, null, ["x".repeat(51)]]],
    [create, "requiredSkills", [many, "skill", [":3"], ["x".repeat(61)], [7]]],
    [create, "title", ["x".repeat(201)]],
    [register, "email", ["no address", "a@b", "a b@example.org", `${"x".repeat(250)}@example.org`]],
    [register, "password", ["short", "x".repeat(129), "a\ud800 password", 12_345_678, null]],
    [register, "role", ["root", "", "Admin", null, ["user"]]],
    [change, "skills", [many, [":1"]]],
    [change, "teams", [many]],
    [change, "maxTickets", [0, -1, 2.5, 101, "5", null]],
    [change, "status", ["asleep"]],
    [route, "limit", [0, -1, 1_001, 1.5, "5"]],
    [route, "dryRun", ["false", 0, null]],
  ];
  await here.leavesNothing(async () => {
    for (const [send, field, values] of bad) {
      for (const value of values) {
        const answer = await send({ [field]: value });
        assertProblem(answer, 400, "invalid_input");
        // The fault is the field's, or lies in one of its elements.
        assert.equal(answer.json.errors[0].path.split(".")[0], field, JSON.stringify(answer.json));
      }
    }
  });
});
