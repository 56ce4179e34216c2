import assert from "node:assert/strict";
import { type Question, readQuestions } from "../support/banking77.ts";
import { type Client, client } from "../support/client.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { type Hiring, staffStore } from "../support/staffed_store.ts";

const CLIENTS = 32;
const AGENTS = 40;
const LISTERS = 3;
const MORE = 10_000;
/** On a machine that is too slow for so many at once some are asked to come again. */
const TRIES_MAX = 5;

const questions = readQuestions("test");
const moreQuestions = readQuestions("train")?.slice(0, MORE);
const missing = questions === null || moreQuestions === undefined;

Deno.test({
  name: missing
    ? "thousands of real questions at once (ignored: BANKING77 is not at hand)"
    : "thousands of real questions, opened, routed, answered and listed at once, are all kept whole",
  ignore: missing,
  async fn() {
    const first = questions ?? [];
    const more = moreQuestions ?? [];
    const intents = [...new Set(first.map(({ intent }) => intent))].sort();
    await using store = await temporaryStorePath();
    const people = await staffStore(store.path, [
      { role: "supervisor" },
      ...Array.from({ length: CLIENTS }, (): Hiring => ({ role: "user" })),
      ...Array.from({ length: AGENTS }, (_, index): Hiring => ({
        role: "agent",
        agent: { maxTickets: 100, skills: skillsOf(intents, index) },
      })),
    ]);
    const asked = new Map<string, string>();
    {
      await using server = await startServer(store.path, { LOG_LEVEL: "info" });
      const [supervisor, ...others] = people.map(({ token }) =>
        client(server.url, token, TRIES_MAX)
      );
      assert.ok(supervisor !== undefined);
      const customers = others.slice(0, CLIENTS);
      const agents = others.slice(CLIENTS);

      const solved = { count: 0 };
      const isSolved = (): boolean => solved.count >= first.length;
      await Promise.all([
        openAll(customers, first, asked),
        ...agents.map((agent) => solve(agent, solved, isSolved)),
        ...[supervisor, ...customers.slice(1, LISTERS)].map((reader) => list(reader, isSolved)),
      ]);
      assert.equal(await totalOf(supervisor, "status=resolved"), first.length);

      const opened = { done: false };
      await Promise.all([
        openAll(customers, more, asked).then(() => opened.done = true),
        ...agents.map((agent, index) => changeAbout(agent, index, () => opened.done)),
      ]);
      assert.equal(await totalOf(supervisor, ""), first.length + more.length);
      await assertReadBack(supervisor, asked);
      await server.stop();
    }
    using file = await openStoreFile(store.path);
    assert.deepEqual(await faultsOf(file), []);
  },
});

/** Every intent has an agent or two who know it. */
function skillsOf(intents: readonly string[], agent: number): { name: string; level: number }[] {
  return intents
    .filter((_, index) => index % AGENTS === agent || (index + 7) % AGENTS === agent)
    .map((name) => ({ name, level: 3 }));
}

async function openAll(
  customers: readonly Client[],
  questions: readonly Question[],
  asked: Map<string, string>,
): Promise<void> {
  let next = 0;
  await Promise.all(customers.map(async (customer) => {
    for (let index = next++; index < questions.length; index = next++) {
      const { text, intent } = questions[index] ?? { text: "", intent: "" };
      const { id } = await customer.post("/api/tickets", {
        title: text.trim().slice(0, 100),
        description: text,
        requiredSkills: [intent],
      });
      asked.set(id, text);
    }
  }));
}

/** A run in which nothing moves any more ends after this many looks. */
const LOOKS_MAX = 2_000;

/** An agent answers and resolves what it is given, until everything is. */
async function solve(
  agent: Client,
  solved: { count: number },
  isDone: () => boolean,
): Promise<void> {
  for (let look = 0; look < LOOKS_MAX && !isDone(); look++) {
    const mine = await agent.get("/api/tickets?assignedTo=me&status=assigned&limit=20");
    for (const { id } of mine) {
      await agent.post(`/api/tickets/${id}/comments`, { body: "Thank you, it is on its way." });
      await agent.put(`/api/tickets/${id}/status`, { status: "resolved" });
      solved.count += 1;
    }
    if (mine.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(isDone(), `${solved.count} are resolved and nothing moves`);
}

async function list(reader: Client, isDone: () => boolean): Promise<void> {
  let cursor: string | null = null;
  while (!isDone()) {
    const after: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const { status, json } = await reader.call("GET", `/api/tickets${after}`);
    assert.equal(status, 200, JSON.stringify(json));
    cursor = json.nextCursor;
  }
}

const MOVES = ["in-progress", "pending", "escalated", "queued", "resolved", "resolved"] as const;

/** An agent sends its tickets through all statuses while more of them come. */
async function changeAbout(agent: Client, seed: number, isDone: () => boolean): Promise<void> {
  for (let turn = seed; !isDone(); turn++) {
    const mine = await agent.get("/api/tickets?assignedTo=me&limit=5");
    for (const [index, { id }] of mine.entries()) {
      const status = MOVES[(turn + index) % MOVES.length];
      const path = `/api/tickets/${id}/status`;
      // The table refuses some of these moves; none may break anything.
      const { status: answered, json } = await agent.call("PUT", path, { status });
      assert.ok([200, 403, 404, 409].includes(answered), JSON.stringify(json));
    }
    if (mine.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function totalOf(reader: Client, query: string): Promise<number> {
  const { json } = await reader.call("GET", `/api/tickets?limit=1&${query}`);
  return json.total;
}

async function assertReadBack(reader: Client, asked: Map<string, string>): Promise<void> {
  const missing = new Map(asked);
  let cursor: string | null = "";
  while (cursor !== null) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { json } = await reader.call("GET", `/api/tickets?limit=100${after}`);
    for (const { id, description } of json.data) {
      assert.equal(description, missing.get(id));
      missing.delete(id);
    }
    cursor = json.nextCursor;
  }
  assert.equal(missing.size, 0);
}
