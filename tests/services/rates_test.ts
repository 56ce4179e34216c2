import assert from "node:assert/strict";
import { MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { countAttempt, sweepRates } from "../../domain/services/rates.ts";
import { makeTurns } from "../../domain/store/turns.ts";
import { sweepLimits } from "../../jobs/sweep_limits.ts";
import { openDesk, refusalOf, type TestDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";

const HERE = "192.0.2.1";
const LIMITED = { AUTH_RATE_LIMIT_PER_MINUTE: "30" };

function attempt(desk: TestDesk, address = HERE): Promise<"counted" | Refusal> {
  return countAttempt(desk.desk, "login", address);
}

/** How many of so many attempts at once were let through. */
async function passing(desk: TestDesk, count: number, address = HERE): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: count }, () => attempt(desk, address)));
  return outcomes.filter((outcome) => !isRefusal(outcome)).length;
}

async function retryAfter(desk: TestDesk): Promise<unknown> {
  const outcome = await attempt(desk);
  assert.equal(refusalOf(outcome), "rate_limited");
  return isRefusal(outcome) ? outcome.facts?.["retryAfter"] : 0;
}

Deno.test("of a hundred attempts at once exactly thirty pass, of each address", async () => {
  await using desk = await openDesk(LIMITED);
  assert.deepEqual(
    await Promise.all([passing(desk, 100), passing(desk, 100, "192.0.2.2"), passing(desk, 7, "x")]),
    [30, 30, 7],
  );
  await desk.assertSound();
});

Deno.test("whoever waits as long as was said gets in, though they kept trying", async () => {
  await using desk = await openDesk(LIMITED);
  desk.clock.advance(50 * SECOND_MS);
  assert.equal(await passing(desk, 30), 30);
  // Ten seconds to the end of the window, and two for one of thirty to fall out.
  for (let second = 12; second > 0; second--) {
    assert.equal(await retryAfter(desk), second);
    desk.clock.advance(SECOND_MS);
  }
  assert.equal(await attempt(desk), "counted");
  assert.equal(await retryAfter(desk), 2);
  await desk.assertSound();
});

Deno.test("the edge of a window gives no second limit", async () => {
  await using desk = await openDesk(LIMITED);
  desk.clock.advance(MINUTE_MS - 1);
  assert.equal(await passing(desk, 100), 30);
  desk.clock.advance(1);
  assert.equal(await passing(desk, 100), 0);
  desk.clock.advance(30 * SECOND_MS);
  assert.equal(await passing(desk, 100), 15);
  await desk.assertSound();
});

Deno.test("processes on one store count together, and never let more than the limit through", async () => {
  await using desk = await openDesk(LIMITED);
  const { store } = desk.desk;
  // As another process has them: all but the store is its own.
  const others = [1, 2, 3].map(() => ({ ...desk.desk, store: { ...store, turns: makeTurns() } }));
  const processes = [desk.desk, ...others];
  const outcomes = await Promise.all(
    processes.flatMap((each) =>
      Array.from({ length: 20 }, () => countAttempt(each, "login", HERE))
    ),
  );
  const passed = outcomes.filter((outcome) => !isRefusal(outcome)).length;
  // Those who meet at the very end may all be refused; what is left, is left for the next.
  assert.ok(passed > 30 - processes.length && passed <= 30, `${passed} passed`);
  assert.equal(passed + await passing(desk, 10), 30);
  for (const each of processes) {
    assert.equal(refusalOf(await countAttempt(each, "login", HERE)), "rate_limited");
  }
  await desk.assertSound();
});

Deno.test("what is refused leaves nothing in the store", async () => {
  await using desk = await openDesk(LIMITED);
  await passing(desk, 30);
  const before = await stored(desk.desk.store);
  assert.equal(await passing(desk, 50), 0);
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("windows that count no more are swept, those that count stay", async () => {
  await using desk = await openDesk(LIMITED);
  for (let client = 0; client < 600; client++) await attempt(desk, `address ${client}`);
  await passing(desk, 30);
  desk.clock.advance(MINUTE_MS);
  assert.equal(await sweepRates(desk.desk), 0);
  assert.equal(await passing(desk, 1), 0);
  desk.clock.advance(MINUTE_MS);
  assert.equal(await passing(desk, 5), 5);
  assert.deepEqual(await sweepLimits(desk.desk), { removed: 601 });
  assert.equal(await passing(desk, 30), 25);
  desk.clock.advance(2 * MINUTE_MS);
  assert.deepEqual(await sweepLimits(desk.desk), { removed: 1 });
  const names = [...(await stored(desk.desk.store)).keys()];
  assert.deepEqual(names.filter((name) => name.includes("rate")), []);
  await desk.assertSound();
});
