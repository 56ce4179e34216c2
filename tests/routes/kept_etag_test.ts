import assert from "node:assert/strict";
import type { KeyRecord } from "../../domain/services/idempotency.ts";
import { type Answer, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { open, say } from "../support/work.ts";

type Write = (headers: Record<string, string>, title?: string) => Promise<Answer>;

function editing(desk: TestDesk, person: Person, path: string): Write {
  return (headers, title = "Another") =>
    callRaw(desk, person, path, { method: "PATCH", body: JSON.stringify({ title }), headers });
}

Deno.test("an answer that is given again has the ETag that it had, though much has happened since", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  const path = `/api/tickets/${ticket.id}`;
  const edit = editing(desk, customer, path);
  // The second one changes nothing: its version is an earlier one than that of its own commit.
  for (const key of ["changes", "changes nothing"]) {
    const first = await edit({ "Idempotency-Key": key });
    const tag = first.headers.get("ETag") ?? "";
    assert.match(tag, /^"[0-9a-f]{20}\./);
    const shown = (await desk.call(customer, "GET", path)).headers.get("ETag");
    assert.equal(shown?.slice(0, 21), tag.slice(0, 21));
    assert.equal((await edit({ "If-Match": tag })).status, 200);
    await say(desk, customer, ticket, "A word.");
    const again = await edit({ "Idempotency-Key": key });
    assert.equal(again.headers.get("Idempotent-Replayed"), "true");
    assert.deepEqual([again.headers.get("ETag"), again.json], [tag, first.json]);
    assertProblem(await edit({ "If-Match": tag }, "A third"), 412, "stale");
  }
  await desk.assertSound();
});

Deno.test("of many edits at once with one key each that is answered has the same ETag", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  const edit = editing(desk, customer, `/api/tickets/${ticket.id}`);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => edit({ "Idempotency-Key": "same" })),
  );
  const done = answers.filter(({ status }) => status === 200);
  assert.ok(done.length > 0);
  assert.equal(new Set(done.map(({ headers }) => headers.get("ETag"))).size, 1);
  assert.ok(done.every(({ headers }) => headers.has("ETag")));
  await desk.assertSound();
});

Deno.test("an answer that was kept without a version is given again without an ETag", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  const edit = editing(desk, customer, `/api/tickets/${ticket.id}`);
  const first = await edit({ "Idempotency-Key": "old" });
  const { reader } = desk.desk.store;
  const prefix = ["idempotency", customer.actor.userId];
  const [kept] = await Array.fromAsync(reader.list<KeyRecord>({ prefix }));
  assert.ok(kept !== undefined && kept.value.state.name === "done");
  const { version, ...state } = kept.value.state;
  assert.notEqual(version, undefined);
  await reader.set(kept.key, { ...kept.value, state });
  const again = await edit({ "Idempotency-Key": "old" });
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual([again.headers.get("ETag"), again.json], [null, first.json]);
  await desk.assertSound();
});
