import type { Actor } from "../../domain/rules/actor.ts";
import type { Sort } from "../../domain/rules/ticket_order.ts";
import { parseWordQuery } from "../../domain/rules/words.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { listTickets } from "../../domain/services/ticket_list.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { difference } from "../../domain/store/records.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { v7 } from "uuid";
import { sampleTicket } from "../store/samples.ts";
import { SETUP, testConfig } from "../support/desk.ts";
import { temporaryStorePath } from "../support/server.ts";
import { median, say } from "./timing.ts";

/** What a search costs over many tickets, against the same search over few. */
const MANY = 100_000;
const FEW = 1_000;
const FOUND = 20;
const BOTH = 10;
/** As many at once as the committer puts into one commit, and some that wait. */
const WRITTEN_AT_ONCE = 100;
const ROUNDS = 31;

const AGENT: Actor = {
  ...SETUP,
  role: "agent",
  agent: { id: "agent", department: "Support", teams: [] },
};

const searches: readonly (readonly [what: string, actor: Actor, q: string, sort: Sort])[] = [
  [`a word of ${FOUND} tickets`, SETUP, "seldom", "-createdAt"],
  [`a prefix of ${FOUND} tickets`, SETUP, "seld", "-createdAt"],
  [`two words of half each, ${BOTH} of both`, SETUP, "even odd", "-createdAt"],
  ["a word of every ticket", SETUP, "always", "-createdAt"],
  [`${FOUND} tickets by due date`, SETUP, "seldom", "dueAt"],
  ["a word of every ticket, by due date", SETUP, "always", "dueAt"],
  ["a word of half, for an agent", AGENT, "even", "-createdAt"],
  ["no word, by due date", SETUP, "", "dueAt"],
  ["no word, by last change", SETUP, "", "-updatedAt"],
];

await using manyPath = await temporaryStorePath();
await using fewPath = await temporaryStorePath();
const many = await filledDesk(manyPath.path, MANY);
const few = await filledDesk(fewPath.path, FEW);
say(
  `${"milliseconds, the median".padEnd(38)}${String(MANY).padStart(9)}${
    String(FEW).padStart(9)
  }  ratio`,
);
for (const [what, actor, q, sort] of searches) {
  const times = { many: [] as number[], few: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.many.push(await search(many, actor, q, sort));
    times.few.push(await search(few, actor, q, sort));
  }
  const [ofMany, ofFew] = [median(times.many), median(times.few)];
  say(
    what.padEnd(38) + ofMany.toFixed(2).padStart(9) + ofFew.toFixed(2).padStart(9) +
      (ofMany / ofFew).toFixed(2).padStart(7),
  );
}
for (const { store } of [many, few]) store.close();

async function search(desk: Desk, actor: Actor, q: string, sort: Sort): Promise<number> {
  const startedAt = performance.now();
  const words = parseWordQuery(q) ?? undefined;
  await listTickets(desk, actor, { filter: { words }, sort, place: null, skip: 0, limit: 20 });
  return performance.now() - startedAt;
}

async function filledDesk(path: string, count: number): Promise<Desk> {
  const store = await openStore(path, { now: Date.now, newId: v7 });
  const startedAt = performance.now();
  for (let from = 0; from < count; from += WRITTEN_AT_ONCE) {
    const indexes = Array.from({ length: WRITTEN_AT_ONCE }, (_, index) => from + index);
    await Promise.all(indexes.map((index) => write(store, index, count)));
  }
  say(`${count} tickets written in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  return await makeDesk(store, testConfig(), makePasswords(4));
}

async function write(store: Store, index: number, count: number): Promise<void> {
  const words = ["always", `number${index}`, index % 2 === 0 ? "even" : "odd"];
  if (index % (count / FOUND) === 0) words.push("seldom");
  if (index % (count / BOTH) === 0) words.push("odd");
  const ticket = sampleTicket(store, {
    number: index + 1,
    title: words.join(" "),
    department: index % 3 === 0 ? "Support" : "Billing",
    dueDate: store.now() + index * 7_919 % count * 60_000,
  });
  const mutations = difference(tickets, null, ticket, store.now());
  const committed = await store.committer.submit({ checks: [], mutations, events: [] });
  if (committed === null) throw new Error("A ticket was not committed");
}
