import assert from "node:assert/strict";
import { PRIORITIES, STATUSES } from "../../domain/rules/ticket.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { agentId, look, move, open, say, type View, walk } from "../support/work.ts";

/** A desk is filled over days, by people who stay logged in. */
const PATIENT = { ACCESS_TOKEN_TTL: "90d" };
const DEPARTMENTS = ["general", "Support", "Billing", "Technical"];
const CATEGORIES = ["general", "billing", "technical", "urgent"];
const TAGS = ["red", "Green", "blue"];
const TICKETS = 120;
const QUESTIONS = 150;

/** Numbers that are the same in every run: a linear congruential generator. */
function dice(seed: number): <T>(sides: readonly T[]) => T {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const side = sides[Math.floor(state / 2 ** 32 * sides.length)];
    if (side === undefined) throw new Error("Cannot throw a die without sides");
    return side;
  };
}

interface Filled {
  readonly desk: TestDesk;
  readonly asking: readonly Person[];
  readonly customers: readonly Person[];
  readonly agents: readonly Person[];
  /** Everything there is, newest first, as a supervisor gets it one by one. */
  all(): Promise<View[]>;
}

/** A desk whose tickets have lived in all sorts of ways. */
async function fill(desk: TestDesk): Promise<Filled> {
  const roll = dice(7);
  const customers = [await desk.join("user"), await desk.join("user")];
  const busy = { status: "busy", maxTickets: 100 } as const;
  const agents = [
    await desk.join("agent", { agent: { ...busy, department: "billing", teams: ["TECHNICAL"] } }),
    await desk.join("agent", { agent: busy }),
  ];
  const boss = await desk.join("supervisor");
  const admin = await desk.join("admin");
  const ids: string[] = [];
  for (let index = 0; index < TICKETS; index++) {
    desk.clock.advance(roll([0, 1, MINUTE_MS, 30 * MINUTE_MS]));
    const opener = roll([...customers, ...customers, ...agents, boss]);
    const tags = TAGS.filter(() => roll([true, false, false]));
    const input = { priority: roll(PRIORITIES), category: roll(CATEGORIES), tags };
    const ticket = await open(desk, opener, { ...input, department: roll(DEPARTMENTS) });
    ids.push(ticket.id);
    const fate = roll(["wait", "wait", "escalate", "cancel", ...Array(8).fill("work")]);
    if (fate === "escalate") await move(desk, boss, ticket, "escalated");
    if (fate === "cancel") await move(desk, boss, ticket, "closed");
    if (fate !== "work") continue;
    const agent = roll(agents);
    await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
    const status = roll(STATUSES.filter((each) => each !== "queued" && each !== "assigned"));
    if (status === "closed") await move(desk, boss, ticket, "resolved");
    if (roll([true, false])) await move(desk, boss, ticket, status);
  }
  return {
    desk,
    asking: [...customers, ...agents, boss, admin],
    customers,
    agents,
    async all() {
      const found = await Promise.all(ids.map((id) => look(desk, boss, `/api/tickets/${id}`)));
      return found.reverse().map(({ history: _, ...ticket }) => ticket);
    },
  };
}

/** Who may see what, and what each filter means, on wire forms and by the specification's words. */
function isAskedFor(ticket: View, person: Person, filter: Record<string, string>): boolean {
  const { role, userId, agent } = person.actor;
  const fold = (text: string): string => text.trim().toLowerCase();
  const own = ticket.createdBy.id === userId;
  const holds = agent !== null && ticket.assignedTo?.id === agent.id;
  const places = agent === null ? [] : ["general", agent.department, ...agent.teams].map(fold);
  const near = places.includes(fold(ticket.department));
  if (role === "user" && !own) return false;
  if (role === "agent" && !own && !holds && !near) return false;
  const tests: Record<string, (asked: string) => boolean> = {
    status: (asked) => asked.split(",").includes(ticket.status),
    priority: (asked) => String(ticket.priority) === asked,
    category: (asked) => ticket.category === asked,
    department: (asked) => fold(ticket.department) === fold(asked),
    assignedTo: (asked) =>
      asked === "me"
        ? holds
        : asked === "none"
        ? ticket.assignedTo === null
        : ticket.assignedTo?.id === asked,
    createdBy: (asked) => ticket.createdBy.id === (asked === "me" ? userId : asked),
    tag: (asked) => ticket.tags.some((tag: string) => fold(tag) === fold(asked)),
    escalated: (asked) =>
      (ticket.status === "escalated" || ticket.escalationLevel > 0) === (asked === "true"),
    breached: (asked) => ticket.sla.isBreached === (asked === "true"),
    createdAfter: (asked) => Date.parse(ticket.createdAt) >= Date.parse(asked),
    createdBefore: (asked) => Date.parse(ticket.createdAt) < Date.parse(asked),
  };
  return Object.entries(filter).every(([name, asked]) => tests[name]?.(asked) ?? false);
}

Deno.test("any filters, asked by anybody, list exactly what a look at every ticket would", async () => {
  await using desk = await openDesk(PATIENT);
  const { asking, customers, agents, all } = await fill(desk);
  const everything = await all();
  const roll = dice(42);
  const middle = everything[TICKETS / 2].createdAt;
  const values: [string, () => string][] = [
    ["status", () => STATUSES.filter(() => roll([true, false])).join(",") || "queued"],
    ["priority", () => String(roll(PRIORITIES))],
    ["category", () => roll(CATEGORIES)],
    ["department", () => roll([...DEPARTMENTS, "BILLING", "unknown"])],
    ["assignedTo", () => roll(["me", "none", ...agents.map(agentId)])],
    [
      "createdBy",
      () => roll(["me", ...[...customers, ...agents].map((each) => each.actor.userId)]),
    ],
    ["tag", () => roll([...TAGS, "GREEN", "unknown"])],
    ["escalated", () => roll(["true", "false"])],
    ["breached", () => roll(["true", "false"])],
    ["createdAfter", () => middle],
    ["createdBefore", () => roll([middle, middle.slice(0, 10)])],
  ];
  for (let question = 0; question < QUESTIONS; question++) {
    const person = roll(asking);
    // At first each filter by itself, then any of them together.
    const chosen = question < values.length
      ? [values[question] ?? roll(values)]
      : values.filter(() => roll([true, false, false, false]));
    const filter = Object.fromEntries(chosen.map(([name, value]) => [name, value()]));
    const expected = everything.filter((ticket) => isAskedFor(ticket, person, filter));
    await compare(desk, person, filter, expected);
  }
  await desk.assertSound();
});

Deno.test("without a filter everybody lists what they may see, and each filter alone agrees too", async () => {
  await using desk = await openDesk(PATIENT);
  const { asking, all } = await fill(desk);
  const everything = await all();
  const filters: Record<string, string>[] = [
    {},
    ...STATUSES.map((status) => ({ status })),
    ...PRIORITIES.map((priority) => ({ priority: String(priority) })),
    ...DEPARTMENTS.map((department) => ({ department })),
    { status: "queued,escalated", priority: "1" },
    { assignedTo: "none" },
    { assignedTo: "me" },
    { createdBy: "me" },
    { createdBy: "me", status: "closed", department: "general" },
  ];
  for (const person of asking) {
    for (const filter of filters) {
      const expected = everything.filter((ticket) => isAskedFor(ticket, person, filter));
      await compare(desk, person, filter, expected);
    }
  }
  await desk.assertSound();
});

function isNotClosed({ status }: View): boolean {
  return status !== "closed";
}

/** Whole, by cursor and by page number, with the figures beside. */
async function compare(
  desk: TestDesk,
  person: Person,
  filter: Record<string, string>,
  expected: View[],
): Promise<void> {
  const asked = `${person.actor.role} ${JSON.stringify(filter)}`;
  const path = `/api/tickets?${new URLSearchParams(filter)}`;
  const { status, json } = await desk.call(person, "GET", `${path}&limit=100`);
  assert.equal(status, 200, JSON.stringify(json));
  const shown = new Map(json.data.map((ticket: View) => [ticket.id, ticket]));
  const known = expected.slice(0, 100).map((ticket) => ticket.id);
  assert.deepEqual([...shown.keys()], known, asked);
  assert.equal(json.total, expected.length, asked);
  assert.equal(json.totalCapped, undefined);
  assert.equal(json.pages, Math.ceil(expected.length / 100), asked);
  const walked = await walk(desk, person, `${path}&limit=7`);
  assert.deepEqual(walked.map((ticket) => ticket.id), expected.map((ticket) => ticket.id), asked);
  const page = await desk.call(person, "GET", `${path}&limit=9&page=2`);
  assert.equal(page.json.currentPage, 2);
  const second = expected.slice(9, 18).map((ticket) => ticket.id);
  assert.deepEqual(page.json.data.map((ticket: View) => ticket.id), second, asked);
}

Deno.test("a listed ticket is the ticket itself, as it is now", async () => {
  await using desk = await openDesk(PATIENT);
  const { asking, all } = await fill(desk);
  const boss = asking.find(({ actor }) => actor.role === "supervisor");
  assert.ok(boss !== undefined);
  const everything = await all();
  assert.deepEqual(await walk(desk, boss, "/api/tickets?limit=50"), everything);
  desk.clock.advance(HOUR_MS);
  assert.deepEqual(await walk(desk, boss, "/api/tickets?limit=50"), await all());
  await desk.assertSound();
});

Deno.test("a walk never repeats or skips a ticket, whatever happens to the tickets meanwhile", async () => {
  await using desk = await openDesk(PATIENT);
  const { asking, all } = await fill(desk);
  const boss = asking.find(({ actor }) => actor.role === "supervisor");
  const agent = asking.find(({ actor }) => actor.role === "agent");
  assert.ok(boss !== undefined && agent !== undefined);
  const roll = dice(3);
  for (const person of [boss, agent]) {
    const there = await walk(desk, person, "/api/tickets?limit=100");
    const movable = (await all()).filter(({ status }) => status === "queued");
    const walked = await walk(desk, person, "/api/tickets?limit=10", async () => {
      await open(desk, boss);
      const ticket = movable.pop();
      if (ticket !== undefined) {
        await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
        await say(desk, boss, roll(there.filter(isNotClosed)), "A word.");
      }
    });
    const ids = walked.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    // What begins to match on the way may come too; what matched all along does.
    const kept = new Set(there.map(({ id }) => id));
    assert.deepEqual(ids.filter((id) => kept.has(id)), [...kept]);
    assert.deepEqual(ids, ids.toSorted().toReversed());
  }
  await desk.assertSound();
});
