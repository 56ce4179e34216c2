import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import {
  comparePlaces,
  ORDERS,
  placeOf,
  type Sort,
  SORTS,
} from "../../domain/rules/ticket_order.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { hasWords, parseWordQuery, ticketWords, type WordQuery } from "../../domain/rules/words.ts";
import { LIST_LIMITS, listTickets, type TicketListing } from "../../domain/services/ticket_list.ts";
import type { TicketFilter } from "../../domain/services/ticket_scope.ts";
import { WORDS_READ_MAX } from "../../domain/services/ticket_search.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { transact } from "../../domain/store/transact.ts";
import { sampleTicket } from "../store/samples.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";

/** More than are ever sorted in memory, for somebody who sees all and for their requester. */
const { sortedMax } = LIST_LIMITS;
const LIMITS = { ...LIST_LIMITS, foundMax: sortedMax };
const TICKETS = sortedMax + 120;
const TICKETS_AT_ONCE = 20;

interface Wide {
  readonly desk: TestDesk;
  readonly boss: Actor;
  /** Requested all tickets but every fortieth. */
  readonly customer: Actor;
  /** Requested every fortieth. */
  readonly occasional: Actor;
  readonly all: readonly Ticket[];
}

async function openWideDesk(): Promise<Wide & AsyncDisposable> {
  const desk = await openDesk();
  const [boss, customer, occasional] = await Promise.all(
    (["supervisor", "user", "user"] as const).map((role) => desk.join(role)),
  );
  assert(boss !== undefined && customer !== undefined && occasional !== undefined);
  const { store } = desk.desk;
  const all = Array.from({ length: TICKETS }, (_, index) => {
    desk.clock.advance(MINUTE_MS);
    const now = store.now();
    return sampleTicket(store, {
      createdBy: (index % 40 === 0 ? occasional : customer).actor.userId,
      title: `Everywhere ${index % 25 === 0 ? "rare" : "common"} word${index % 7}`,
      // Neither order is that of creation; many are equal.
      dueDate: index % 2 === 0 ? null : now + (index * 7_919 % 500) * MINUTE_MS,
      updatedAt: now + (index * 104_729 % 300) * MINUTE_MS,
      category: index === 1_000 ? "odd" : "general",
    });
  });
  for (let from = 0; from < TICKETS; from += TICKETS_AT_ONCE) {
    granted(
      await transact(store, (tx) => {
        for (const ticket of all.slice(from, from + TICKETS_AT_ONCE)) tx.add(tickets, ticket);
        return Promise.resolve();
      }),
    );
  }
  return {
    desk,
    boss: boss.actor,
    customer: customer.actor,
    occasional: occasional.actor,
    all,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

function words(text: string): WordQuery {
  const query = parseWordQuery(text);
  assert(query !== null);
  return query;
}

function idsOf(list: readonly Ticket[]): string[] {
  return list.map(({ id }) => id);
}

function expected({ all, boss }: Wide, actor: Actor, filter: TicketFilter, sort: Sort): string[] {
  const order = ORDERS[sort];
  const fitting = all.filter((ticket) =>
    (actor === boss || ticket.createdBy === actor.userId) &&
    (filter.words === undefined || hasWords(ticketWords(ticket), filter.words)) &&
    (filter.category === undefined || ticket.category === filter.category)
  );
  return idsOf(fitting.sort((a, b) => comparePlaces(order, placeOf(order, a), placeOf(order, b))));
}

/** Every page of a list along its places. */
async function walkAll(
  { desk }: Wide,
  actor: Actor,
  filter: TicketFilter,
  sort: Sort,
): Promise<{ readonly ids: string[]; readonly pages: readonly TicketListing[] }> {
  const pages: TicketListing[] = [];
  let place: string | null = null;
  do {
    const request = { filter, sort, place, skip: 0, limit: 100 };
    const page: TicketListing = await listTickets(desk.desk, actor, request, LIMITS);
    pages.push(page);
    place = page.next;
  } while (place !== null);
  return { ids: idsOf(pages.flatMap(({ items }) => items)), pages };
}

Deno.test("a list that is too long to be sorted at once is walked whole in every order", async () => {
  await using wide = await openWideDesk();
  const { desk, boss, customer, occasional } = wide;
  const rare = { words: words("rare every") };
  for (const actor of [boss, customer, occasional]) {
    for (const sort of SORTS) {
      for (const filter of [{}, rare, { words: words("rar") }]) {
        const ids = expected(wide, actor, filter, sort);
        const walked = await walkAll(wide, actor, filter, sort);
        assert.deepEqual(walked.ids, ids);
        for (const { total, totalCapped } of walked.pages) {
          assert.deepEqual([total, totalCapped], [ids.length, false]);
        }
        const second = { filter, sort, place: null, skip: 10, limit: 10 };
        const { items } = await listTickets(desk.desk, actor, second);
        assert.deepEqual(idsOf(items), ids.slice(10, 20));
      }
    }
  }
  // Pages by number go on beyond what one page may look at.
  const far = { filter: {}, sort: "dueAt", place: null, skip: sortedMax, limit: 10 } as const;
  const { items } = await listTickets(desk.desk, boss, far);
  assert.deepEqual(idsOf(items), expected(wide, boss, {}, "dueAt").slice(sortedMax).slice(0, 10));
  await desk.assertSound();
});

Deno.test("of words that too many tickets have the newest are sorted, and the total says so", async () => {
  await using wide = await openWideDesk();
  const { desk, boss, customer, all } = wide;
  const filter = { words: words("everywhere") };
  const newest = await walkAll(wide, boss, filter, "-createdAt");
  assert.deepEqual(newest.ids, expected(wide, boss, filter, "-createdAt"));
  assert.deepEqual([newest.pages[0]?.total, newest.pages[0]?.totalCapped], [TICKETS, false]);

  const byDue = await walkAll(wide, boss, filter, "dueAt");
  const known = { ...wide, all: all.slice(-sortedMax) };
  assert.deepEqual(byDue.ids, expected(known, boss, filter, "dueAt"));
  assert.deepEqual([byDue.pages[0]?.total, byDue.pages[0]?.totalCapped], [sortedMax, true]);

  // The index does not tell whose tickets have the word: they are looked at, so far.
  const request = { filter, sort: "-createdAt", place: null, skip: 0, limit: 1 } as const;
  const { total, totalCapped } = await listTickets(desk.desk, customer, request, LIMITS);
  const looked = new Set(idsOf(all.slice(-sortedMax)));
  const own = expected(wide, customer, filter, "-createdAt").filter((id) => looked.has(id));
  assert.deepEqual([total, totalCapped], [own.length, true]);
});

Deno.test("a page that looked at too much for what it found ends, and the next goes on", async () => {
  await using wide = await openWideDesk();
  const { boss } = wide;
  for (
    const [sort, filter] of [
      ["dueAt", { category: "odd" }],
      ["-createdAt", { category: "odd", words: words("everywhere") }],
    ] as const
  ) {
    const { ids, pages } = await walkAll(wide, boss, filter, sort);
    assert.deepEqual(ids, expected(wide, boss, filter, sort));
    assert.equal(pages.length, 2);
  }
});

Deno.test("of a long question every word counts, looked up or not", async () => {
  await using wide = await openWideDesk();
  const { desk, boss } = wide;
  const present = "everywhere rare my card it is lost word0".split(" ");
  const { store } = desk.desk;
  const many = Array.from({ length: WORDS_READ_MAX }, (_, index) => `w${index}`).join(" ");
  const [odd, even] = ["odd", "even"].map((last) =>
    sampleTicket(store, { createdBy: boss.userId, title: `${many} ${last} end` })
  );
  assert(odd !== undefined && even !== undefined);
  for (const ticket of [odd, even]) {
    granted(await transact(store, (tx) => Promise.resolve(tx.add(tickets, ticket))));
  }
  const whole = { ...wide, all: [...wide.all, odd, even] };
  for (const text of [present.join(" "), `${many} odd en`, `${many} nowhere en`]) {
    const filter = { words: words(text) };
    const { ids, pages } = await walkAll(whole, boss, filter, "-createdAt");
    assert.deepEqual(ids, expected(whole, boss, filter, "-createdAt"));
    assert.deepEqual([pages[0]?.total, pages[0]?.totalCapped], [ids.length, false]);
  }
});
