import assert from "node:assert/strict";
import {
  ANSWER_KEPT_MS,
  findAnswer,
  type KeyedRequest,
} from "../../domain/services/idempotency.ts";
import { beginRun, type Run } from "../../domain/services/progress.ts";
import { processQueue } from "../../domain/services/routing.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, refusalOf, type TestDesk } from "../support/desk.ts";
import { open } from "../support/work.ts";

const KEYED = { userId: "somebody", key: "k", fingerprint: "f" };

Deno.test("a run that was taken over does no more, and its answer is not kept", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  await desk.background.stop();
  await desk.join("agent", { agent: { maxTickets: 100 } });
  for (let index = 0; index < 8; index++) await open(desk, customer);
  const first = granted(await beginRun<string>(desk.desk, KEYED));
  desk.clock.advance(20_000);
  await first.renew();
  desk.clock.advance(20_000);
  assert.equal(refusalOf(await beginRun(desk.desk, KEYED)), "request_in_progress");
  desk.clock.advance(11_000);
  const second = granted(await beginRun<string>(desk.desk, KEYED));
  await first.renew();
  const options = { limit: 8, dryRun: false };
  const [late, report] = await Promise.all(
    [first, second].map((run) => processQueue(desk.desk, options, run)),
  );
  assert.deepEqual([late?.assigned.length, report?.assigned.length], [0, 8]);
  const answer = { status: 200, location: null, contentType: "application/json", body: "late" };
  assert.equal(refusalOf(await first.end(answer)), "request_in_progress");
  await first.drop();
  assert.equal(await second.end({ ...answer, body: "right" }), null);
  assert.equal(refusalOf(await first.end(answer)), "request_in_progress");
  assert.equal(granted(await findAnswer(desk.desk, KEYED))?.body, "right");
  await desk.assertSound();
});

/** Notes one step of a request of many commits. */
async function note(desk: TestDesk, request: KeyedRequest, id: string): Promise<Run<string>> {
  const run = granted(await beginRun<string>(desk.desk, request));
  granted(await transact(desk.desk.store, (tx) => run.note(tx, id, "done")));
  return run;
}

Deno.test("what was done for a key is not taken for a request of the next day with the same key", async () => {
  await using desk = await openDesk();
  await note(desk, KEYED, "step");
  // The store removes what has expired when it comes to it.
  desk.clock.advance(ANSWER_KEPT_MS);
  const another = { ...KEYED, fingerprint: "another" };
  const { noted } = granted(await beginRun<string>(desk.desk, another));
  assert.deepEqual([...noted], []);
});

Deno.test("a shorter answer under a key of another day is not lengthened by what stood there", async () => {
  await using desk = await openDesk();
  const answer = { status: 200, location: null, contentType: "application/json" };
  for (const length of [100_000, 40_000]) {
    const run = granted(await beginRun(desk.desk, KEYED));
    assert.equal(await run.end({ ...answer, body: "x".repeat(length) }), null);
    const kept = granted(await findAnswer(desk.desk, KEYED));
    assert.equal(kept?.body.length, length);
    desk.clock.advance(ANSWER_KEPT_MS);
  }
});

Deno.test("a request that was refused after a step may be sent again, but none other with its key", async () => {
  await using desk = await openDesk();
  await (await note(desk, KEYED, "step")).drop();
  const another = { ...KEYED, fingerprint: "another" };
  assert.equal(refusalOf(await beginRun(desk.desk, another)), "idempotency_mismatch");
  const { noted } = granted(await beginRun<string>(desk.desk, KEYED));
  assert.deepEqual([...noted.keys()], ["step"]);
  // Where nothing was done the key is free.
  const idle = { ...KEYED, key: "idle" };
  await granted(await beginRun(desk.desk, idle)).drop();
  granted(await beginRun(desk.desk, { ...idle, fingerprint: "another" }));
});
