import { v7 } from "uuid";
import { newShift, SHIFT_MAX_MS } from "../../domain/rules/shift.ts";
import { nextShiftInstant } from "../../domain/rules/shift_advance.ts";
import { DAY_MS, HOUR_MS, type Instant, SECOND_MS } from "../../domain/rules/time.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { firstShiftDue, rollOver, rollOverAlone } from "../../domain/services/shift_rollover.ts";
import { difference } from "../../domain/store/records.ts";
import { shifts } from "../../domain/store/shift_kinds.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { testConfig } from "../support/desk.ts";
import { temporaryStorePath } from "../support/server.ts";
import { median, say } from "./timing.ts";

/** What a rollover costs with nothing due, over many shifts, against the same over few. */
const MANY = 20_000;
const FEW = 100;
/** An agent's shifts lie a day apart, half of them over, half of them still to come. */
const SHIFTS_EACH = 20;
/** Many short ones by turns: whatever else the machine does falls on both. */
const ROUNDS = 4_000;
/** The first warm both up. */
const WARM_UP = 200;
/** As many at once as the committer puts into one commit, and some that wait. */
const WRITTEN_AT_ONCE = 100;

const NOW: Instant = Date.UTC(2026, 0, 5, 9);

const LOOKS: readonly (readonly [what: string, look: (desk: Desk) => Promise<unknown>])[] = [
  ["the minute's job", nothingBy(rollOverAlone)],
  ["a rollover of all three indexes", nothingBy(rollOver)],
  ["the timer's look for what is next", ({ store }) => firstShiftDue(store)],
];

await using manyPath = await temporaryStorePath();
await using fewPath = await temporaryStorePath();
const desks = {
  many: await filledDesk(manyPath.path, MANY),
  few: await filledDesk(fewPath.path, FEW),
};
say(
  `${"milliseconds, the median".padEnd(38)}${String(MANY).padStart(9)}${
    String(FEW).padStart(9)
  }  ratio`,
);
for (const [what, look] of LOOKS) {
  const times = { many: [] as number[], few: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? ["many", "few"] as const : ["few", "many"] as const;
    for (const name of order) times[name].push(await timed(desks[name], look));
  }
  const [ofMany, ofFew] = [median(times.many.slice(WARM_UP)), median(times.few.slice(WARM_UP))];
  say(
    what.padEnd(38) + ofMany.toFixed(3).padStart(9) + ofFew.toFixed(3).padStart(9) +
      (ofMany / ofFew).toFixed(2).padStart(7),
  );
}
for (const { store } of Object.values(desks)) store.close();

function nothingBy(
  work: (desk: Desk) => Promise<object>,
): (desk: Desk) => Promise<void> {
  return async (desk) => {
    const done = await work(desk);
    if (Object.values(done).some((count) => count !== 0)) {
      throw new Error(`Something was due: ${JSON.stringify(done)}`);
    }
  };
}

async function timed(desk: Desk, look: (desk: Desk) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await look(desk);
  return performance.now() - startedAt;
}

async function filledDesk(path: string, count: number): Promise<Desk> {
  const store = await openStore(path, { now: () => NOW, newId: v7 });
  const startedAt = performance.now();
  for (let from = 0; from < count; from += WRITTEN_AT_ONCE) {
    const indexes = Array.from({ length: WRITTEN_AT_ONCE }, (_, index) => from + index);
    await Promise.all(indexes.map((index) => write(store, index)));
  }
  const seconds = (performance.now() - startedAt) / SECOND_MS;
  say(`${count} shifts written in ${seconds.toFixed(0)} s`);
  return await makeDesk(store, testConfig(), makePasswords(4));
}

async function write(store: Store, index: number): Promise<void> {
  const agentId = `agent-${Math.floor(index / SHIFTS_EACH)}`;
  const day = index % SHIFTS_EACH - SHIFTS_EACH / 2;
  const isOver = day < 0;
  const start = NOW + day * DAY_MS + (isOver ? 0 : SHIFT_MAX_MS) + index;
  const plan = { start, end: start + 8 * HOUR_MS, timezone: "UTC", breaks: [] };
  const planned = newShift(plan, { id: store.newId(), agentId }, start - DAY_MS);
  const shift = isOver
    ? { ...planned, status: "completed" as const, startedAt: start, endedAt: plan.end }
    : { ...planned, nextAt: nextShiftInstant(planned) };
  const mutations = difference(shifts, null, shift, store.now());
  const committed = await store.committer.submit({ checks: [], mutations, events: [] });
  if (committed === null) throw new Error("A shift was not committed");
}
