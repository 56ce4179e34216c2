import assert from "node:assert/strict";
import type { Desk } from "../../domain/services/desk.ts";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { sweepDue } from "../../domain/services/sla_sweep.ts";
import { JOBS } from "../../jobs/schedule.ts";
import { anotherProcess, openOverdue, toldOf } from "../support/overdue_desk.ts";

/** What a round announces the next one carries to everybody. */
const ROUNDS = 3;

/** Without any lease, neither their own nor that of the work itself. */
const SWEEPS: readonly ((desk: Desk) => Promise<unknown>)[] = [sweepDue, rollOver];

Deno.test("with leases switched off three processes at once do nothing twice, and all that one would do", async () => {
  await using alone = await openOverdue();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run } of JOBS) await run(alone.test.desk);
  }
  const expected = await toldOf(alone);
  assert.deepEqual([expected["left"], expected["repeated"]], [[], 0]);

  await using together = await openOverdue();
  const { desk } = together.test;
  const desks = [desk, await anotherProcess(desk), await anotherProcess(desk)];
  const works = [...JOBS.map(({ run }) => run), ...SWEEPS];
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(desks.flatMap((each) => works.map((work) => work(each))));
  }
  const told = await toldOf(together);
  for (const [what, of] of Object.entries(expected)) assert.deepEqual(told[what], of, what);
  await together.test.assertSound();
  await alone.test.assertSound();
});
