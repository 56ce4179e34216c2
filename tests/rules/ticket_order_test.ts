import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ticket } from "../../domain/rules/ticket.ts";
import {
  ORDERS,
  pageOf,
  parsePlace,
  placeText,
  SORTS,
  type TicketOrder,
} from "../../domain/rules/ticket_order.ts";
import { aTicket } from "../support/builders.ts";

const SOONER = aTicket({ id: "a", number: 1, dueDate: 10, updatedAt: 30 });
const LATER = aTicket({ id: "b", number: 2, dueDate: 20, updatedAt: 20 });
const SAME = aTicket({ id: "c", number: 3, dueDate: 20, updatedAt: 20 });

const SORTED = {
  "-createdAt": [SAME, LATER, SOONER],
  "createdAt": [SOONER, LATER, SAME],
  "dueAt": [SOONER, LATER, SAME],
  "-updatedAt": [SOONER, SAME, LATER],
} as const;

for (const sort of SORTS) {
  Deno.test(`tickets sorted by ${sort}, the id deciding between equals`, () => {
    const everything = { place: null, skip: 0, limit: 10 };
    const { items, next } = pageOf([LATER, SAME, SOONER], ORDERS[sort], everything);
    assert.deepEqual(items, SORTED[sort]);
    assert.equal(next, null);
  });
}

Deno.test("a ticket without a due date of its own is due when it has to be resolved", () => {
  const ticket = aTicket({ dueDate: null });
  assert.equal(ORDERS.dueAt.valueOf(ticket), ticket.sla.resolution.dueAt);
});

Deno.test("a place is read as it was written, even from before 1970", () => {
  for (const value of [0, 1_767_600_000_000, -62_167_219_200_000]) {
    const place = { value, id: "0190a000-0000-7000-8000-000000000001" };
    assert.deepEqual(parsePlace(placeText(place)), place);
  }
});

const anyOrder: fc.Arbitrary<TicketOrder> = fc.constantFrom(...SORTS).map((sort) => ORDERS[sort]);
const anyTickets: fc.Arbitrary<Ticket[]> = fc
  .array(fc.record({ number: fc.nat(9), updatedAt: fc.nat(3), dueDate: fc.nat(3) }), {
    maxLength: 12,
  })
  .map((list) => list.map((changes, index) => aTicket({ id: `id-${index}`, ...changes })));

Deno.test("page by page one gets each ticket once, in the order of the whole", () => {
  fc.assert(
    fc.property(anyTickets, anyOrder, fc.integer({ min: 1, max: 5 }), (list, order, limit) => {
      const whole = pageOf(list, order, { place: null, skip: 0, limit: list.length + 1 }).items;
      assert.equal(new Set(whole).size, list.length);
      const walked: Ticket[] = [];
      for (let next: string | null = ""; next !== null;) {
        const place = next === "" ? null : parsePlace(next);
        const page = pageOf(list, order, { place, skip: 0, limit });
        walked.push(...page.items);
        next = page.next;
      }
      assert.deepEqual(walked, whole);
      const second = pageOf(list, order, { place: null, skip: limit, limit });
      assert.deepEqual(second.items, whole.slice(limit, 2 * limit));
    }),
  );
});
