import assert from "node:assert/strict";
import type { AgentStatus } from "../../domain/rules/agent.ts";
import { setAgentStatus } from "../../domain/services/agents.ts";
import { setPreferences } from "../../domain/services/preferences.ts";
import { scheduleShift } from "../../domain/services/shifts.ts";
import { granted, type Person } from "../support/desk.ts";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import { agentId, dataOf, look, type View } from "../support/work.ts";

/** Schedules a shift of the agent by minutes from now, with breaks. */
async function schedule(
  { desk, agent, boss }: PromisedDesk,
  from: number,
  to: number,
  ...breaks: [number, number][]
): Promise<void> {
  const at = (minutes: number): number => desk.clock.now() + minutes * 60_000;
  const plan = {
    start: at(from),
    end: at(to),
    timezone: "UTC",
    breaks: breaks.map(([start, end]) => ({
      type: "lunch" as const,
      start: at(start),
      end: at(end),
    })),
  };
  granted(await scheduleShift(desk.desk, boss.actor, agentId(agent), plan));
}

function setStatus(status: AgentStatus) {
  return async ({ desk, agent }: PromisedDesk): Promise<unknown> =>
    granted(await setAgentStatus(desk.desk, agent.actor, agentId(agent), { status }));
}

/** What somebody was told of a promise or an escalation, the oldest first. */
async function told({ desk }: PromisedDesk, person: Person): Promise<View[]> {
  await desk.background.idle();
  const unread: View[] = await look(desk, person, "/api/notifications/unread?limit=100");
  return unread.toReversed().filter(({ type }) => /^sla|escalation/.test(type));
}

const PLAIN = { escalationRules: [], resolutionTime: 10_000 };

Deno.test("supervisors are warned too while who has the ticket works by shifts and is not at work", async () => {
  const cases: [(scene: PromisedDesk) => Promise<unknown>, string, string][] = [
    [
      async (scene) => {
        await schedule(scene, -10, 400);
        await setStatus("offline")(scene);
      },
      "offline",
      "offline",
    ],
    [(scene) => schedule(scene, 100, 200), "off_shift", "not on shift"],
    [(scene) => schedule(scene, -10, 400, [40, 70]), "on_break", "on a break"],
    // Nobody has looked after the end of this one yet.
    [(scene) => schedule(scene, -10, 49), "off_shift", "not on shift"],
  ];
  for (const [arrange, absence, words] of cases) {
    await using scene = await openPromised({ HANDOVER_GRACE_MINUTES: "600" });
    await scene.promise(PLAIN);
    const { number, title } = await scene.hold();
    await arrange(scene);
    if (absence === "on_break") {
      scene.pass(41);
      await look(scene.desk, scene.boss, "/api/agents/available");
    }
    scene.pass(absence === "on_break" ? 8 : 49);
    await scene.sweep();
    const text = `Ticket ${number} will soon miss its first response: ${title}`;
    const [own] = await told(scene, scene.agent);
    assert.deepEqual([own.message, own.metadata.assigneeAbsence], [text, undefined]);
    const { name } = await look(scene.desk, scene.boss, `/api/agents/${agentId(scene.agent)}`);
    for (const person of [scene.boss, scene.admin]) {
      const [warning, ...more] = await told(scene, person);
      assert.deepEqual([warning.type, more], ["sla_warning", []]);
      assert.equal(warning.message, `${text} (${name} is ${words})`);
      assert.equal(warning.metadata.assigneeAbsence, absence);
    }
  }
});

Deno.test("an agent is warned alone who is at work, though it is busy, or has no shifts to be away from", async () => {
  for (
    const [status, hasShifts] of [["busy", true], ["online", true], ["offline", false]] as const
  ) {
    await using scene = await openPromised();
    await scene.promise(PLAIN);
    if (hasShifts) await schedule(scene, -10, 400, [10, 20]);
    await scene.hold();
    scene.pass(30);
    await setStatus(status)(scene);
    scene.pass(19);
    await scene.sweep();
    assert.equal((await told(scene, scene.agent)).length, 1);
    assert.deepEqual(await told(scene, scene.boss), []);
  }
});

Deno.test("breaches and escalations tell supervisors of whoever is not at work, and customers never", async () => {
  await using scene = await openPromised({ HANDOVER_GRACE_MINUTES: "600" });
  const rule = { level: 2, threshold: 70, notifyRoles: ["supervisor"], on: "response" };
  await scene.promise({ ...PLAIN, escalationRules: [{ ...rule, reassign: false }] });
  const ticket = await scene.hold();
  granted(await setPreferences(scene.desk.desk, scene.boss.actor, { sla_warning: "off" }));
  await setStatus("offline")(scene);
  scene.pass(71);
  await scene.sweep();
  const path = `/api/tickets/${ticket.id}/escalate`;
  dataOf(await scene.desk.call(scene.admin, "POST", path, { reason: "Nobody is there." }), 200);
  const all = await told(scene, scene.boss);
  assert.deepEqual(all.map(({ type }) => type), ["sla_breach", "escalation", "escalation"]);
  assert.ok(all.every(({ metadata }) => metadata.assigneeAbsence === "offline"));
  await scene.desk.background.idle();
  const customer = await look(scene.desk, scene.customer, "/api/notifications/unread");
  assert.ok(customer.length > 0);
  assert.ok(!/offline|Absence/.test(JSON.stringify(customer)));
});

Deno.test("a supervisor who has the ticket itself hears of it once", async () => {
  await using scene = await openPromised({ HANDOVER_GRACE_MINUTES: "600" });
  await scene.promise(PLAIN);
  const { email } = scene.boss;
  const hired = await scene.desk.call(scene.admin, "POST", "/api/agents", { name: "Boss", email });
  const { id } = dataOf(hired, 201);
  granted(
    await scheduleShift(scene.desk.desk, scene.boss.actor, id, {
      start: scene.desk.clock.now() + 3_600_000,
      end: scene.desk.clock.now() + 7_200_000,
      timezone: "UTC",
    }),
  );
  const ticket = await scene.wait();
  const body = { status: "assigned", agentId: id };
  const path = `/api/tickets/${ticket.id}/status`;
  dataOf(await scene.desk.call(scene.admin, "PUT", path, body), 200);
  scene.pass(49);
  await scene.sweep();
  assert.equal((await told(scene, scene.boss)).length, 1);
  assert.equal((await told(scene, scene.admin))[0].metadata.assigneeAbsence, "offline");
});
