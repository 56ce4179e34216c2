import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { agentId, look, open, say, ticketOf } from "../support/work.ts";

/** Text that people do write, and that careless programs break. */
const ODD_TEXTS = [
  "😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇳🇴",
  "مرحبا بالعالم \u202eשלום\u202c",
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
  "e\u0301 is not é when it is stored",
  "zero\u200bwidth\u200dand\ufeffmark",
  "<script>alert(1)</script> & \"quotes\" 'too' \\ / \u2028\u2029",
  "Robert'); DROP TABLE tickets;--",
  "{{7*7}} ${7*7} %s %00 \\u0000",
  "null",
  "  space before and behind  ",
  "\uffff\ufffd\u{10ffff}",
];

const LONG_TEXTS = [
  "a line\nanother\r\na third\tand a tab",
  "x".repeat(20_000),
  "語".repeat(20_000),
  "😀".repeat(10_000),
  "\n\n  # heading\n\n\t- item\n",
];

Deno.test("odd but well-formed text reads back unit for unit, wherever it was written", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const text of ODD_TEXTS) {
    const ticket = await open(desk, customer, { title: text, description: text });
    const comment = await say(desk, customer, ticket, text);
    const read = await ticketOf(desk, customer, ticket);
    const [listed] = await look(desk, customer, "/api/tickets?limit=1");
    const [said] = await look(desk, customer, `/api/tickets/${ticket.id}/comments`);
    for (const view of [ticket, read, listed]) {
      assert.equal(view.title, text);
      assert.equal(view.description, text);
    }
    assert.equal(comment.body, text);
    assert.equal(said.body, text);
  }
  await desk.assertSound();
});

Deno.test("long text of many lines reads back unit for unit, in lists too", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  for (const text of LONG_TEXTS) {
    const ticket = await open(desk, customer, { description: text, tags: ["long"] });
    const body = text.slice(0, 10_000);
    await say(desk, customer, ticket, body);
    for (const path of ["/api/tickets?limit=1", "/api/tickets?tag=LONG&limit=1"]) {
      for (const person of [customer, boss]) {
        const [listed] = await look(desk, person, path);
        assert.equal(listed.description, text);
      }
    }
    assert.equal((await ticketOf(desk, customer, ticket)).description, text);
    const [said] = await look(desk, customer, `/api/tickets/${ticket.id}/comments`);
    assert.equal(said.body, body);
  }
  await desk.assertSound();
});

Deno.test("names, departments, skills and tags keep their letters and lose only outer space", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  for (const name of ODD_TEXTS.map((text) => text.slice(0, 40)).filter((t) => t.isWellFormed())) {
    const ticket = await open(desk, boss, { department: name, tags: [name] });
    assert.equal(ticket.department, name.trim());
    assert.deepEqual(ticket.tags, [name.trim()]);
    const query = new URLSearchParams({ department: name.toUpperCase(), tag: name });
    const found = await desk.call(boss, "GET", `/api/tickets?${query}`);
    assert.deepEqual(found.json.data.map((each: { id: string }) => each.id), [ticket.id], name);
    const edited = await desk.call(boss, "PUT", `/api/agents/${agentId(agent)}`, {
      skills: [`${name}:4`],
      department: name,
    });
    assert.deepEqual(edited.json.data.skillLevels, { [name.trim()]: 4 });
    const skilled = await look(desk, boss, `/api/agents?${new URLSearchParams({ skill: name })}`);
    assert.equal(skilled.length, 1);
  }
  await desk.assertSound();
});

Deno.test("the fullest ticket that is allowed is stored and read back", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const input = {
    title: "語".repeat(200),
    description: "語".repeat(20_000),
    department: "語".repeat(60),
    tags: Array.from({ length: 20 }, (_, index) => `${index}`.padStart(50, "語")),
    requiredSkills: Array.from({ length: 20 }, (_, index) => `${index}`.padStart(60, "語")),
    estimatedHours: 100,
    dueDate: "9999-12-31T23:59:59.999Z",
    priority: 1,
    category: "urgent",
  };
  const ticket = await open(desk, customer, input);
  const { id, number } = ticket;
  for (const key of [id, number]) {
    const read = await look(desk, boss, `/api/tickets/${key}`);
    for (const [field, value] of Object.entries(input)) assert.deepEqual(read[field], value, field);
  }
  const queue = await look(desk, boss, "/api/tickets/queue");
  assert.equal(queue[0].id, id);
  await desk.assertSound();
});
