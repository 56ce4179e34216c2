import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { newWebhook, type Webhook } from "../../domain/rules/webhook.ts";
import {
  CIRCUIT_FAILURES,
  DISABLED_AFTER_MS,
  isCircuitOpen,
  isDelivered,
  judgeExtraTry,
  judgeTry,
  movePlace,
  newDelivery,
  PROBE_EVERY_MS,
  restartTries,
  RETRY_WAITS_MAX_MS,
  retryWaitMs,
  type SendOutcome,
  startProgress,
  TRIES_MAX,
  type WebhookDelivery,
  type WebhookProgress,
} from "../../domain/rules/webhook_delivery.ts";
import { OPENED } from "../support/builders.ts";

const URL_AND_TYPES = { url: "https://example.com/", eventTypes: ["ticket.created"] } as const;
const IDENTITY = { id: "webhook-1", secret: "whsec_x", createdBy: "user-admin" };
const WEBHOOK = newWebhook(URL_AND_TYPES, IDENTITY, OPENED);
const START = startProgress(WEBHOOK.id, "place-0", OPENED);
const MESSAGE = { type: "ticket.created", timestamp: "", data: {} } as const;
const DELIVERY = newDelivery(WEBHOOK.id, { id: "delivery-1", messageId: "m" }, MESSAGE, OPENED);
const FAILED: SendOutcome = { status: 500 };

interface State {
  readonly webhook: Webhook;
  readonly progress: WebhookProgress;
  readonly delivery: WebhookDelivery;
}

const FRESH: State = { webhook: WEBHOOK, progress: START, delivery: DELIVERY };

function judge(state: State, outcome: SendOutcome, at = OPENED, chance = 0.5): State {
  const attempt = { delivery: state.delivery, cursor: "place-1", happenedAt: OPENED };
  return judgeTry(state.webhook, state.progress, { ...attempt, outcome, at, chance });
}

Deno.test("only an answer of the two hundreds is a delivery", () => {
  const cases: [SendOutcome, boolean][] = [
    [{ status: 200 }, true],
    [{ status: 204 }, true],
    [{ status: 299 }, true],
    [{ status: 199 }, false],
    [{ status: 301 }, false],
    [{ status: 404 }, false],
    [{ status: 410 }, false],
    [{ status: 500 }, false],
    [{ failure: "timeout" }, false],
    [{ failure: "unreachable" }, false],
    [{ failure: "address_refused" }, false],
  ];
  for (const [outcome, expected] of cases) {
    assert.equal(isDelivered(outcome), expected, JSON.stringify(outcome));
  }
});

Deno.test("what is delivered moves the place behind it and forgets what failed before", () => {
  const failed = judge(judge(FRESH, FAILED), FAILED);
  const { webhook, progress, delivery } = judge(failed, { status: 204 }, OPENED + MINUTE_MS);
  assert.equal(webhook, WEBHOOK);
  assert.equal(progress.place, "place-1");
  assert.deepEqual([progress.failures, progress.failingSince, progress.waiting], [0, null, null]);
  assert.deepEqual([delivery.status, delivery.tries, delivery.nextTryAt], ["delivered", 3, null]);
  assert.equal(progress.logged, 1);
});

Deno.test("what fails waits at its place, each time about longer, with the wait left to chance", () => {
  let state = FRESH;
  let at = OPENED;
  for (const [index, boundMs] of RETRY_WAITS_MAX_MS.entries()) {
    state = judge(state, FAILED, at, 1);
    const probeMs = index + 1 >= CIRCUIT_FAILURES ? PROBE_EVERY_MS : 0;
    assert.equal(state.progress.place, "place-0");
    assert.equal(state.delivery.status, "waiting");
    assert.deepEqual(state.progress.waiting, { deliveryId: "delivery-1", tries: index + 1 });
    assert.equal(state.progress.nextTryAt, at + Math.max(boundMs, probeMs));
    assert.equal(state.delivery.nextTryAt, state.progress.nextTryAt);
    at = state.progress.nextTryAt;
  }
  assert.ok(at - OPENED <= DAY_MS, "all waits together are a day at most");
  assert.ok(at - OPENED >= 23 * HOUR_MS, "and not much less");
});

Deno.test("a wait lies between a second and its bound", () => {
  for (const [index, boundMs] of RETRY_WAITS_MAX_MS.entries()) {
    assert.equal(retryWaitMs(index + 1, 0), SECOND_MS);
    assert.equal(retryWaitMs(index + 1, 0.5), boundMs / 2);
    assert.equal(retryWaitMs(index + 1, 1), boundMs);
  }
});

Deno.test("after the last try an event is given up and the place moves on", () => {
  let state = FRESH;
  for (let tries = 1; tries < TRIES_MAX; tries++) state = judge(state, FAILED);
  assert.equal(state.progress.place, "place-0");
  state = judge(state, FAILED);
  assert.equal(state.delivery.status, "given-up");
  assert.equal(state.delivery.tries, TRIES_MAX);
  assert.deepEqual([state.progress.place, state.progress.waiting], ["place-1", null]);
  // The next event finds the circuit open: it is a probe.
  assert.equal(state.progress.nextTryAt, OPENED + PROBE_EVERY_MS);
  assert.equal(state.webhook.state.status, "active");
});

Deno.test("failures in a row open the circuit, whatever the event, and one delivery closes it", () => {
  let { progress } = FRESH;
  for (let failures = 1; failures <= CIRCUIT_FAILURES + 2; failures++) {
    // Each is the first failure of an event, which alone would come back within seconds.
    progress = judge({ ...FRESH, progress: { ...progress, waiting: null } }, FAILED).progress;
    const open = failures >= CIRCUIT_FAILURES;
    assert.equal(isCircuitOpen(progress), open, String(failures));
    assert.equal(progress.nextTryAt - OPENED >= PROBE_EVERY_MS, open);
  }
  assert.equal(isCircuitOpen(judge({ ...FRESH, progress }, { status: 200 }).progress), false);
});

Deno.test("who answers that it is gone is disabled at once, and what waits stays", () => {
  const { webhook, progress, delivery } = judge(FRESH, { status: 410 });
  assert.deepEqual(webhook.state, { status: "disabled", at: OPENED, reason: "gone" });
  assert.equal(progress.place, "place-0");
  assert.deepEqual([delivery.status, delivery.nextTryAt], ["waiting", null]);
});

Deno.test("a day of nothing but failures disables, a moment less or a delivery between does not", () => {
  const first = judge(FRESH, FAILED, OPENED);
  const end = OPENED + DISABLED_AFTER_MS;
  assert.equal(judge(first, FAILED, end - 1).webhook.state.status, "active");
  const disabled = judge(first, FAILED, end);
  assert.deepEqual(disabled.webhook.state, { status: "disabled", at: end, reason: "failing" });
  const healed = judge(judge(first, { status: 200 }, OPENED + HOUR_MS), FAILED, end - 1);
  assert.equal(judge(healed, FAILED, end + HOUR_MS).webhook.state.status, "active");
});

Deno.test("whoever is made active again has all tries of what waits before it, from now on", () => {
  const at = OPENED + 2 * DAY_MS;
  const failed = judge(judge(FRESH, FAILED), { status: 410 });
  const restarted = restartTries(failed.progress, at);
  assert.deepEqual(restarted, {
    ...failed.progress,
    waiting: { deliveryId: "delivery-1", tries: 0 },
    nextTryAt: at,
    failures: 0,
    failingSince: null,
  });
  assert.equal(judge({ ...failed, progress: restarted }, FAILED, at).progress.waiting?.tries, 1);
});

Deno.test("a webhook that is moved knows nothing of what waited where it was", () => {
  const moved = movePlace(judge(FRESH, FAILED).progress, "place-9", OPENED + 1);
  assert.deepEqual([moved.place, moved.waiting, moved.failures], ["place-9", null, 0]);
});

Deno.test("an extra try moves nothing; when it arrives, what waits is tried at once", () => {
  const { progress } = judge(FRESH, FAILED);
  const failed = judgeExtraTry(progress, DELIVERY, FAILED, OPENED + 1);
  assert.equal(failed.delivery.status, "given-up");
  assert.equal(failed.progress.nextTryAt, progress.nextTryAt);
  assert.equal(failed.progress.failures, progress.failures);
  const arrived = judgeExtraTry(progress, failed.delivery, { status: 200 }, OPENED + 2);
  assert.deepEqual([arrived.delivery.status, arrived.delivery.tries], ["delivered", 2]);
  assert.equal(arrived.progress.nextTryAt, OPENED + 2);
  assert.deepEqual(arrived.progress.waiting, progress.waiting);
  const again = judgeExtraTry(progress, arrived.delivery, FAILED, OPENED + 3);
  assert.equal(again.delivery.status, "delivered", "it has been delivered once");
});
