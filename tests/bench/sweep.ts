import { v7 } from "uuid";
import { DAY_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { sweepDue, type Swept } from "../../domain/services/sla_sweep.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { difference } from "../../domain/store/records.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { sampleTicket } from "../store/samples.ts";
import { testConfig } from "../support/desk.ts";
import { temporaryStorePath } from "../support/server.ts";
import { median, say } from "./timing.ts";

/** What a sweep costs with so many due, over many open tickets, against the same over few. */
const DUE = 100;
const MANY = 200_000;
const FEW = 2_000;
/** The first warms both up. A round's tickets become due in a minute of their own. */
const ROUNDS = 16;
/** As many at once as the committer puts into one commit, and some that wait. */
const WRITTEN_AT_ONCE = 100;

const START: Instant = Date.UTC(2026, 0, 5, 9);
/** Of the tickets' promise, four hours, when a warning is due, and when it is broken. */
const SWEEPS: readonly (readonly [what: string, minutes: number, kind: keyof Swept])[] = [
  [`${DUE} warnings`, 192, "warning"],
  [`${DUE} breaches, with a level each`, 240, "breach"],
];

/** A desk in a file, and the clock by which it goes. */
interface Filled {
  readonly desk: Desk;
  readonly clock: { at: Instant };
}

await using manyPath = await temporaryStorePath();
await using fewPath = await temporaryStorePath();
const many = await filledDesk(manyPath.path, MANY);
const few = await filledDesk(fewPath.path, FEW);
say(
  `${"milliseconds, the median".padEnd(38)}${String(MANY).padStart(9)}${
    String(FEW).padStart(9)
  }  ratio`,
);
for (const [what, minutes, kind] of SWEEPS) {
  const times = { many: [] as number[], few: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const at = START + (minutes + round) * MINUTE_MS + 1;
    times.many.push(await sweep(many, at, kind));
    times.few.push(await sweep(few, at, kind));
  }
  const [ofMany, ofFew] = [median(times.many.slice(1)), median(times.few.slice(1))];
  say(
    what.padEnd(38) + ofMany.toFixed(2).padStart(9) + ofFew.toFixed(2).padStart(9) +
      (ofMany / ofFew).toFixed(2).padStart(7),
  );
}
for (const { desk } of [many, few]) desk.store.close();

async function sweep({ desk, clock }: Filled, at: Instant, kind: keyof Swept): Promise<number> {
  clock.at = at;
  const startedAt = performance.now();
  const swept = await sweepDue(desk);
  const took = performance.now() - startedAt;
  if (swept[kind] !== DUE) throw new Error(`Swept ${JSON.stringify(swept)}`);
  return took;
}

async function filledDesk(path: string, count: number): Promise<Filled> {
  const clock = { at: START };
  const store = await openStore(path, { now: () => clock.at, newId: v7 });
  const startedAt = performance.now();
  for (let from = 0; from < count; from += WRITTEN_AT_ONCE) {
    const indexes = Array.from({ length: WRITTEN_AT_ONCE }, (_, index) => from + index);
    await Promise.all(indexes.map((index) => write(store, clock, index, count)));
  }
  const seconds = (performance.now() - startedAt) / SECOND_MS;
  say(`${count} tickets written in ${seconds.toFixed(0)} s`);
  return { desk: await makeDesk(store, testConfig(), makePasswords(4)), clock };
}

/** Those that become due in a round lie all over the file; of the others nothing is due for a day. */
async function write(
  store: Store,
  clock: { at: Instant },
  index: number,
  count: number,
): Promise<void> {
  const step = count / (DUE * ROUNDS);
  const turn = Math.floor(index / step);
  const isDue = Math.floor((index - 1) / step) !== turn && turn < DUE * ROUNDS;
  clock.at = START + (isDue ? turn % ROUNDS * MINUTE_MS : DAY_MS + index * SECOND_MS);
  const department = index % 3 === 0 ? "Support" : "Billing";
  const ticket = sampleTicket(store, { department, tags: [] });
  const mutations = difference(tickets, null, ticket, store.now());
  const committed = await store.committer.submit({ checks: [], mutations, events: [] });
  if (committed === null) throw new Error("A ticket was not committed");
}
