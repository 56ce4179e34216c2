import assert from "node:assert/strict";
import { type FeedEvent, presentEvent, ticketFeedEvent } from "../../domain/rules/event.ts";
import { presentShiftEvent } from "../../domain/rules/shift_message.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import {
  changeWebhook,
  checkWebhookUrl,
  disableWebhook,
  messageOf,
  newWebhook,
  PREVIOUS_SECRET_SIGNS_MS,
  rotateSecret,
  signingSecrets,
  type Webhook,
  WEBHOOK_EVENT_TYPES,
} from "../../domain/rules/webhook.ts";
import { aTicket, minute, OPENED } from "../support/builders.ts";

const IDENTITY = { id: "webhook-1", secret: "whsec_first", createdBy: "user-admin" };

function aWebhook(input: Partial<Parameters<typeof newWebhook>[0]> = {}): Webhook {
  const url = "https://example.com/hook";
  return newWebhook({ url, eventTypes: ["ticket.created"], ...input }, IDENTITY, OPENED);
}

Deno.test("a new webhook is active unless told otherwise, and has each event once in their order", () => {
  assert.deepEqual(aWebhook().state, { status: "active" });
  assert.deepEqual(aWebhook({ active: false }).state, { status: "paused" });
  const eventTypes = ["ticket.closed", "ticket.created", "ticket.closed"] as const;
  assert.deepEqual(aWebhook({ eventTypes }).eventTypes, ["ticket.created", "ticket.closed"]);
});

Deno.test("a change sets what it names and keeps the rest", () => {
  const before = aWebhook({ description: "The warehouse" });
  const at = minute(5);
  const cases: [Parameters<typeof changeWebhook>[1], Partial<Webhook>][] = [
    [{}, {}],
    [{ url: "https://example.com/2" }, { url: "https://example.com/2" }],
    [{ eventTypes: ["agent.status"] }, { eventTypes: ["agent.status"] }],
    [{ description: null }, { description: null }],
    [{ active: false }, { state: { status: "paused" } }],
    [{ active: true }, {}],
  ];
  for (const [changes, expected] of cases) {
    assert.deepEqual(changeWebhook(before, changes, at), { ...before, ...expected, updatedAt: at });
  }
});

Deno.test("what the desk disabled stays so until it is said to be active or paused", () => {
  const disabled = disableWebhook(aWebhook(), "failing", minute(3));
  assert.deepEqual(disabled.state, { status: "disabled", at: minute(3), reason: "failing" });
  const after = (active?: boolean): string =>
    changeWebhook(disabled, { active }, minute(4)).state.status;
  assert.deepEqual([after(), after(true), after(false)], ["disabled", "active", "paused"]);
});

Deno.test("after a rotation both secrets sign for a day, then the new one alone", () => {
  const rotated = rotateSecret(aWebhook(), "whsec_second", OPENED);
  const both = ["whsec_second", "whsec_first"];
  const end = OPENED + PREVIOUS_SECRET_SIGNS_MS;
  assert.deepEqual(signingSecrets(aWebhook(), OPENED), ["whsec_first"]);
  assert.deepEqual(signingSecrets(rotated, OPENED), both);
  assert.deepEqual(signingSecrets(rotated, end - 1), both);
  assert.deepEqual(signingSecrets(rotated, end), ["whsec_second"]);
  const again = rotateSecret(rotated, "whsec_third", OPENED);
  assert.deepEqual(signingSecrets(again, OPENED), ["whsec_third", "whsec_second"]);
});

const URLS: [url: string, whenPublic: boolean, whenPrivate: boolean][] = [
  ["https://example.com/hook", true, true],
  ["http://example.com:8080/?a=b", true, true],
  ["http://127.0.0.1:8080/", false, true],
  ["http://localhost/", false, true],
  ["http://[::1]/", false, true],
  ["http://2130706433/", false, true],
  ["http://169.254.169.254/latest/meta-data", false, true],
  ["ftp://example.com/", false, false],
  ["file:///etc/passwd", false, false],
  ["javascript:alert(1)", false, false],
  ["https://ada:secret@example.com/", false, false],
  ["example.com", false, false],
  ["https://", false, false],
];

for (const [url, whenPublic, whenPrivate] of URLS) {
  Deno.test(`a webhook may lead to ${url}: ${whenPublic}, with private addresses ${whenPrivate}`, () => {
    assert.equal(checkWebhookUrl(url, false) === null, whenPublic);
    const refusal = checkWebhookUrl(url, true);
    assert.equal(refusal === null, whenPrivate);
    if (isRefusal(refusal)) assert.equal(refusal.errors?.[0]?.path, "url");
  });
}

Deno.test("every event of a ticket is told as staff see it, internal ones too", () => {
  for (const type of WEBHOOK_EVENT_TYPES) {
    if (!type.startsWith("ticket.")) continue;
    const fact = { event: type as "ticket.created", action: "created", details: {} } as const;
    for (const internal of [false, true]) {
      const event = ticketFeedEvent({ ...fact, internal }, aTicket(), "user-ada", minute(7));
      assert.deepEqual(messageOf(event), {
        type,
        timestamp: new Date(minute(7)).toISOString(),
        data: presentEvent(event),
      });
    }
  }
});

Deno.test("the queue and agents are told of; what concerns one person alone never leaves", () => {
  const ticket = { ...aTicket(), assignee: null };
  const queue: FeedEvent = { type: "queue.changed", at: OPENED, ticket, change: "entered" };
  assert.equal(messageOf(queue)?.data["change"], "entered");
  const agent = { agentId: "a", userId: "u", status: "busy" } as const;
  const timestamp = new Date(minute(1)).toISOString();
  assert.deepEqual(messageOf({ type: "agent.changed", at: minute(1), onBreak: true, ...agent }), {
    type: "agent.status",
    timestamp,
    data: { ...agent, onBreak: true, at: timestamp },
  });
  const kept: FeedEvent[] = [
    { type: "user.changed", userId: "u", role: "admin" },
    { type: "session.ended", userId: "u", sessionId: "s" },
    { type: "intent.made", name: "n", id: "i" },
    { type: "sla.changed", version: 1 },
  ];
  for (const event of kept) assert.equal(messageOf(event), null);
});

Deno.test("the start and the end of shifts and breaks are told, as on the socket", () => {
  const types = WEBHOOK_EVENT_TYPES.filter((type) => /^(shift|break)[.]/.test(type));
  assert.equal(types.length, 4);
  for (const type of types) {
    const event = {
      type: type as "shift.started",
      at: minute(3),
      agentId: "a",
      userId: "u",
      shiftId: "s",
      details: { overtime: false },
    };
    const timestamp = new Date(minute(3)).toISOString();
    assert.deepEqual(messageOf(event), { type, timestamp, data: presentShiftEvent(event) });
  }
});
