import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { type Book, EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import {
  allConfigurations,
  calendarFor,
  CATEGORIES,
  configurationOf,
  isKnownCategory,
  knownCategories,
  pairOf,
  type SlaConfiguration,
  slaConfigurationFor,
} from "../../domain/rules/sla_configuration.ts";
import { PRIORITIES, type Priority } from "../../domain/rules/ticket.ts";

/** A book in which these pairs are stored, beside what stands in code. */
function bookWith(...stored: [Priority, string, Partial<SlaConfiguration>][]): Book {
  const configurations = new Map(
    stored.map(([priority, category, changes]) => {
      const base = slaConfigurationFor(EMPTY_BOOK, priority, category);
      return [pairOf(priority, category), { ...base, version: 1, ...changes }];
    }),
  );
  return { ...EMPTY_BOOK, version: 1, configurations };
}

function aCalendar(id: string, changes: Partial<Calendar> = {}): Calendar {
  return { ...DEFAULT_CALENDAR, id, name: id, version: 1, ...changes };
}

function bookOf(...calendars: Calendar[]): Book {
  return { ...EMPTY_BOOK, calendars: new Map(calendars.map((each) => [each.id, each])) };
}

const DEFAULTS: [Priority, string, number, number][] = [
  [1, "urgent", 30, 120],
  [1, "technical", 45, 240],
  [1, "billing", 60, 240],
  [1, "general", 60, 480],
  [2, "urgent", 60, 240],
  [2, "technical", 120, 480],
  [2, "billing", 120, 480],
  [2, "general", 240, 720],
  [3, "urgent", 120, 480],
  [3, "technical", 480, 1_440],
  [3, "billing", 480, 1_440],
  [3, "general", 480, 1_440],
];

Deno.test("every pair has its promise from the start", () => {
  for (const [priority, category, responseTime, resolutionTime] of DEFAULTS) {
    const configuration = slaConfigurationFor(EMPTY_BOOK, priority, category);
    assert.deepEqual({ ...configuration, escalationRules: [] }, {
      schema: 1,
      priority,
      category,
      responseTime,
      nextReplyTime: null,
      resolutionTime,
      pauseOnPending: true,
      replyOnly: false,
      escalationRules: [],
      calendarId: "default",
      version: 0,
      updatedAt: 0,
      appliedVersion: 0,
    });
  }
  const pairs = allConfigurations(EMPTY_BOOK).map(({ priority, category }) => [priority, category]);
  assert.deepEqual(
    pairs,
    PRIORITIES.flatMap((priority) => CATEGORIES.map((category) => [priority, category])),
  );
});

Deno.test("priority 1 escalates at one and two response times, priority 2 at one", () => {
  const rulesOf = (priority: Priority): [number, number][] =>
    slaConfigurationFor(EMPTY_BOOK, priority, "technical").escalationRules.map((rule) => {
      assert.deepEqual([rule.on, rule.reassign], ["response", false]);
      assert(rule.notifyRoles.includes("supervisor"));
      return [rule.level, rule.threshold];
    });
  assert.deepEqual(rulesOf(1), [[1, 45], [2, 90]]);
  assert.deepEqual(rulesOf(2), [[1, 120]]);
  assert.deepEqual(rulesOf(3), []);
});

Deno.test("what is stored of a pair replaces what stands in code, for that pair alone", () => {
  const book = bookWith([1, "billing", { responseTime: 7 }]);
  assert.equal(slaConfigurationFor(book, 1, "billing").responseTime, 7);
  assert.equal(slaConfigurationFor(book, 1, "general").responseTime, 60);
  assert.equal(slaConfigurationFor(book, 2, "billing").responseTime, 120);
});

Deno.test("a category that nobody configured has the targets of general of its priority", () => {
  for (const [priority, category, response, resolution] of DEFAULTS) {
    if (category !== "general") continue;
    for (const unknown of ["shipping", "", "General", "constructor", "__proto__"]) {
      const { responseTime, resolutionTime } = slaConfigurationFor(EMPTY_BOOK, priority, unknown);
      assert.deepEqual([responseTime, resolutionTime], [response, resolution], unknown);
      assert.equal(slaConfigurationFor(EMPTY_BOOK, priority, unknown).category, unknown);
    }
  }
});

Deno.test("a category without a configuration has that of general, as it is stored", () => {
  assert.equal(slaConfigurationFor(EMPTY_BOOK, 2, "returns").responseTime, 240);
  const book = bookWith([2, "general", { responseTime: 9 }], [3, "returns", { responseTime: 5 }]);
  const inherited = slaConfigurationFor(book, 2, "returns");
  assert.deepEqual([inherited.responseTime, inherited.category], [9, "returns"]);
  assert.equal(slaConfigurationFor(book, 3, "returns").responseTime, 5);
  assert.equal(slaConfigurationFor(book, 1, "returns").responseTime, 60);
  assert.equal(configurationOf(book, 2, "returns"), null);
});

Deno.test("a configuration for a new category makes it known at every priority", () => {
  assert.equal(isKnownCategory(EMPTY_BOOK, "returns"), false);
  assert.deepEqual(knownCategories(EMPTY_BOOK), [...CATEGORIES]);
  const book = bookWith([3, "returns", {}], [1, "returns", {}], [1, "cards", {}]);
  assert.equal(isKnownCategory(book, "returns"), true);
  assert.deepEqual(knownCategories(book), [...CATEGORIES, "cards", "returns"]);
  for (const category of knownCategories(book)) assert(isKnownCategory(book, category));
  assert.equal(allConfigurations(book).length, DEFAULTS.length + 3, "those it has, and no others");
});

Deno.test("a calendar that names the department counts instead of the configured one", () => {
  const book = bookOf(
    aCalendar("early"),
    aCalendar("shop", { departments: ["Billing", "Störung"] }),
  );
  assert.equal(calendarFor(book, "billing", "early").id, "shop");
  assert.equal(calendarFor(book, " STÖRUNG ", "default").id, "shop");
  assert.equal(calendarFor(book, "general", "early").id, "early");
});

Deno.test("a calendar that is deleted, or was never made, gives way to the one always open", () => {
  const book = bookOf(aCalendar("gone", { departments: ["billing"], deletedAt: 5 }));
  assert.equal(calendarFor(book, "billing", "gone"), DEFAULT_CALENDAR);
  assert.equal(calendarFor(book, "billing", "never"), DEFAULT_CALENDAR);
  assert.equal(calendarFor(EMPTY_BOOK, "billing", "default"), DEFAULT_CALENDAR);
});

Deno.test("the default calendar counts as it was edited", () => {
  const edited = aCalendar("default", { alwaysOpen: false, weekly: { mon: [["09:00", "17:00"]] } });
  assert.equal(calendarFor(bookOf(edited), "general", "default"), edited);
});
