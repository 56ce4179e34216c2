import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { type Kv, openConnections } from "../../domain/store/open.ts";
import { makeStore } from "../../domain/store/store.ts";
import { runJob, runJobInTurn } from "../../jobs/job.ts";
import { BALANCING_JOBS, JOBS } from "../../jobs/schedule.ts";
import { testConfig } from "../support/desk.ts";
import { countedSources, fakeClock, START } from "../support/time.ts";

type Calls = Record<"reads" | "commits", number>;

/** The same connection, which counts what it is asked. */
function counting(kv: Kv, calls: Calls): Kv {
  return new Proxy(kv, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...options: unknown[]) => {
        if (name === "get" || name === "getMany" || name === "list") calls.reads += 1;
        if (name === "atomic") calls.commits += 1;
        return member.apply(target, options);
      };
    },
  });
}

Deno.test("a tick with nothing to do costs its turn one read and two commits, and who skips it one read", async () => {
  const calls: Calls = { reads: 0, commits: 0 };
  const { writer } = await openConnections(":memory:");
  const kv = counting(writer, calls);
  const clock = fakeClock(START);
  const desks: Desk[] = [];
  for (let index = 0; index < 2; index++) {
    const connections = { writer: kv, reader: kv, losesAnswers: false, checksMax: 10 };
    const store = makeStore(connections, countedSources(clock));
    desks.push(await makeDesk(store, testConfig(), makePasswords(4)));
  }
  const [first, second] = desks;
  assert(first !== undefined && second !== undefined);
  const patience = { pause: () => Promise.reject(new Error("No.")), signal: AbortSignal.any([]) };
  const costOf = async (work: () => Promise<void>): Promise<Calls> => {
    const before = { ...calls };
    await work();
    return { reads: calls.reads - before.reads, commits: calls.commits - before.commits };
  };
  for (const job of [...JOBS, ...Object.values(BALANCING_JOBS)]) {
    clock.advance(10 * MINUTE_MS);
    const alone = await costOf(() => runJob(job, first));
    assert.equal(alone.commits, 0, job.name);
    assert.ok(alone.reads <= 6, `${job.name} reads ${alone.reads} times`);
    const inTurn = await costOf(() => runJobInTurn(job, first, patience));
    assert.deepEqual(inTurn, { reads: alone.reads + 1, commits: 2 }, job.name);
    const skipped = await costOf(() => runJobInTurn(job, second, patience));
    assert.deepEqual(skipped, { reads: 1, commits: 0 }, job.name);
  }
  writer.close();
});
