import assert from "node:assert/strict";
import { presentShiftEvent, shiftEvent, shiftMessage } from "../../domain/rules/shift_message.ts";
import type { ShiftEvent, ShiftHappening } from "../../domain/rules/shift_edges.ts";
import { advanced, clock, type Course, lunch, only, rostered } from "../support/shifts.ts";

/** A whole day of Ada's, with a break at noon. */
const COURSE: Course = advanced(
  rostered({ breaks: [lunch()], agent: { status: "online" } }),
  "18:00",
);

function happening(kind: ShiftEvent): ShiftHappening {
  const found = COURSE.happened.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`No ${kind} happened`);
  return found;
}

function inBerlin(kind: ShiftEvent): ShiftHappening {
  const found = happening(kind);
  return { ...found, shift: { ...found.shift, timezone: "Europe/Berlin" } };
}

Deno.test("an agent is told of what is to come, in the local time of its shift", () => {
  const cases: [ShiftEvent, string, string][] = [
    ["starting", "shift_starting", "Your shift starts at 10:00"],
    ["ending_30", "shift_ending", "Your shift ends at 18:00"],
    ["ending_5", "shift_ending", "Your shift ends at 18:00"],
    ["break_reminder", "break_reminder", "Your lunch starts at 13:00"],
  ];
  for (const [kind, type, message] of cases) {
    const told = shiftMessage(inBerlin(kind));
    assert.deepEqual([told?.type, told?.message, told?.ticketId], [type, message, null]);
    assert.equal(told?.metadata["shiftId"], "shift-1");
  }
  assert.equal(shiftMessage(happening("ending_30"))?.metadata["minutes"], 30);
  assert.equal(shiftMessage(happening("ending_5"))?.metadata["minutes"], 5);
});

Deno.test("of a shift that is shorter than the notice it is told how long it really lasts", () => {
  const short = rostered({ to: "09:03", agent: { status: "online" } });
  const told = advanced(short, "09:03").happened.find(({ kind }) => kind === "ending_5");
  assert.ok(told);
  assert.equal(shiftMessage(told)?.metadata["minutes"], 3);
});

Deno.test("what begins and ends is no message but an event, what is only planned neither", () => {
  const cases: [ShiftEvent, string | undefined][] = [
    ["started", "shift.started"],
    ["ended", "shift.ended"],
    ["break_started", "break.started"],
    ["break_ended", "break.ended"],
    ["starting", undefined],
    ["break_reminder", undefined],
  ];
  for (const [kind, type] of cases) {
    assert.equal(shiftEvent(happening(kind))?.type, type, kind);
    if (type !== undefined) assert.equal(shiftMessage(happening(kind)), null, kind);
  }
  const changed: ShiftHappening = { ...happening("started"), kind: "changed" };
  assert.deepEqual([shiftEvent(changed), shiftMessage(changed)], [null, null]);
});

Deno.test("an event tells the agent, the shift, the instant and what it is about", () => {
  const event = shiftEvent(happening("break_started"));
  assert.ok(event);
  assert.deepEqual([event.userId, event.at], ["user-ada", clock("12:00")]);
  assert.deepEqual(presentShiftEvent(event), {
    agentId: "agent-ada",
    shiftId: only(COURSE).id,
    at: "2026-03-02T12:00:00.000Z",
    breakId: "break-12:00",
    breakType: "lunch",
  });
  const started = shiftEvent(happening("started"));
  assert.ok(started);
  assert.equal(presentShiftEvent(started)["overtime"], false);
});

Deno.test("a break that its shift does not have is a defect", () => {
  const lost = { ...happening("break_started"), breakId: "none" };
  assert.throws(() => shiftEvent(lost), /none is none/);
});
