import assert from "node:assert/strict";
import {
  type Agent,
  type AgentShifts,
  isAtWork,
  isAvailable,
  isOnDuty,
} from "../../domain/rules/agent.ts";
import { assign, bestAgent, claim, isEligible, route } from "../../domain/rules/assignment.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { anAgent, aTicket, decided, minute, someHeld } from "../support/builders.ts";

const AT = minute(20);
const RELAXATION = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };
/** Of whose shifts a notice is due, but nothing that would make another of the agent. */
const SHIFTS: AgentShifts = { count: 1, scheduled: 1, nextAt: AT, edgeAt: minute(60), shown: null };
const ON_SHIFT = { shifts: { ...SHIFTS, scheduled: 0 }, currentShiftId: "shift-1" } as const;

/** Who may take work, and of these who is given it by itself, and of these who has room. */
const CASES: readonly (readonly [Partial<Agent>, boolean, boolean, boolean])[] = [
  [{}, true, true, true],
  [{ status: "busy" }, true, false, false],
  [{ status: "offline" }, false, false, false],
  [{ status: "busy", onBreak: true }, false, false, false],
  [{ activeTickets: someHeld(5) }, true, true, false],
  // Every shift that it had was cancelled.
  [{ shifts: { ...SHIFTS, count: 0, scheduled: 0, nextAt: null, edgeAt: null } }, true, true, true],
  [{ shifts: SHIFTS }, false, false, false],
  // The last one is over.
  [{ shifts: { ...SHIFTS, scheduled: 0, nextAt: null, edgeAt: null } }, false, false, false],
  [ON_SHIFT, true, true, true],
  [{ ...ON_SHIFT, status: "busy" }, true, false, false],
  [{ ...ON_SHIFT, status: "offline" }, false, false, false],
  [
    { ...ON_SHIFT, status: "busy", onBreak: true, statusBeforeBreak: "online" },
    false,
    false,
    false,
  ],
  [{ ...ON_SHIFT, activeTickets: someHeld(5) }, true, true, false],
  // Something that may change it is about to be done.
  [{ ...ON_SHIFT, shifts: { ...SHIFTS, edgeAt: AT } }, false, false, false],
  [{ ...ON_SHIFT, shifts: { ...SHIFTS, edgeAt: AT + 1 } }, true, true, true],
];

Deno.test("status, break, shift and capacity say who takes work, in routing and claims alike", () => {
  for (const [changes, atWork, onDuty, available] of CASES) {
    const agent = anAgent("Ada", changes);
    const shown = JSON.stringify(changes);
    assert.equal(isAtWork(agent, AT), atWork, shown);
    assert.equal(isOnDuty(agent, AT), onDuty, shown);
    assert.equal(isAvailable(agent, AT), available, shown);
    assert.equal(isEligible(agent, aTicket(), RELAXATION, AT), available, shown);
    const reason = onDuty ? "no_capacity" : "no_agent_online";
    assert.equal(
      bestAgent(aTicket(), [agent], RELAXATION, AT),
      available ? agent : reason,
      shown,
    );
    assert.equal(isRefusal(route(aTicket(), agent, RELAXATION, AT)), !available, shown);
    const forced = claim(aTicket(), agent, null, true, AT);
    assert.equal(isRefusal(forced) ? forced.refused : null, atWork ? null : "agent_unavailable");
  }
});

Deno.test("whoever gives a ticket to who is not at work is told so", () => {
  const warnings = (changes: Partial<Agent>): readonly string[] => {
    const to = anAgent("Ada", changes);
    return decided(assign(aTicket(), { to, from: null, by: "person" }, AT)).warnings;
  };
  assert.deepEqual(warnings({ shifts: SHIFTS }), ["Ada is not on shift."]);
  assert.deepEqual(warnings({ shifts: SHIFTS, status: "offline" }), ["Ada is offline."]);
  const onBreak = { ...ON_SHIFT, status: "busy", onBreak: true } as const;
  assert.deepEqual(warnings(onBreak), ["Ada is on a break."]);
  assert.deepEqual(warnings(ON_SHIFT), []);
  assert.deepEqual(warnings({ ...ON_SHIFT, status: "busy" }), []);
});
