import assert from "node:assert/strict";
import {
  breachClock,
  type Clock,
  fulfilClock,
  startClock,
  targetOf,
} from "../../domain/rules/clock.ts";
import { resolveClocks } from "../../domain/rules/sla.ts";
import { countsOf } from "../../domain/rules/sla_counts.ts";
import type { Measured } from "../../domain/rules/sla_metrics.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import {
  aClock,
  aTicket,
  aTicketIn,
  HOURS,
  minute,
  OPENED,
  someClocks,
} from "../support/builders.ts";

/** The counts in short: the hour since the ticket was opened, what, and for durations the minutes. */
function inShort(all: readonly Measured[]): string[] {
  return all.flatMap(({ counts }) =>
    counts.map(({ hour, measure, milliseconds }) => {
      const minutes = milliseconds === null ? "" : ` ${milliseconds / MINUTE_MS}`;
      return `${(hour - OPENED) / HOUR_MS} ${measure}${minutes}`;
    })
  );
}

function withClocks(changes: Partial<Ticket["sla"]>, more: Partial<Ticket> = {}): Ticket {
  return aTicket({ sla: someClocks(changes), ...more });
}

function fulfilled(clock: Clock, minutes: number): Clock {
  return fulfilClock(clock, minute(minutes), HOURS);
}

const RESPONSE = aClock(60);
const RESOLUTION = aClock(480);
/** Of a customer's comment half an hour after the ticket was opened. */
const REPLY = startClock(targetOf(60, 80), minute(30), HOURS);

function broken(clock: Clock): Clock {
  return breachClock(clock, clock.dueAt);
}

/** Resolved after 100 minutes, and reopened after 400. */
const REOPENED: Partial<Ticket> = { firstResolvedAt: minute(100), resolvedMs: 300 * MINUTE_MS };

const CASES: readonly (readonly [
  what: string,
  before: Ticket | null,
  after: Ticket,
  counts: string[],
])[] = [
  ["a new ticket", null, aTicket(), ["0 created"]],
  ["a change of nothing that was promised", aTicket(), aTicket({ title: "Another" }), []],
  [
    "an answer in time",
    withClocks({}),
    withClocks({ response: fulfilled(RESPONSE, 60) }),
    ["1 response_met", "1 response_business 60", "1 response_wall 60"],
  ],
  [
    "a broken response, in the hour of its deadline",
    withClocks({}),
    withClocks({ response: broken(RESPONSE) }),
    ["1 response_breached"],
  ],
  [
    "an answer after that",
    withClocks({ response: broken(RESPONSE) }),
    withClocks({ response: fulfilled(broken(RESPONSE), 200) }),
    ["3 response_business 200", "3 response_wall 200"],
  ],
  [
    "an answer too late of which nobody had noticed that it was due",
    withClocks({}),
    withClocks({ response: fulfilled(RESPONSE, 200) }),
    ["1 response_breached", "3 response_business 200", "3 response_wall 200"],
  ],
  [
    "a further answer in time, since the customer asked",
    withClocks({ nextReply: REPLY }),
    withClocks({ nextReply: fulfilled(REPLY, 45) }),
    ["0 next_reply_met", "0 next_reply_business 15", "0 next_reply_wall 15"],
  ],
  [
    "a question after one that was answered",
    withClocks({ nextReply: fulfilled(broken({ ...REPLY, startedAt: OPENED }), 20) }),
    withClocks({ nextReply: REPLY }),
    [],
  ],
  [
    "an answer to it, after another was late",
    withClocks({ nextReply: { ...REPLY, brokenBefore: minute(10) } }),
    withClocks({ nextReply: fulfilled({ ...REPLY, brokenBefore: minute(10) }, 45) }),
    ["0 next_reply_met", "0 next_reply_business 15", "0 next_reply_wall 15"],
  ],
  [
    "a resolution that is the first answer too",
    withClocks({}),
    aTicket({ sla: resolveClocks(someClocks(), minute(50), HOURS), firstResolvedAt: minute(50) }),
    [
      "0 response_met",
      "0 response_business 50",
      "0 response_wall 50",
      "0 resolution_met",
      "0 resolution_business 50",
      "0 resolution_wall 50",
    ],
  ],
  [
    "a resolution without the answer that it needed",
    withClocks({ replyOnly: true }),
    aTicket({ sla: resolveClocks(someClocks({ replyOnly: true }), minute(50), HOURS) }),
    ["0 resolution_met", "0 resolution_business 50", "0 resolution_wall 50"],
  ],
  [
    "a second resolution, by all the time but that in which it was resolved",
    withClocks({
      resolution: { ...RESOLUTION, consumedMs: 100 * MINUTE_MS, activeSince: minute(400) },
    }, REOPENED),
    withClocks({
      resolution: fulfilled(
        {
          ...RESOLUTION,
          consumedMs: 100 * MINUTE_MS,
          activeSince: minute(400),
          dueAt: minute(780),
        },
        460,
      ),
    }, REOPENED),
    ["7 resolution_met", "7 repeat_business 160", "7 repeat_wall 160"],
  ],
  [
    "a second resolution of what was broken in the first stretch, as broken once more",
    withClocks({ resolution: { ...broken(RESOLUTION), isCounted: false } }, REOPENED),
    withClocks(
      { resolution: fulfilled({ ...broken(RESOLUTION), isCounted: false }, 660) },
      REOPENED,
    ),
    ["11 resolution_breached", "11 repeat_business 660", "11 repeat_wall 360"],
  ],
  [
    "a paused clock, and one that was given up",
    withClocks({ nextReply: REPLY }),
    withClocks({
      nextReply: { ...REPLY, state: "paused" },
      response: { ...RESPONSE, state: "cancelled" },
    }),
    [],
  ],
  [
    "a clock that was broken, then given up and taken up again",
    withClocks({ response: { ...broken(RESPONSE), state: "cancelled" } }),
    withClocks({ response: broken(RESPONSE) }),
    [],
  ],
];

for (const [what, before, after, counts] of CASES) {
  Deno.test(`${what} counts ${counts.join(", ") || "nothing"}`, () => {
    assert.deepEqual(inShort(countsOf(before, after)), counts);
  });
}

Deno.test("what is counted is told by how the ticket is after the change, and by who has it", () => {
  const assignee = { agentId: "agent-1", userId: "user-1" };
  const group = { department: " Billing ", priority: 1, category: "urgent" } as const;
  const after = withClocks({ response: fulfilled(RESPONSE, 5) }, { ...group, assignee });
  const told = countsOf(aTicket(group), after).map(({ counts: _, ...rest }) => rest);
  const { priority, category } = group;
  assert.deepEqual(told, [{ department: "billing", priority, category, agentId: "agent-1" }]);
  assert.deepEqual(countsOf(null, aTicket()).map(({ agentId }) => agentId), [null]);
});

const AMIRA = { agentId: "agent-amira", userId: "user-amira" };
const BEN = { agentId: "agent-ben", userId: "user-ben" };
const RESOLVED = aTicketIn("resolved", null, {
  assignee: AMIRA,
  credit: { agentId: AMIRA.agentId, minutes: 10, met: true },
});

/** Whose count, in which department, hour and of what. */
const WHOSE: readonly (readonly [
  what: string,
  before: Ticket,
  after: Ticket,
  counts: string[],
])[] = [
  [
    "a resolution",
    aTicketIn("in-progress", null, { assignee: AMIRA, sla: RESOLVED.sla }),
    RESOLVED,
    ["agent-amira general 0 finished"],
  ],
  [
    "a cancellation",
    aTicket(),
    aTicketIn("closed", null, { sla: someClocks(), resolvedAt: null, closedAt: minute(70) }),
    ["null general 1 finished"],
  ],
  ["the closing of what was resolved", RESOLVED, { ...RESOLVED, status: "closed" }, []],
  [
    "a reopening, for whoever had resolved it",
    RESOLVED,
    aTicketIn("in-progress", null, { assignee: BEN, sla: RESOLVED.sla, updatedAt: minute(130) }),
    ["agent-amira general 2 reopened"],
  ],
  [
    "another department, as a move of an open ticket",
    aTicket({ assignee: AMIRA }),
    aTicket({ assignee: AMIRA, department: "Cards", updatedAt: minute(61) }),
    ["null general 1 moved_out", "null cards 1 moved_in"],
  ],
  ["another spelling of it", aTicket(), aTicket({ department: "General" }), []],
  [
    "another priority and category",
    aTicket(),
    aTicket({ priority: 1, category: "urgent" }),
    ["null general 0 moved_out", "null general 0 moved_in"],
  ],
  ["another department of what is resolved", RESOLVED, { ...RESOLVED, department: "Cards" }, []],
  [
    "a move together with the resolution",
    aTicketIn("in-progress", null, { assignee: AMIRA, sla: RESOLVED.sla }),
    { ...RESOLVED, department: "Cards" },
    [
      "agent-amira cards 0 finished",
      "null general 0 moved_out",
      "null cards 0 moved_in",
    ],
  ],
  [
    "a rating, for whoever it is of",
    RESOLVED,
    { ...RESOLVED, rating: { score: 2, agentId: BEN.agentId, at: minute(200) } },
    ["agent-ben general 3 rated_2"],
  ],
  [
    "what was rated and is reopened",
    { ...RESOLVED, rating: { score: 2, agentId: null, at: minute(11) } },
    aTicket({ rating: { score: 2, agentId: null, at: minute(11) }, sla: RESOLVED.sla }),
    ["agent-amira general 0 reopened"],
  ],
];

for (const [what, before, after, expected] of WHOSE) {
  Deno.test(`${what} counts ${expected.join(", ") || "nothing"}`, () => {
    const all = countsOf(before, after);
    const told = all.flatMap((each) =>
      inShort([each]).map((count) => `${each.agentId} ${each.department} ${count}`)
    );
    assert.deepEqual(told, expected);
    const owners = all.map(({ counts: _, ...whose }) => JSON.stringify(whose));
    assert.equal(new Set(owners).size, owners.length, "one measurement for each");
  });
}
