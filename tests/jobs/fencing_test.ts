import assert from "node:assert/strict";
import type { Desk } from "../../domain/services/desk.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { type Draft, OWN_CHECKS_MAX } from "../../domain/store/draft.ts";
import { keys, keyText } from "../../domain/store/keys.ts";
import { sessions } from "../../domain/store/kinds.ts";
import type { SlotLease } from "../../domain/store/slot_lease.ts";
import { transact } from "../../domain/store/transact.ts";
import { runJobInTurn } from "../../jobs/job.ts";
import { BALANCING_JOBS, JOBS } from "../../jobs/schedule.ts";
import { granted, openDesk } from "../support/desk.ts";
import { anotherProcess, openOverdue } from "../support/overdue_desk.ts";
import { open } from "../support/work.ts";

/** For ticks that find nobody at work, and are told to stop by nobody. */
const NO_PATIENCE = {
  pause: () => Promise.reject(new Error("There is nobody to wait for")),
  signal: new AbortController().signal,
};

/** The same desk, and all that is committed through it from now on. */
function noting(desk: Desk): { readonly desk: Desk; readonly drafts: Draft[] } {
  const { committer } = desk.store;
  const drafts: Draft[] = [];
  const submit: typeof committer.submit = (draft) => {
    drafts.push(draft);
    return committer.submit(draft);
  };
  return {
    desk: { ...desk, store: { ...desk.store, committer: { ...committer, submit } } },
    drafts,
  };
}

/** Agents' work is balanced before other jobs take it from them. */
const ALL_JOBS = [BALANCING_JOBS.rebalances, ...JOBS, BALANCING_JOBS.optimizes];

/** Whoever is online on the overdue desk can take it. */
const ROUTABLE = { requiredSkills: ["routing"] };

Deno.test("every commit of every job is fenced by its lease, with room for one check more", async () => {
  await using overdue = await openOverdue();
  const { clock } = overdue.test;
  const { desk, drafts } = noting(overdue.test.desk);
  let most = 0;
  for (let round = 0; round < 2; round++) {
    clock.advance(10 * MINUTE_MS);
    for (const job of ALL_JOBS) {
      const key = keyText(keys.lease(`job ${job.name}`));
      // The queue has been processed: something is to wait again.
      if (job === BALANCING_JOBS.optimizes) await open(overdue.test, overdue.admin, ROUTABLE);
      drafts.splice(0);
      await runJobInTurn(job, desk, NO_PATIENCE);
      // It is taken and given back; round one has something to do for every job.
      assert.ok(drafts.length > 2 || round > 0, job.name);
      for (const { checks } of drafts) {
        assert.ok(checks.some((check) => keyText(check.key) === key), job.name);
        most = Math.max(most, checks.length);
      }
    }
  }
  assert.ok(most <= OWN_CHECKS_MAX + 1, `${most} checks`);
  await overdue.test.assertSound();
});

Deno.test("a job that removes many at once stays within the checks that a commit may have", async () => {
  await using test = await openDesk();
  const { desk } = test;
  const { actor: { userId, sessionId } } = await test.join("user");
  const key = keys.session(userId, sessionId);
  granted(
    await transact(desk.store, async (tx) => {
      const session = await tx.get(sessions, key);
      assert(session !== null);
      for (let count = 0; count < 3 * OWN_CHECKS_MAX; count++) {
        tx.add(sessions, { ...session, id: desk.store.newId(), createdAt: 0, expiresAt: 0 });
      }
      tx.set(keys.intent("end_sessions", userId), desk.store.now());
      return "added";
    }),
  );
  const { desk: noted, drafts } = noting(desk);
  const job = JOBS.find(({ name }) => name === "resume-intents");
  assert(job !== undefined);
  await runJobInTurn(job, noted, NO_PATIENCE);
  const most = Math.max(...drafts.map(({ checks }) => checks.length));
  assert.equal(most, OWN_CHECKS_MAX + 1);
  assert.equal((await desk.store.reader.get(keys.intent("end_sessions", userId))).value, null);
  await test.assertSound();
});

Deno.test("a process that is told to stop commits no more, and another goes on at once", async () => {
  await using test = await openDesk();
  const { desk } = test;
  const other = await anotherProcess(desk);
  const stopping = new AbortController();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const written: string[] = [];
  const job = (name: string, wait: Promise<void>): Parameters<typeof runJobInTurn>[0] => ({
    name: "tidy-up",
    periodMs: MINUTE_MS,
    async run({ store }) {
      await wait;
      const outcome = await transact(store, (tx) => Promise.resolve(tx.set(keys.secret(name), 1)));
      written.push(`${name} ${outcome === undefined ? "wrote" : "was refused"}`);
      return {};
    },
  });
  const first = runJobInTurn(job("first", gate), desk, { ...NO_PATIENCE, signal: stopping.signal });
  while ((await desk.store.reader.get(keys.lease("job tidy-up"))).value === null);
  stopping.abort();
  open();
  await first;
  await runJobInTurn(job("second", gate), other, NO_PATIENCE);
  assert.deepEqual(written, ["first was refused", "second wrote"]);
  const { value } = await desk.store.reader.get<SlotLease>(keys.lease("job tidy-up"));
  assert.deepEqual([value?.token, value?.done], [2, true]);
  await test.assertSound();
});

Deno.test("what is resumed at the start waits for no minute, only for who is at it", async () => {
  await using test = await openDesk();
  const { desk, clock } = test;
  let runs = 0;
  const run = (): Promise<Record<string, number>> => Promise.resolve({ runs: runs += 1 });
  const regular = { name: "tidy-up", periodMs: MINUTE_MS, run };
  for (const [periodMs, expected] of [[MINUTE_MS, 1], [MINUTE_MS, 1], [null, 2], [null, 3]]) {
    await runJobInTurn({ ...regular, periodMs: periodMs ?? null }, desk, NO_PATIENCE);
    assert.equal(runs, expected);
  }
  const waits: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    clock.advance(milliseconds);
    return Promise.resolve();
  };
  // A process that dies in the middle of it.
  const { promise: never, reject: end } = Promise.withResolvers<Record<string, number>>();
  const other = await anotherProcess(desk);
  clock.advance(MINUTE_MS);
  const dead = runJobInTurn({ ...regular, run: () => never }, other, NO_PATIENCE);
  while ((await desk.store.reader.get<SlotLease>(keys.lease("job tidy-up"))).value?.done !== false);
  await runJobInTurn({ ...regular, periodMs: null }, desk, { ...NO_PATIENCE, pause });
  assert.deepEqual([runs, waits], [4, [15 * SECOND_MS]]);
  end(new Error("The process died"));
  await dead;
  await test.assertSound();
});

Deno.test("a tick at which the store does not answer ends, and the next one does the work", async () => {
  await using test = await openDesk();
  const { desk } = test;
  const { committer } = desk.store;
  const submit = (): Promise<never> => Promise.reject(new Error("The store is gone"));
  const cutOff = { ...desk, store: { ...desk.store, committer: { ...committer, submit } } };
  let runs = 0;
  const run = (): Promise<Record<string, number>> => Promise.resolve({ runs: runs += 1 });
  const job = { name: "tidy-up", periodMs: MINUTE_MS, run };
  await runJobInTurn(job, cutOff, NO_PATIENCE);
  assert.equal(runs, 0);
  await runJobInTurn(job, desk, NO_PATIENCE);
  assert.equal(runs, 1);
  await test.assertSound();
});
