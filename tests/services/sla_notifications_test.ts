import assert from "node:assert/strict";
import type { NotificationType } from "../../domain/rules/notification.ts";
import { setPreferences } from "../../domain/services/preferences.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, type Person } from "../support/desk.ts";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import { agentId, dataOf, look } from "../support/work.ts";

const SLA_TYPES: readonly NotificationType[] = ["sla_warning", "sla_breach", "escalation"];

/** What these people have been told of promises, each by a line, oldest first. */
async function told(
  scene: PromisedDesk,
  people: Readonly<Record<string, Person>>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, person] of Object.entries(people)) {
    const unread = await look(scene.desk, person, "/api/notifications/unread?limit=100");
    for (const { type } of unread.toReversed()) {
      if (SLA_TYPES.includes(type)) lines.push(`${name}: ${type}`);
    }
  }
  return lines;
}

/** Everybody whom a promise could concern. */
async function castOf(scene: PromisedDesk): Promise<Record<string, Person>> {
  const { desk, customer, agent, boss, admin } = scene;
  const near = await desk.join("agent", { agent: { status: "busy", department: "Cards" } });
  const far = await desk.join("agent", { agent: { status: "busy", department: "Loans" } });
  return { customer, agent, near, far, boss, admin };
}

/** Nothing but the promise is due, within an hour. */
const PLAIN = { escalationRules: [] };

Deno.test("whoever has a ticket is warned, and without an assignee all who supervise", async () => {
  for (const isHeld of [true, false]) {
    await using scene = await openPromised();
    await scene.promise(PLAIN);
    const people = await castOf(scene);
    await (isHeld ? scene.hold() : scene.wait());
    scene.pass(49);
    await scene.sweep();
    const expected = isHeld ? ["agent"] : ["boss", "admin"];
    assert.deepEqual(await told(scene, people), expected.map((name) => `${name}: sla_warning`));
  }
});

Deno.test("of a breach assignee and all who supervise are told, and nobody else", async () => {
  for (const isHeld of [true, false]) {
    await using scene = await openPromised();
    await scene.promise({ ...PLAIN, resolutionTime: 10_000 });
    const people = await castOf(scene);
    for (const person of Object.values(people)) {
      granted(await setPreferences(scene.desk.desk, person.actor, { sla_warning: "off" }));
    }
    await (isHeld ? scene.hold() : scene.wait());
    scene.pass(61);
    await scene.sweep();
    const expected = [...isHeld ? ["agent"] : [], "boss", "admin"];
    assert.deepEqual(await told(scene, people), expected.map((name) => `${name}: sla_breach`));
  }
});

Deno.test("a notification names ticket and promise, and is of the instant at which it was due", async () => {
  await using scene = await openPromised();
  await scene.promise(PLAIN);
  const ticket = await scene.hold();
  scene.pass(100);
  await scene.sweep();
  const [breach, warning] = await look(scene.desk, scene.agent, "/api/notifications/unread");
  const { number, title, sla: { responseDeadline } } = ticket;
  assert.equal(
    warning.message,
    `Ticket ${number} will soon miss its first response: ${title}`,
  );
  assert.equal(breach.message, `Ticket ${number} has missed its first response: ${title}`);
  assert.deepEqual([breach.ticketId, breach.createdAt], [ticket.id, responseDeadline]);
  assert.deepEqual(breach.metadata, { number, action: "sla_breach", status: "escalated" });
});

Deno.test("a rule tells the roles that it names, of agents those who may see the ticket", async () => {
  const cases: [readonly string[], readonly string[]][] = [
    [["supervisor"], ["boss"]],
    [["admin"], ["admin"]],
    [["agent"], ["near"]],
    [["agent", "supervisor", "admin"], ["near", "boss", "admin"]],
  ];
  for (const [notifyRoles, names] of cases) {
    await using scene = await openPromised();
    const rule = { level: 2, threshold: 10, notifyRoles, on: "response", reassign: false };
    await scene.promise({ escalationRules: [rule] });
    const people = await castOf(scene);
    await scene.wait({ department: "Cards" });
    scene.pass(20);
    await scene.sweep();
    assert.deepEqual(await told(scene, people), names.map((name) => `${name}: escalation`));
  }
});

Deno.test("an agent who has the ticket, or opened it, sees it and is told by a rule", async () => {
  await using scene = await openPromised();
  const rule = {
    level: 2,
    threshold: 10,
    notifyRoles: ["agent"],
    on: "resolution",
    reassign: false,
  };
  await scene.promise({ escalationRules: [rule] });
  const people = await castOf(scene);
  await scene.hold({ department: "Elsewhere" });
  const own = { title: "Mine", description: "Broken.", priority: 1, department: "Elsewhere" };
  dataOf(await scene.desk.call(people["far"] ?? null, "POST", "/api/tickets", own), 201);
  scene.pass(20);
  await scene.sweep();
  assert.deepEqual(await told(scene, people), ["agent: escalation", "far: escalation"]);
});

Deno.test("who was deactivated is told of nothing", async () => {
  await using scene = await openPromised();
  const rule = { level: 2, threshold: 10, notifyRoles: ["agent"], on: "response", reassign: false };
  await scene.promise({ escalationRules: [rule] });
  const people = await castOf(scene);
  await scene.wait({ department: "Cards" });
  const { near, admin } = people;
  if (near === undefined || admin === undefined) throw new Error("They have joined");
  dataOf(await scene.desk.call(admin, "DELETE", `/api/agents/${agentId(near)}`), 200);
  scene.pass(20);
  await scene.sweep();
  assert.deepEqual(await told(scene, { boss: scene.boss, admin }), []);
  const kept = scene.desk.desk.store.reader.list({ prefix: ["notification", near.actor.userId] });
  assert.deepEqual(await Array.fromAsync(kept), []);
});

Deno.test("what somebody has switched off they are not told, the others are", async () => {
  await using scene = await openPromised();
  const people = { agent: scene.agent, boss: scene.boss, admin: scene.admin };
  await scene.promise(PLAIN);
  const set = (person: Person, off: NotificationType): Promise<unknown> =>
    setPreferences(scene.desk.desk, person.actor, { [off]: "off" }).then(granted);
  await set(scene.agent, "sla_breach");
  await set(scene.boss, "sla_breach");
  await scene.hold();
  scene.pass(61);
  await scene.sweep();
  assert.deepEqual(await told(scene, people), ["agent: sla_warning", "admin: sla_breach"]);
});

Deno.test("however often it is swept, and carried out, everybody is told once of each thing", async () => {
  await using scene = await openPromised();
  const people = { agent: scene.agent, boss: scene.boss, admin: scene.admin };
  await scene.desk.background.stop();
  await scene.hold();
  scene.pass(130);
  await Promise.all([1, 2, 3].map(() => scene.sweep()));
  await Promise.all([1, 2, 3].map(() => resumeIntents(scene.desk.desk)));
  await scene.sweep();
  await resumeIntents(scene.desk.desk);
  const lines = await told(scene, people);
  // The first rule tells supervisors, the second administrators too.
  assert.deepEqual(lines.toSorted(), [
    "admin: escalation",
    "admin: sla_breach",
    "agent: sla_breach",
    "agent: sla_warning",
    "boss: escalation",
    "boss: escalation",
    "boss: sla_breach",
  ]);
});

Deno.test("who loses a ticket to a rule is told that it is no longer theirs", async () => {
  await using scene = await openPromised();
  const rule = { level: 2, threshold: 10, notifyRoles: ["admin"], on: "response", reassign: true };
  await scene.promise({ escalationRules: [rule] });
  const ticket = await scene.hold();
  scene.pass(20);
  await scene.sweep();
  const [last] = await look(scene.desk, scene.agent, "/api/notifications/unread");
  assert.equal(last.type, "ticket_updated");
  assert.equal(last.message, `Ticket ${ticket.number} is no longer yours: ${ticket.title}`);
});

Deno.test("a supervisor who has the ticket is told of a breach once", async () => {
  await using scene = await openPromised();
  await scene.promise({ ...PLAIN, resolutionTime: 10_000 });
  const { desk, boss, admin } = scene;
  const { name } = boss.actor;
  const hired = await desk.call(admin, "POST", "/api/agents", { name, email: boss.email });
  const given = { status: "assigned", agentId: dataOf(hired, 201).id };
  const { id } = await scene.hold();
  dataOf(await desk.call(boss, "PUT", `/api/tickets/${id}/status`, given), 200);
  scene.pass(61);
  await scene.sweep();
  assert.deepEqual(await told(scene, { boss, admin }), [
    "boss: sla_warning",
    "boss: sla_breach",
    "admin: sla_breach",
  ]);
});
