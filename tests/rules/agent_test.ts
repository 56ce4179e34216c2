import assert from "node:assert/strict";
import {
  type Agent,
  creditFor,
  currentLoad,
  deactivateAgent,
  finishTicket,
  holdTicket,
  isActiveAgent,
  isAvailable,
  newAgent,
  reactivateAgent,
  releaseTicket,
  takeBackCredit,
  utilisation,
} from "../../domain/rules/agent.ts";
import { type AgentChanges, editAgent } from "../../domain/rules/agent_edit.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { anAgent, aTicketIn, holding, minute, OPENED, someHeld } from "../support/builders.ts";

const AT = minute(20);

Deno.test("a new agent is offline in Support with room for five tickets and has none", () => {
  const identity = { id: "agent-1", userId: "user-1", name: "Ada", email: "ada@example.com" };
  assert.deepEqual(newAgent(identity, OPENED), {
    ...anAgent("Ada", identity),
    status: "offline",
  });
});

Deno.test("an agent is available when it is online, not on a break and below its capacity", () => {
  const cases: [Partial<Agent>, boolean][] = [
    [{}, true],
    [{ activeTickets: someHeld(4) }, true],
    [{ activeTickets: someHeld(5) }, false],
    [{ activeTickets: someHeld(7) }, false],
    [{ status: "busy" }, false],
    [{ status: "offline" }, false],
    [{ onBreak: true }, false],
  ];
  for (const [changes, expected] of cases) {
    assert.equal(isAvailable(anAgent("Ada", changes), AT), expected, JSON.stringify(changes));
  }
});

Deno.test("utilisation is the open tickets' share of what the agent can hold", () => {
  assert.equal(utilisation(anAgent("Ada")), 0);
  assert.equal(utilisation(anAgent("Ada", { activeTickets: someHeld(2) })), 0.4);
  assert.equal(utilisation(anAgent("Ada", { activeTickets: someHeld(6) })), 1.2);
  assert.equal(utilisation(anAgent("Ada", { maxTickets: 0 })), 1);
});

Deno.test("the load is the sum of the estimated hours, to the hundredth", () => {
  const held = [0.1, 0.2, 2.25].map((estimatedHours, index) => ({
    id: `${index}`,
    estimatedHours,
  }));
  assert.equal(currentLoad(anAgent("Ada")), 0);
  assert.equal(currentLoad(anAgent("Ada", { activeTickets: held })), 2.55);
});

Deno.test("a ticket is held once, with what it is estimated to take", () => {
  const once = holdTicket(anAgent("Ada"), { id: "ticket-1", estimatedHours: 2 }, AT);
  assert.deepEqual(once.activeTickets, [{ id: "ticket-1", estimatedHours: 2 }]);
  assert.equal(once.lastAssignedAt, AT);
  assert.equal(once.updatedAt, AT);
  const again = holdTicket(once, { id: "ticket-1", estimatedHours: 3 }, AT);
  assert.deepEqual(again.activeTickets, [{ id: "ticket-1", estimatedHours: 3 }]);
});

Deno.test("an agent holds nothing of a ticket but its id and hours", () => {
  const { activeTickets } = holdTicket(anAgent("Ada"), aTicketIn("queued", null), AT);
  assert.deepEqual(activeTickets, [{ id: "ticket-1", estimatedHours: 1 }]);
});

Deno.test("a released ticket is neither open nor current, and the others are left alone", () => {
  const agent = holding(anAgent("Ada", { activeTickets: someHeld(2) }), "ticket-1", true);
  const released = releaseTicket(agent, "ticket-1", AT);
  assert.deepEqual(released.activeTickets, someHeld(2));
  assert.equal(released.currentTicketId, null);
  const other = releaseTicket({ ...agent, currentTicketId: "held-0" }, "ticket-1", AT);
  assert.equal(other.currentTicketId, "held-0");
});

Deno.test("a finished ticket adds its minutes to the agent's figures and frees its place", () => {
  const agent = holding(anAgent("Ada", { resolutions: { count: 2, minutes: 30, met: 1 } }));
  const credit = creditFor(aTicketIn("resolved", agent), agent);
  assert.deepEqual(credit, { agentId: agent.id, minutes: 10, met: true });
  const finished = finishTicket(agent, "ticket-1", credit, AT);
  assert.deepEqual(finished.resolutions, { count: 3, minutes: 40, met: 2 });
  assert.deepEqual(finished.activeTickets, []);
});

Deno.test("a credit that is taken back leaves the figures as they were before it", () => {
  const agent = holding(anAgent("Ada", { resolutions: { count: 2, minutes: 30, met: 1 } }));
  for (const met of [true, false]) {
    const credit = { agentId: agent.id, minutes: 17, met };
    const finished = finishTicket(agent, "ticket-1", credit, AT);
    assert.deepEqual(takeBackCredit(finished, credit, AT).resolutions, agent.resolutions);
  }
});

Deno.test("a deactivated agent is offline, takes no work, and comes back offline", () => {
  const agent = holding(anAgent("Ada", { status: "online", onBreak: true }));
  const gone = deactivateAgent(agent, AT);
  assert.deepEqual([gone.status, gone.onBreak, gone.deactivatedAt], ["offline", false, AT]);
  assert.deepEqual(gone.activeTickets, agent.activeTickets);
  assert.equal(isAvailable(gone, AT), false);
  assert.equal(isActiveAgent(gone), false);
  // To be deactivated again changes nothing, not even since when.
  assert.equal(deactivateAgent(gone, AT + 1), gone);
  const back = reactivateAgent(gone, AT + 2);
  assert.equal("deactivatedAt" in back, false);
  assert.deepEqual([back.status, isActiveAgent(back)], ["offline", true]);
  assert.equal(reactivateAgent(agent, AT), agent);
});

Deno.test("an agent wants to be online when its shifts start, or no more, and other edits change nothing of it", () => {
  const edit = (agent: Agent, changes: AgentChanges): Agent => {
    const edited = editAgent(agent, changes, AT);
    assert.ok(!isRefusal(edited));
    return edited;
  };
  const wishes = edit(anAgent("Ada"), { onlineAtShiftStart: true });
  assert.equal(wishes.onlineAtShiftStart, true);
  assert.equal(edit(wishes, { maxTickets: 9 }).onlineAtShiftStart, true);
  const changed = edit(wishes, { onlineAtShiftStart: false });
  assert.equal("onlineAtShiftStart" in changed, false);
  assert.equal("onlineAtShiftStart" in edit(anAgent("Ada"), { maxTickets: 9 }), false);
});
