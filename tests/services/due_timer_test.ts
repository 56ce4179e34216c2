import assert from "node:assert/strict";
import { startDueTimer } from "../../domain/services/due_timer.ts";
import { openDesk } from "../support/desk.ts";

Deno.test("what becomes due is swept again and again, a fault notwithstanding, until the timer is stopped", async () => {
  await using desk = await openDesk();
  let sweeps = 0;
  let goOn = (): void => {};
  const often = new Promise<void>((resolve) => goOn = resolve);
  const timer = startDueTimer(desk.desk, {
    name: "test",
    sweep() {
      sweeps += 1;
      if (sweeps === 3) goOn();
      // The first one fails, and is tried again a second later.
      return sweeps === 1 ? Promise.reject(new Error("Not now")) : Promise.resolve();
    },
    // Always in a moment, by a clock that stands still.
    firstDue: () => Promise.resolve(desk.clock.now()),
  });
  await often;
  await timer.stop();
  const before = sweeps;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(sweeps, before);
});
