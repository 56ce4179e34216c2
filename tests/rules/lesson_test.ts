import assert from "node:assert/strict";
import { lessonOf } from "../../domain/rules/lesson.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { aTicket } from "../support/builders.ts";

const RESOLVED: Ticket = {
  ...aTicket(),
  status: "resolved",
  resolvedAt: 1_000,
  category: "billing",
  priority: 2,
  filledIn: [],
};

Deno.test("a ticket teaches what a person has named, once it is resolved", () => {
  assert.equal(lessonOf({ ...RESOLVED, resolvedAt: null }, null), null);
  assert.deepEqual(lessonOf(RESOLVED, null)?.labels, { category: "billing", priority: "2" });
  const named = lessonOf({ ...RESOLVED, filledIn: ["priority"] }, null);
  assert.deepEqual([named?.labels, named?.wrong], [{ category: "billing" }, {}]);
  assert.equal(lessonOf({ ...RESOLVED, filledIn: ["category", "priority"] }, null), null);
});

Deno.test("of a ticket of an earlier version the defaults count as filled in", () => {
  const { filledIn: _, ...old } = RESOLVED;
  assert.deepEqual(lessonOf(old, null)?.labels, { category: "billing" });
  assert.equal(lessonOf({ ...old, category: "general" }, null), null);
});

Deno.test("a ticket teaches nothing twice, and takes back what was corrected", () => {
  const first = lessonOf(RESOLVED, null);
  assert.ok(first !== null && first.isFirst);
  assert.equal(lessonOf(RESOLVED, first.taught), null);
  const second = lessonOf({ ...RESOLVED, category: "technical" }, first.taught);
  assert.ok(second !== null && !second.isFirst);
  assert.deepEqual(second.labels, { category: "technical" });
  assert.deepEqual(second.wrong, { category: "billing" });
  assert.deepEqual(second.taught.labels, { category: "technical", priority: "2" });
  assert.equal(lessonOf({ ...RESOLVED, category: "technical" }, second.taught), null);
});

Deno.test("what was learned of another text is not taken back", () => {
  const first = lessonOf(RESOLVED, null);
  assert.ok(first !== null);
  const edited = { ...RESOLVED, category: "technical", description: "Something else." };
  assert.equal(lessonOf(edited, first.taught), null);
  // Accents and capitals make no other one.
  const same = { ...RESOLVED, category: "technical", title: RESOLVED.title.toUpperCase() };
  assert.deepEqual(lessonOf(same, first.taught)?.wrong, { category: "billing" });
});
