import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { parsePlace, type Place } from "../../domain/rules/ticket_order.ts";
import { hasWords, parseWordQuery, ticketWords, type WordQuery } from "../../domain/rules/words.ts";
import { LIST_LIMITS } from "../../domain/services/ticket_list.ts";
import { findCandidates, listFound } from "../../domain/services/ticket_search.ts";
import { keys } from "../../domain/store/keys.ts";
import { tickets } from "../../domain/store/kinds.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { numbersBelow } from "../../domain/store/words.ts";
import { changedEvent, disturbed } from "../store/disturbed.ts";
import { memoryStore, sampleTicket } from "../store/samples.ts";
import { faultsOf, granted } from "../support/desk.ts";

/** Few words, some of them beginnings of others, so that histories meet and questions find. */
const VOCABULARY = ["card", "cards", "car", "c", "lost", "Löst", "4", "银行"];
const anyText = fc.array(fc.constantFrom(...VOCABULARY), { maxLength: 5 })
  .map((words) => words.join(" "));
const anyRequester = fc.constantFrom("ada", "bob");
const anyOpening = fc.record({ title: anyText, description: anyText, createdBy: anyRequester });
const anyEdit = fc.record({ place: fc.nat(19), title: anyText, description: anyText });
const anyQuery = fc.oneof(
  anyText.map(parseWordQuery),
  fc.constantFrom("ca", "ca lost", "los", "银").map(parseWordQuery),
).filter((query) => query !== null);

async function open(store: Store, changes: Partial<Ticket>): Promise<Ticket> {
  const ticket = sampleTicket(store, changes);
  granted(
    await transact(store, (tx) => {
      tx.add(tickets, ticket);
      return Promise.resolve(tx.emit(changedEvent(ticket)));
    }),
  );
  return ticket;
}

async function edit(store: Store, id: string, changes: Partial<Ticket>): Promise<Ticket> {
  return granted(
    await transact(store, async (tx) => {
      const before = await tx.get(tickets, keys.ticket(id));
      assert(before !== null);
      const after = { ...before, ...changes };
      tx.put(tickets, after);
      tx.emit(changedEvent(after));
      return after;
    }),
  );
}

/** Every page of a search by the index, as a customer or, with null, as somebody who sees all. */
async function searchAll(
  store: Store,
  query: WordQuery,
  createdBy: string | null,
  limit: number,
): Promise<Ticket[]> {
  const found: Ticket[] = [];
  let place: Place | null = null;
  for (;;) {
    const candidates = await findCandidates(store, query);
    const page = await listFound(
      store,
      candidates,
      { matches: (ticket) => isFound(ticket, query, createdBy) },
      { place, skip: 0, limit },
      LIST_LIMITS.foundMax,
    );
    assert(page.items.length <= limit);
    found.push(...page.items);
    if (page.next === null) return found;
    place = parsePlace(page.next);
  }
}

function isFound(ticket: Ticket, query: WordQuery, createdBy: string | null): boolean {
  return hasWords(ticketWords(ticket), query) &&
    (createdBy === null || ticket.createdBy === createdBy);
}

Deno.test("after any history a search by the index finds what a look at every ticket finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyOpening, { maxLength: 20 }),
      fc.array(anyEdit, { maxLength: 20 }),
      fc.array(anyQuery, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      async (openings, edits, queries, limit) => {
        using memory = await memoryStore();
        const { store } = memory;
        // At the same moment, so that several share a commit.
        const all = await Promise.all(openings.map((opening) => open(store, opening)));
        await Promise.all(edits.map(async ({ place, title, description }) => {
          const ticket = all[place];
          if (ticket === undefined) return;
          all[place] = await edit(store, ticket.id, { title, description });
        }));
        const now = await Promise.all(all.map(({ id }) => current(store, id)));
        const newest = now.sort((a, b) => b.number - a.number);
        for (const query of queries) {
          for (const createdBy of [null, "ada"]) {
            const expected = newest.filter((ticket) => isFound(ticket, query, createdBy));
            assert.deepEqual(await searchAll(store, query, createdBy, limit), expected);
          }
          const { exactly } = await findCandidates(store, query);
          assert.equal(exactly, newest.filter((ticket) => isFound(ticket, query, null)).length);
        }
        assert.deepEqual((await faultsOf(store)).filter(({ kind }) => kind !== "broken"), []);
      },
    ),
    { numRuns: 100 },
  );
});

async function current(store: Store, id: string): Promise<Ticket> {
  const { value } = await store.reader.get<Ticket>(keys.ticket(id));
  assert(value !== null);
  return value;
}

Deno.test("a search while words change repeats no ticket and skips none that had them all along", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyOpening, { minLength: 1, maxLength: 12 }),
      anyQuery,
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.option(anyEdit, { freq: 3 }), { maxLength: 40 }),
      async (openings, query, limit, happenings) => {
        using memory = await memoryStore();
        const { store } = memory;
        const all: Ticket[] = [];
        for (const opening of openings) all.push(await open(store, opening));
        const steadily = new Set(all.filter((ticket) => isFound(ticket, query, null)));
        const watched = disturbed(memory, async () => {
          const happening = happenings.shift() ?? null;
          const ticket = happening === null ? undefined : all[happening.place];
          if (happening === null || ticket === undefined) return;
          const { title, description } = happening;
          const after = await edit(store, ticket.id, { title, description });
          if (!isFound(after, query, null)) steadily.delete(ticket);
        });
        const found = await searchAll(watched, query, null, limit);
        const numbers = found.map(({ number }) => number);
        const inOrder = [...new Set(numbers)].sort((a, b) => b - a);
        assert.deepEqual(numbers, inOrder, "each once, newest first");
        const skipped = [...steadily].filter(({ number }) => !numbers.includes(number));
        assert.deepEqual(skipped, [], "had the words all along");
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a ticket that goes from one word to another with the prefix meanwhile is found", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const ticket = await open(store, { number: 7, title: "card" });
  // Between the two words stand more groups than are read at once.
  const atomic = kv.atomic();
  for (let group = 0; group < 600; group++) atomic.sum(["word", "cars", 1_000 + group], 1n);
  await atomic.commit();
  let steps = 0;
  const watched = disturbed(memory, async () => {
    // The greatest word is read first: the ticket comes to it when it has been passed.
    if (++steps === 20) await edit(store, ticket.id, { title: "cart" });
  });
  const query = parseWordQuery("car");
  assert(query !== null);
  const { numbers } = await findCandidates(watched, query);
  assert(numbers !== null && [...numbersBelow(numbers, 1_000)].includes(7));
});
