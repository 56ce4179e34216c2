import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, dataOf, look, move, open, openFor, type View, walk } from "../support/work.ts";

const AWAY = { status: "busy" } as const;

Deno.test("an agent has every field, and a shift that is never null", async () => {
  await using desk = await openDesk();
  const skills = [{ name: "Billing", level: 4 }, { name: "tax", level: 1 }];
  const agent = await desk.join("agent", {
    name: "Ada",
    agent: { ...AWAY, skills, teams: ["Night"], department: "Here", specializations: ["VAT"] },
  });
  const view = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  const { id, shift, performance, createdAt, updatedAt, ...rest } = view;
  assert.deepEqual(rest, {
    _id: id,
    user: agent.actor.userId,
    name: "Ada",
    email: agent.email,
    status: "busy",
    onBreak: false,
    onlineAtShiftStart: false,
    active: true,
    department: "Here",
    teams: ["Night"],
    skills: ["Billing", "tax"],
    skillLevels: { Billing: 4, tax: 1 },
    specializations: ["VAT"],
    maxTickets: 5,
    currentLoad: 0,
    activeTickets: [],
    currentTicket: null,
    isAtCapacity: false,
  });
  assert.deepEqual(Object.keys(shift), ["start", "end", "timezone", "breaks"]);
  assert.equal(performance.ticketsResolved, 0);
  assert.equal(performance.slaComplianceRate, 100);
  assert.ok(Date.parse(createdAt) <= Date.parse(updatedAt));
  await desk.assertSound();
});

Deno.test("an agent's load, tickets and figures are those of the tickets it has and had", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { ...AWAY, maxTickets: 3 } });
  const path = `/api/agents/${agentId(agent)}`;
  const given = [];
  for (const estimatedHours of [0.25, 1.5, 3]) {
    given.push(await openFor(desk, customer, agent, boss, { estimatedHours }));
  }
  const full = await look(desk, boss, path);
  assert.deepEqual(full.activeTickets, given.map(({ id }) => id));
  assert.equal(full.currentLoad, 4.75);
  assert.equal(full.isAtCapacity, true);
  await move(desk, agent, given[0], "in-progress");
  assert.equal((await look(desk, boss, path)).currentTicket, given[0].id);
  // A pending ticket is still the agent's, a resolved one is not.
  await move(desk, agent, given[1], "pending");
  desk.clock.advance(30 * 60_000);
  await move(desk, agent, given[0], "resolved");
  const after = await look(desk, boss, path);
  assert.deepEqual(after.activeTickets, [given[1].id, given[2].id]);
  assert.equal(after.currentLoad, 4.5);
  assert.equal(after.currentTicket, null);
  assert.equal(after.performance.ticketsResolved, 1);
  assert.equal(after.performance.averageResolutionTime, 30);
  await desk.assertSound();
});

Deno.test("agents are found by status, department and skill, without regard to case", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const one = await desk.join("agent", {
    agent: { status: "online", department: "Billing", skills: [{ name: "Tax", level: 2 }] },
  });
  const two = await desk.join("agent", { agent: { ...AWAY, department: "BILLING " } });
  const three = await desk.join("agent", {
    agent: { status: "offline", department: "Support", skills: [{ name: "tax", level: 5 }] },
  });
  const cases: [string, typeof one[]][] = [
    ["", [one, two, three]],
    ["?status=busy", [two]],
    ["?department=billing", [one, two]],
    ["?skill=TAX", [one, three]],
    ["?skill=ta", []],
    ["?department=billing&skill=tax", [one]],
    ["?status=offline&skill=tax&department=SUPPORT", [three]],
    ["?status=offline&department=billing", []],
  ];
  for (const [query, expected] of cases) {
    const found = await look(desk, boss, `/api/agents${query}`);
    assert.deepEqual(found.map(({ id }: View) => id), expected.map(agentId), query);
    const joint = query === "" ? "?" : "&";
    assert.deepEqual(await walk(desk, boss, `/api/agents${query}${joint}limit=1`), found);
  }
  await desk.assertSound();
});

Deno.test("available is who is online with a place free, the least used first", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const online = { status: "online", maxTickets: 2 } as const;
  const used = await desk.join("agent", { agent: online });
  const free = await desk.join("agent", { agent: online });
  const full = await desk.join("agent", { agent: { ...online, maxTickets: 1 } });
  await desk.join("agent", { agent: AWAY });
  await desk.join("agent", { agent: { status: "offline" } });
  await openFor(desk, customer, used, boss);
  await openFor(desk, customer, full, boss);
  const found = await look(desk, boss, "/api/agents/available");
  assert.deepEqual(found.map(({ id }: View) => id), [agentId(free), agentId(used)]);
  await desk.assertSound();
});

Deno.test("an edit keeps what it does not name", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const skills = [{ name: "tax", level: 2 }];
  const agent = await desk.join("agent", { agent: { ...AWAY, skills, department: "Here" } });
  const path = `/api/agents/${agentId(agent)}`;
  const before = await look(desk, boss, path);
  desk.clock.advance(1_000);
  const edited = dataOf(await desk.call(boss, "PUT", path, { maxTickets: 9, unknown: 1 }), 200);
  const updatedAt = new Date(desk.clock.now()).toISOString();
  assert.deepEqual(edited, { ...before, maxTickets: 9, updatedAt });
  assert.deepEqual(await look(desk, boss, path), edited);
  const levelled = dataOf(await desk.call(boss, "PUT", path, { skills: ["tax", "law:5"] }), 200);
  assert.deepEqual(levelled.skillLevels, { tax: 3, law: 5 });
  await desk.assertSound();
});

Deno.test("an agent who goes offline is warned of the tickets it leaves, and keeps them", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const path = `/api/agents/${agentId(agent)}/status`;
  const idle = await desk.call(agent, "PUT", path, { status: "offline" });
  assert.equal(idle.json.warnings, undefined);
  const ticket = await openFor(desk, customer, agent, boss);
  const { status, json } = await desk.call(agent, "PUT", path, { status: "offline" });
  assert.equal(status, 200);
  assert.deepEqual(json.data.openTickets, [ticket.id]);
  assert.equal(json.warnings.length, 1);
  assert.deepEqual(json.data.activeTickets, [ticket.id]);
  const back = await desk.call(agent, "PUT", path, { status: "online" });
  assert.equal(back.json.data.status, "online");
  assert.equal(back.json.warnings, undefined);
  await desk.assertSound();
});

Deno.test("a claim keeps to presence, skills and capacity; a supervisor may force the last two", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const skills = [{ name: "tax", level: 2 }];
  const agent = await desk.join("agent", { agent: { ...AWAY, maxTickets: 1, skills } });
  const claim = (ticket: View, force = ""): string =>
    `/api/agents/${agentId(agent)}/claim/${ticket.id}${force}`;
  const hard = await open(desk, customer, { requiredSkills: ["tax:3", "law"] });
  const missing = await desk.call(agent, "POST", claim(hard));
  assertProblem(missing, 409, "missing_skill");
  assert.deepEqual(missing.json.missing, ["tax:3", "law"]);
  const easy = await open(desk, customer, { requiredSkills: ["TAX:2"] });
  dataOf(await desk.call(agent, "POST", claim(easy)), 200);
  const next = await open(desk, customer);
  const full = await desk.call(agent, "POST", claim(next));
  assertProblem(full, 409, "at_capacity");
  assert.deepEqual([full.json.openTickets, full.json.maxTickets], [1, 1]);
  assertProblem(await desk.call(boss, "POST", claim(next)), 409, "at_capacity");
  const forced = await desk.call(boss, "POST", claim(hard, "?force=true"));
  assert.equal(forced.status, 200);
  assert.equal(forced.json.warnings.length, 2);
  assert.equal(forced.json.data.agent.activeTickets.length, 2);
  const status = `/api/agents/${agentId(agent)}/status`;
  dataOf(await desk.call(agent, "PUT", status, { status: "offline" }), 200);
  assertProblem(
    await desk.call(boss, "POST", claim(next, "?force=true")),
    409,
    "agent_unavailable",
  );
  await desk.assertSound();
});

Deno.test("an agent who claims many tickets at once gets no more than it can hold", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { ...AWAY, maxTickets: 3 } });
  const opened = await Promise.all(Array.from({ length: 12 }, () => open(desk, customer)));
  const answers = await Promise.all(
    opened.map(({ id }) => desk.call(agent, "POST", `/api/agents/${agentId(agent)}/claim/${id}`)),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 3);
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    assertProblem(answer, 409, "at_capacity");
  }
  const { activeTickets } = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.equal(activeTickets.length, 3);
  await desk.assertSound();
});
