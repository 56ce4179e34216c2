import assert from "node:assert/strict";
import fc from "fast-check";
import { type Status, STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import { POINTER, tickets } from "../../domain/store/kinds.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { behind, keys } from "../../domain/store/keys.ts";
import { SCANNED_MAX, type TicketWalk, walkTickets } from "../../domain/store/paging.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { changedEvent, disturbed } from "./disturbed.ts";
import { add, memoryStore, sampleTicket } from "./samples.ts";

type Walk = Pick<TicketWalk, "prefixes" | "matches" | "ascending">;

/** Every page of a walk, from the newest ticket on, or from the oldest. */
async function walkAll(store: Store, walk: Walk, limit: number): Promise<Ticket[]> {
  const listed: Ticket[] = [];
  let place: string | null = null;
  do {
    const range: Pick<TicketWalk, "from" | "before"> = walk.ascending === true
      ? { from: place === null ? null : behind(place), before: null }
      : { from: null, before: place };
    const page = await walkTickets(store, { ...walk, ...range, limit });
    assert(page.items.length <= limit, `${page.items.length} items on a page of ${limit}`);
    listed.push(...page.items);
    place = page.next;
  } while (place !== null);
  return listed;
}

function idsOf(list: readonly Ticket[]): string[] {
  return list.map(({ id }) => id);
}

/** A status in which nothing else of the ticket has to change. */
const anyStatus = fc.constantFrom(...STATUSES);

async function setStatus(store: Store, id: string, status: Status): Promise<void> {
  granted(
    await transact(store, async (tx) => {
      const before = await tx.get(tickets, keys.ticket(id));
      assert(before !== null);
      const ticket: Ticket = { ...before, status };
      tx.put(tickets, ticket);
      tx.emit(changedEvent(ticket));
    }),
  );
}

async function open(store: Store, status: Status): Promise<Ticket> {
  const ticket = sampleTicket(store, { status });
  granted(
    await transact(store, (tx) => {
      tx.add(tickets, ticket);
      return Promise.resolve(tx.emit(changedEvent(ticket)));
    }),
  );
  return ticket;
}

/** What happens between two reads: a ticket moves, or a new one is opened. */
const anyHappening = fc.option(
  fc.record({ place: fc.nat(13), status: anyStatus }),
  { freq: 3 },
);

Deno.test("a walk over a list that changes repeats no ticket and skips none that matched all along", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStatus, { minLength: 1, maxLength: 12 }),
      fc.uniqueArray(anyStatus, { minLength: 1 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(anyHappening, { maxLength: 40 }),
      fc.boolean(),
      async (statuses, wanted, limit, happenings, ascending) => {
        using memory = await memoryStore();
        const { store } = memory;
        const ids: string[] = [];
        for (const status of statuses) ids.push((await open(store, status)).id);
        const steadily = new Map(
          ids.map((id, index) => [id, wanted.includes(at(statuses, index))]),
        );
        const ever = new Map(steadily);
        const watched = disturbed(memory, async () => {
          const happening = happenings.shift() ?? null;
          if (happening === null) return;
          const { place, status } = happening;
          const matches = wanted.includes(status);
          const id = ids[place];
          if (id === undefined) ever.set((await open(store, status)).id, matches);
          else {
            await setStatus(store, id, status);
            if (matches) ever.set(id, true);
            else steadily.set(id, false);
          }
        });
        const walk = {
          prefixes: wanted.map((status): KvKey => ["ticket_by_status", status]),
          matches: ({ status }: Ticket) => wanted.includes(status),
          ascending,
        };
        const listed = idsOf(await walkAll(watched, walk, limit));
        const inOrder = [...new Set(listed)].sort();
        if (!ascending) inOrder.reverse();
        assert.deepEqual(listed, inOrder, "each once, in order");
        const skipped = ids.filter((id) => steadily.get(id) === true && !listed.includes(id));
        assert.deepEqual(skipped, [], "matched all along");
        assert.deepEqual(listed.filter((id) => ever.get(id) !== true), [], "never matched");
      },
    ),
    { numRuns: 250 },
  );
});

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  assert(item !== undefined);
  return item;
}

Deno.test("a list that stands still is walked whole, whatever the size of its pages", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const opened: Ticket[] = [];
  for (let turn = 0; turn < 30; turn++) {
    opened.unshift(
      await add(store, tickets, sampleTicket(store, { status: at(STATUSES, turn % 7) })),
    );
  }
  const everything: Walk = { prefixes: [["ticket"]], matches: () => true };
  const byStatus: Walk = {
    prefixes: STATUSES.map((status) => ["ticket_by_status", status]),
    matches: () => true,
  };
  // A ticket that stands under two of the prefixes is one.
  const overlapping: Walk = { ...byStatus, prefixes: [...byStatus.prefixes, ["ticket"]] };
  for (const walk of [everything, byStatus, overlapping]) {
    for (const limit of [1, 7, 29, 30, 31]) {
      assert.deepEqual(await walkAll(store, walk, limit), opened);
      const back = await walkAll(store, { ...walk, ascending: true }, limit);
      assert.deepEqual(back, opened.toReversed());
    }
  }
  const [, second, third, , fifth] = idsOf(opened);
  assert(second !== undefined && third !== undefined && fifth !== undefined);
  const part = { ...byStatus, before: second, from: fifth, limit: 10 };
  const page = await walkTickets(store, part);
  assert.deepEqual(
    page,
    { items: opened.slice(2, 5), next: null, scanned: 3 },
    "from one place to another",
  );
  const back = await walkTickets(store, { ...part, ascending: true, limit: 2 });
  assert.deepEqual(
    back,
    { items: opened.slice(3, 5).reverse(), next: opened[3]?.id, scanned: 2 },
    "and back",
  );
});

Deno.test("tickets too large for a row of a list are listed whole", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const small = await add(store, tickets, sampleTicket(store));
  const large = await add(store, tickets, sampleTicket(store, { description: "x".repeat(9_000) }));
  assert.equal((await kv.get(keys.ticketByStatus("queued", large.id))).value, POINTER);
  assert.deepEqual((await kv.get(keys.ticketByStatus("queued", small.id))).value, small);
  for (const prefix of [["ticket"], ["ticket_by_status", "queued"], ["ticket_by_tag", "card"]]) {
    const walk = { prefixes: [prefix], matches: () => true };
    assert.deepEqual(await walkAll(store, walk, 1), [large, small]);
  }
});

Deno.test("a page ends early that looked at too much for what it found, and the next goes on", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const oldest = sampleTicket(store);
  const ids = [oldest.id, ...Array.from({ length: SCANNED_MAX }, () => store.newId())];
  for (let from = 0; from < ids.length; from += 500) {
    const atomic = kv.atomic();
    for (const id of ids.slice(from, from + 500)) {
      atomic.set(["ticket_by_tag", "many", id], { ...oldest, id });
    }
    await atomic.commit();
  }
  const walk = {
    prefixes: [["ticket_by_tag", "many"]],
    matches: ({ id }: Ticket) => id === oldest.id,
    from: null,
    limit: 5,
  };
  const first = await walkTickets(store, { ...walk, before: null });
  assert.deepEqual(first, { items: [], next: ids[1], scanned: SCANNED_MAX });
  const second = await walkTickets(store, { ...walk, before: first.next });
  assert.deepEqual(second, { items: [oldest], next: null, scanned: 1 });
  // A change far down is no reason to list what belongs to the next page.
  await add(store, tickets, oldest);
  let steps = 0;
  const watched = disturbed(memory, async () => {
    if (++steps === 10) await setStatus(store, oldest.id, "queued");
  });
  const two = { ...walk, prefixes: [...walk.prefixes, ["ticket_by_tag", "few"]] };
  assert.deepEqual(await walkTickets(watched, { ...two, before: null }), first);
});
