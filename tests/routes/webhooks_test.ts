import assert from "node:assert/strict";
import { WEBHOOK_EVENT_TYPES } from "../../domain/rules/webhook.ts";
import type { SendOutcome } from "../../domain/rules/webhook_delivery.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { assertSigned, makeReceiver, type Receiver } from "../support/webhooks.ts";
import { dataOf, look, open, type View, walk } from "../support/work.ts";

const INPUT = { url: "https://example.com/hook", eventTypes: ["ticket.created"] };
const PATH = "/api/webhooks";

interface Place extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly admin: Person;
  readonly receiver: Receiver;
  add(input?: object): Promise<View>;
}

async function openPlace(): Promise<Place> {
  const receiver = makeReceiver();
  const desk = await openDesk({}, receiver.send);
  const admin = await desk.join("admin");
  return {
    desk,
    admin,
    receiver,
    async add(input = {}) {
      return dataOf(await desk.call(admin, "POST", PATH, { ...INPUT, ...input }), 201);
    },
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a webhook shows its secret when it is made and when it is replaced, and never else", async () => {
  await using here = await openPlace();
  const { desk, admin } = here;
  const answer = await desk.call(admin, "POST", PATH, INPUT);
  const made = dataOf(answer, 201);
  const path = `${PATH}/${made.id}`;
  assert.equal(answer.headers.get("Location"), path);
  assert.match(made.secret, /^whsec_/);
  const rotated = dataOf(await desk.call(admin, "POST", `${path}/rotate-secret`), 200);
  assert.notEqual(rotated.secret, made.secret);
  const shown = [
    await look(desk, admin, path),
    ...await look(desk, admin, PATH),
    dataOf(await desk.call(admin, "PUT", path, { description: "The warehouse" }), 200),
    dataOf(await desk.call(admin, "DELETE", path), 200),
  ];
  assert.equal(shown.length, 4);
  for (const view of shown) assert.equal("secret" in view, false);
});

Deno.test("a webhook is told by itself of what happens, and shows how it goes", async () => {
  await using here = await openPlace();
  const { desk, admin, receiver } = here;
  const made = await here.add();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  await desk.background.idle();
  const [request] = receiver.got;
  assert.ok(request !== undefined);
  assertSigned(request, made.secret);
  assert.equal(JSON.parse(request.body).data.ticketId, ticket.id);
  const view = await look(desk, admin, `${PATH}/${made.id}`);
  assert.deepEqual([view.status, view.circuit, view.failures], ["active", "closed", 0]);
  assert.equal(view.lastDelivery.ok, true);
  assert.ok(view.place > made.place);
  const [delivery] = await look(desk, admin, `${PATH}/${made.id}/deliveries`);
  assert.equal(delivery.id, view.lastDelivery.id);
  assert.deepEqual(delivery.payload, JSON.parse(request.body));
  assert.deepEqual(delivery.lastTry, {
    at: new Date(desk.clock.now()).toISOString(),
    status: 204,
    failure: null,
  });
});

Deno.test("a webhook that fails says since when, and when it is tried again", async () => {
  await using here = await openPlace();
  const { desk, admin, receiver } = here;
  const { id } = await here.add();
  receiver.answer = () => ({ failure: "timeout" });
  await open(desk, await desk.join("user"));
  await desk.background.idle();
  const view = await look(desk, admin, `${PATH}/${id}`);
  const now = new Date(desk.clock.now()).toISOString();
  assert.deepEqual([view.failures, view.failingSince, view.lastDelivery.ok], [1, now, false]);
  assert.ok(view.nextTryAt > now);
  receiver.answer = () => ({ status: 410 });
  desk.clock.advance(60_000);
  dataOf(await desk.call(admin, "PUT", `${PATH}/${id}`, { url: "https://example.com/new" }), 200);
  await open(desk, await desk.join("user"));
  const gone = await look(desk, admin, `${PATH}/${id}`);
  assert.deepEqual([gone.status, gone.disabledReason, gone.nextTryAt], ["disabled", "gone", null]);
  const paused = await desk.call(admin, "PUT", `${PATH}/${id}`, { active: false });
  assert.equal(dataOf(paused, 200).status, "paused");
});

Deno.test("what a webhook cannot be is refused by the field that is wrong", async () => {
  await using here = await openPlace();
  const { desk, admin } = here;
  const { id } = await here.add();
  const wrong: [string, unknown][] = [
    ["url", "example.com"],
    ["url", "ftp://example.com/"],
    ["url", "http://localhost:8080/"],
    ["url", "http://169.254.169.254/latest"],
    ["url", "http://[::ffff:10.0.0.1]/"],
    ["url", "https://user:password@example.com/"],
    ["url", `https://example.com/${"x".repeat(2_000)}`],
    ["url", null],
    ["eventTypes", []],
    ["eventTypes.0", ["ticket.burnt"]],
    ["eventTypes.0", ["*"]],
    ["eventTypes", "ticket.created"],
    ["description", " "],
    ["active", "yes"],
    ["secret", "whsec_short"],
    ["secret", `whsec_${btoa("x".repeat(23))}`],
    ["secret", `whsec_${btoa("x".repeat(65))}`],
    ["secret", btoa("x".repeat(32))],
  ];
  for (const [path, value] of wrong) {
    const name = path.split(".")[0] ?? "";
    const answer = await desk.call(admin, "POST", PATH, { ...INPUT, [name]: value });
    assertProblem(answer, 400, "invalid_input");
    assert.equal(answer.json.errors[0].path, path, JSON.stringify(value));
    if (name === "secret") continue;
    assertProblem(
      await desk.call(admin, "PUT", `${PATH}/${id}`, { [name]: value }),
      400,
      "invalid_input",
    );
  }
  for (const bytes of [24, 32, 64]) await here.add({ secret: `whsec_${btoa("x".repeat(bytes))}` });
  await here.add({ eventTypes: WEBHOOK_EVENT_TYPES });
});

Deno.test("the log is walked newest first, each line once, and is one webhook's own", async () => {
  await using here = await openPlace();
  const { desk, admin } = here;
  const [one, two] = [await here.add(), await here.add()];
  const path = `${PATH}/${one.id}/deliveries`;
  for (let count = 0; count < 7; count++) {
    dataOf(await desk.call(admin, "POST", `${PATH}/${one.id}/test`), 200);
  }
  const lines = await walk(desk, admin, `${path}?limit=3`);
  const ids = lines.map(({ id }) => id);
  assert.equal(new Set(ids).size, 7);
  assert.deepEqual(ids, ids.toSorted().toReversed());
  assert.deepEqual(await look(desk, admin, `${PATH}/${two.id}/deliveries`), []);
  const { json } = await desk.call(admin, "GET", `${path}?limit=3`);
  const foreign = `${PATH}/${two.id}/deliveries?cursor=${json.nextCursor}`;
  assertProblem(await desk.call(admin, "GET", foreign), 400, "invalid_input");
});

Deno.test("a test or a replay with a key is sent once, however often it is asked for", async () => {
  await using here = await openPlace();
  const { desk, admin, receiver } = here;
  const { id } = await here.add();
  const headers = { "Idempotency-Key": "once" };
  const path = `${PATH}/${id}/test`;
  const first = await callRaw(desk, admin, path, { headers });
  const again = await callRaw(desk, admin, path, { headers });
  assert.deepEqual(again.json, first.json);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.equal(receiver.got.length, 1);
  const replay = `${PATH}/${id}/deliveries/${first.json.data.id}/replay`;
  assert.equal(dataOf(await desk.call(admin, "POST", replay), 200).tries, 2);
  assert.equal(receiver.got.length, 2);
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<SendOutcome>();
  receiver.answer = () => (asked.resolve(), answered.promise);
  const slow = { "Idempotency-Key": "slow" };
  const sending = callRaw(desk, admin, path, { headers: slow });
  await asked.promise;
  receiver.answer = () => ({ status: 204 });
  const meanwhile = await callRaw(desk, admin, path, { headers: slow });
  assertProblem(meanwhile, 409, "request_in_progress");
  answered.resolve({ status: 204 });
  assert.equal(dataOf(await sending, 200).status, "delivered");
  assert.equal(receiver.got.length, 3);
  assertProblem(
    await desk.call(admin, "POST", replay.replace(first.json.data.id, id)),
    404,
    "not_found",
  );
});

Deno.test("an edit of another version is refused, though deliveries go on meanwhile", async () => {
  await using here = await openPlace();
  const { desk, admin } = here;
  const { id } = await here.add();
  const path = `${PATH}/${id}`;
  const etag = (await desk.call(admin, "GET", path)).headers.get("ETag") ?? "";
  await open(desk, await desk.join("user"));
  await desk.background.idle();
  const change = (etag: string): ReturnType<typeof callRaw> => {
    const body = JSON.stringify({ description: "A new one" });
    return callRaw(desk, admin, path, { method: "PUT", headers: { "If-Match": etag }, body });
  };
  assert.equal((await change(etag)).status, 200);
  assertProblem(await change(etag), 412, "stale");
});

Deno.test("a webhook goes on behind the event that it is told to, and not behind one to come", async () => {
  await using here = await openPlace();
  const { desk, admin, receiver } = here;
  const made = await here.add();
  await open(desk, await desk.join("user"));
  await desk.background.idle();
  const path = `${PATH}/${made.id}/replay`;
  const moved = dataOf(await desk.call(admin, "POST", path, { after: made.place }), 200);
  assert.equal(moved.place, made.place);
  for (const after of [`${"f".repeat(20)}-0`, "0", "yesterday", ""]) {
    assertProblem(await desk.call(admin, "POST", path, { after }), 400, "invalid_input");
  }
  await open(desk, await desk.join("user"));
  await desk.background.idle();
  assert.equal(receiver.got.length, 3);
});
