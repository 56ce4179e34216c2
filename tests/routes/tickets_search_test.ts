import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { look, open, say, type View, walk } from "../support/work.ts";

const TITLES = ["Lost card", "Card stolen", "Top-up failed", "Where is my card?", "Café cards"];
const DESCRIPTIONS = ["It is LOST.", "Please help me", "银行卡", "I can't pay"];
const DEPARTMENTS = ["Support", "Billing"];
const TICKETS = 30;

const SORTS: Readonly<Record<string, (a: View, b: View) => number>> = {
  "-createdAt": (a, b) => b.number - a.number,
  "createdAt": (a, b) => a.number - b.number,
  "dueAt": (a, b) => compare(a.dueDate, b.dueDate) || compare(a.id, b.id),
  "-updatedAt": (a, b) => compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id),
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What each question finds, by the texts of a ticket without accents in small letters. */
const QUESTIONS: Readonly<Record<string, RegExp>> = {
  "card": /\bcard/,
  "CARD lost": /^(?=.*\bcard\b)(?=.*\blost)/,
  "lost card": /^(?=.*\blost\b)(?=.*\bcard)/,
  "cafe": /\bcafe/,
  "up fail": /^(?=.*\bup\b)(?=.*\bfail)/,
  "can't": /^(?=.*\bcan\b)(?=.*\bt\b)/,
  "p": /\bp\b/,
  "行": /行/,
  "nothing like it": /^$/,
};

interface Filled {
  readonly everybody: readonly Person[];
  readonly boss: Person;
  readonly customer: Person;
}

/** A desk of tickets with other words, due dates and last changes than their order of creation. */
async function fill(desk: TestDesk): Promise<Filled> {
  const customers = [await desk.join("user"), await desk.join("user")];
  const [customer] = customers;
  const agent = await desk.join("agent", { agent: { department: "Billing", status: "busy" } });
  const boss = await desk.join("supervisor");
  assert.ok(customer !== undefined);
  const opened: View[] = [];
  for (let index = 0; index < TICKETS; index++) {
    desk.clock.advance(MINUTE_MS);
    const dueDate = index % 3 === 0 ? `2026-02-${10 + index * 7 % 18}T10:00:00Z` : null;
    const input = {
      title: TITLES[index % TITLES.length],
      description: DESCRIPTIONS[index % DESCRIPTIONS.length],
      department: DEPARTMENTS[index % 5 % 2],
      priority: 1 + index % 3,
      dueDate,
    };
    opened.push(await open(desk, customers[index % 2] ?? customer, input));
  }
  for (const place of [3, 17, 5]) {
    desk.clock.advance(MINUTE_MS);
    await say(desk, boss, opened[place], "A word.");
  }
  await desk.background.idle();
  return { everybody: [...customers, agent, boss], boss, customer };
}

async function list(desk: TestDesk, person: Person, params: object): Promise<View> {
  const path = `/api/tickets?${new URLSearchParams({ limit: "100", ...params })}`;
  const { status, json } = await desk.call(person, "GET", path);
  assert.equal(status, 200, JSON.stringify(json));
  return json;
}

function textOf({ title, description }: View): string {
  return `${title} ${description}`.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

Deno.test("any words in any order, asked by anybody, list what a look at every ticket would", async () => {
  await using desk = await openDesk();
  const { everybody } = await fill(desk);
  for (const person of everybody) {
    const visible = await walk(desk, person, "/api/tickets?limit=100");
    for (const [sort, byPlace] of Object.entries(SORTS)) {
      for (const [q, pattern] of [["", /./] as const, ...Object.entries(QUESTIONS)]) {
        for (const filter of [{}, { status: "queued", department: "billing" }]) {
          const expected = visible
            .filter((ticket) => pattern.test(textOf(ticket)))
            .filter((ticket) => !("status" in filter) || ticket.department === "Billing")
            .sort(byPlace)
            .map(({ id }) => id);
          const params = { ...filter, sort, ...(q === "" ? {} : { q }) };
          const asked = `${person.actor.role} ${JSON.stringify(params)}`;
          const { data, total, totalCapped } = await list(desk, person, params);
          assert.deepEqual(data.map(({ id }: View) => id), expected, asked);
          assert.deepEqual([total, totalCapped], [expected.length, undefined], asked);
          const path = `/api/tickets?${new URLSearchParams({ ...params, limit: "4" })}`;
          const walked = await walk(desk, person, path);
          assert.deepEqual(walked.map(({ id }) => id), expected, asked);
          const second = await look(desk, person, `${path}&page=2`);
          assert.deepEqual(second.map(({ id }: View) => id), expected.slice(4, 8), asked);
        }
      }
    }
  }
  await desk.assertSound();
});

Deno.test("an internal note neither moves a ticket for its requester nor is found by its words", async () => {
  await using desk = await openDesk();
  const { boss, customer } = await fill(desk);
  const before = await list(desk, customer, { sort: "-updatedAt" });
  desk.clock.advance(MINUTE_MS);
  await say(desk, boss, before.data.at(-1), "a suspicious customer", "internal");
  const after = await list(desk, customer, { sort: "-updatedAt" });
  const ids = ({ data }: View): string[] => data.map(({ id }: View) => id);
  assert.deepEqual(ids(after), ids(before));
  for (const person of [boss, customer]) {
    assert.equal((await list(desk, person, { q: "suspicious" })).total, 0);
  }
  await desk.assertSound();
});

Deno.test("a question without a word, too long or with an unknown order is refused", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const wrong = [
    { q: "" },
    { q: "  " },
    { q: "!? 🎉" },
    { q: "x".repeat(201) },
    { q: "a\u0000b" },
    { sort: "title" },
    { sort: "-dueAt" },
    { sort: "" },
  ];
  for (const params of wrong) {
    const path = `/api/tickets?${new URLSearchParams(params)}`;
    const { status, json } = await desk.call(boss, "GET", path);
    assert.deepEqual([status, json.code], [400, "invalid_input"], path);
    assert.equal(json.errors[0].path, Object.keys(params)[0]);
  }
});

Deno.test("a cursor belongs to its words and its order", async () => {
  await using desk = await openDesk();
  const { boss } = await fill(desk);
  const questions: Record<string, string>[] = [
    { sort: "-createdAt" },
    { sort: "createdAt" },
    { sort: "dueAt" },
    { sort: "dueAt", q: "card" },
    { sort: "-createdAt", q: "card" },
    { sort: "-createdAt", q: "help" },
  ];
  const cursors = await Promise.all(questions.map(async (question) => {
    const { nextCursor } = await list(desk, boss, { ...question, limit: "2" });
    assert.equal(typeof nextCursor, "string");
    return nextCursor;
  }));
  for (const [index, question] of questions.entries()) {
    for (const [place, cursor] of cursors.entries()) {
      const path = `/api/tickets?${new URLSearchParams({ ...question, limit: "2", cursor })}`;
      const { status } = await desk.call(boss, "GET", path);
      assert.equal(status, index === place ? 200 : 400, path);
    }
  }
});
