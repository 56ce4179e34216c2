import assert from "node:assert/strict";
import fc from "fast-check";
import { type Agent, hasCapacity } from "../../domain/rules/agent.ts";
import { claim, route } from "../../domain/rules/assignment.ts";
import { addComment } from "../../domain/rules/comment.ts";
import { editTicket } from "../../domain/rules/edit.ts";
import { resolveEscalation } from "../../domain/rules/escalation.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { type Decision, PRIORITIES, STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicket,
  HOURS,
  OPENED,
  someClocks,
  someHeld,
  termsOf,
  theCustomer,
} from "../support/builders.ts";

const NAMES = ["Ada", "Ben", "Cleo"] as const;
// Cleo is full from the start, so that only a supervisor's word brings more.
const CREW = [anAgent("Ada"), anAgent("Ben"), anAgent("Cleo", { activeTickets: someHeld(5) })];
const ACTORS = [
  theCustomer(),
  ...CREW.map(actorFor),
  anActor("supervisor"),
  anActor("admin"),
];
const RELAXATION = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };

interface World {
  readonly ticket: Ticket;
  readonly agents: readonly Agent[];
  readonly at: Instant;
}

const someStep = fc.record({
  kind: fc.constantFrom("move", "move", "move", "comment", "claim", "route", "edit", "settle"),
  to: fc.constantFrom(...STATUSES),
  actor: fc.constantFrom(...ACTORS),
  agent: fc.constantFrom(...NAMES, null),
  visibility: fc.constantFrom("public" as const, "internal" as const),
  minutes: fc.integer({ min: 0, max: 300 }),
  priority: fc.constantFrom(...PRIORITIES),
  estimatedHours: fc.constantFrom(1, 2),
});
type Step = typeof someStep extends fc.Arbitrary<infer T> ? T : never;

/** What a step brings about; null when it asks for nothing, a claim for nobody. */
function decide(world: World, step: Step, at: Instant): Decision | Refusal | null {
  const { ticket, agents } = world;
  const holder = agents.find(({ id }) => id === ticket.assignee?.agentId) ?? null;
  const agent = agents.find(({ name }) => name === step.agent) ?? null;
  switch (step.kind) {
    case "move":
      return changeStatus(ticket, { to: step.to, agent, holder }, step.actor, at, HOURS);
    case "comment": {
      const comment = { id: "comment", visibility: step.visibility };
      return addComment(ticket, comment, holder, step.actor, at, HOURS);
    }
    case "claim":
      return agent === null ? null : claim(ticket, agent, holder, false, at);
    case "edit": {
      const { priority, estimatedHours } = step;
      const terms = termsOf({ ...ticket, priority });
      const edit = { changes: { priority, estimatedHours }, terms, calendar: HOURS, holder };
      return editTicket(ticket, edit, step.actor, at, HOURS);
    }
    case "settle":
      return resolveEscalation(ticket, holder, step.actor, at, HOURS);
    default:
      return agent === null ? null : route(ticket, agent, RELAXATION, at);
  }
}

function follow(world: World, step: Step): World {
  const at = world.at + step.minutes * MINUTE_MS;
  const decision = decide(world, step, at);
  if (decision === null || isRefusal(decision)) return { ...world, at };
  const agents = world.agents.map((agent) =>
    decision.agents.find(({ id }) => id === agent.id) ?? agent
  );
  return { ticket: decision.ticket, agents, at };
}

/** Every world on the way, and what was before it. */
function walk(steps: readonly Step[], pauseOnPending: boolean, replyOnly: boolean): World[] {
  const sla = someClocks({ pauseOnPending, replyOnly });
  const worlds: World[] = [{ ticket: aTicket({ sla }), agents: CREW, at: OPENED }];
  for (const step of steps) {
    const last = worlds.at(-1);
    if (last !== undefined) worlds.push(follow(last, step));
  }
  return worlds;
}

function always(check: (world: World, before: World) => void): void {
  const steps = fc.array(someStep, { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(steps, fc.boolean(), fc.boolean(), (path, pauses, replyOnly) => {
      const worlds = walk(path, pauses, replyOnly);
      for (const [index, world] of worlds.entries()) check(world, worlds[index - 1] ?? world);
    }),
    { numRuns: 500 },
  );
}

Deno.test("whatever happens, a ticket has a waiting time exactly while it waits in the queue", () => {
  always(({ ticket: { status, assignee, waitingSince } }) => {
    const waits = status === "queued" || (status === "escalated" && assignee === null);
    assert.equal(waitingSince !== null, waits, status);
    if (status === "queued") assert.equal(assignee, null);
    if (status === "assigned" || status === "in-progress") assert.notEqual(assignee, null);
  });
});

Deno.test("whatever happens, exactly the assignee of an open ticket holds it, once, at its estimate", () => {
  always(({ ticket: { id, status, assignee, estimatedHours }, agents }) => {
    const isDone = status === "resolved" || status === "closed";
    for (const agent of agents) {
      const held = agent.activeTickets.filter((each) => each.id === id);
      const holds = !isDone && assignee?.agentId === agent.id;
      assert.deepEqual(held, holds ? [{ id, estimatedHours }] : [], status);
    }
  });
});

Deno.test("whatever happens, an agent's current ticket is one in progress with it", () => {
  always(({ ticket: { id, status, assignee }, agents }) => {
    for (const agent of agents) {
      if (agent.currentTicketId === null) continue;
      assert.equal(agent.currentTicketId, id);
      assert.equal(status, "in-progress");
      assert.equal(assignee?.agentId, agent.id);
    }
  });
});

Deno.test("whatever happens, a ticket has a resolution exactly while it is resolved or closed so", () => {
  always(({ ticket: { status, resolvedAt, closedAt } }) => {
    if (status !== "closed") assert.equal(resolvedAt !== null, status === "resolved");
    assert.equal(closedAt !== null, status === "closed");
  });
});

Deno.test("whatever happens, a resolution counts once, for who has the ticket, until it is reopened", () => {
  always(({ ticket, agents }) => {
    const { credit, resolvedAt } = ticket;
    if (resolvedAt === null) assert.equal(credit, undefined);
    else assert.equal(credit?.agentId, ticket.assignee?.agentId);
    for (const { id, resolutions } of agents) {
      const counts = credit?.agentId === id ? credit : { minutes: 0, met: false };
      const count = counts === credit ? 1 : 0;
      const expected = { count, minutes: counts.minutes, met: counts.met ? 1 : 0 };
      assert.deepEqual(resolutions, expected);
    }
  });
});

Deno.test("whatever happens, a breach stays as it was and consumed time is never given back", () => {
  always(({ ticket: { sla } }, { ticket: { sla: before } }) => {
    for (const name of ["response", "resolution"] as const) {
      assert.ok(sla[name].consumedMs >= before[name].consumedMs, name);
      if (before[name].breachedAt === null) continue;
      assert.equal(sla[name].breachedAt, before[name].breachedAt, name);
    }
  });
});

Deno.test("whatever happens, the resolution clock stands exactly as the status says", () => {
  always(({ ticket: { status, resolvedAt, sla } }) => {
    const pending = sla.pauseOnPending ? "paused" : "active";
    const closed = resolvedAt === null ? "cancelled" : "fulfilled";
    const states = { pending, resolved: "fulfilled", closed } as Record<string, string>;
    assert.equal(sla.resolution.state, states[status] ?? "active", status);
  });
});

Deno.test("whatever happens, the first response is never moved or taken back", () => {
  always(({ ticket }, { ticket: before }) => {
    if (before.firstResponseAt === null) return;
    assert.equal(ticket.firstResponseAt, before.firstResponseAt);
  });
});

Deno.test("whatever agents do by themselves, none goes over its capacity", () => {
  const own = someStep.filter(({ actor }) => actor.role === "agent" || actor.role === "user");
  fc.assert(fc.property(fc.array(own, { maxLength: 25 }), (steps) => {
    for (const { agents } of walk(steps, true, false)) {
      for (const agent of agents) assert.ok(hasCapacity(agent) || agent.name === "Cleo");
      assert.equal(agents.find(({ name }) => name === "Cleo")?.activeTickets.length, 5);
    }
  }));
});
