import assert from "node:assert/strict";
import { DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { type Book, EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import {
  pairOf,
  type SlaConfiguration,
  slaConfigurationFor,
} from "../../domain/rules/sla_configuration.ts";
import {
  CONFIGURATIONS_MAX,
  editConfiguration,
  type EditedConfiguration,
  type SlaConfigurationChanges,
} from "../../domain/rules/sla_configuration_edit.ts";
import type { Priority } from "../../domain/rules/ticket.ts";
import { minute } from "../support/builders.ts";
import { granted, refusalOf } from "../support/desk.ts";

const AT = minute(7);

function edit(
  book: Book,
  priority: Priority,
  category: string,
  changes: SlaConfigurationChanges,
  applyToOpen = false,
): EditedConfiguration {
  const said = { changes, applyToOpen };
  return granted(editConfiguration(book, { priority, category }, said, AT));
}

/** The book after an edit. */
function after(book: Book, { configuration }: EditedConfiguration): Book {
  const { priority, category, version } = configuration;
  const configurations = new Map(book.configurations);
  configurations.set(pairOf(priority, category), configuration);
  return { ...book, version, configurations };
}

Deno.test("an edit sets what it names, keeps the rest, and counts a version", () => {
  const before = slaConfigurationFor(EMPTY_BOOK, 1, "billing");
  const cases: [SlaConfigurationChanges, Partial<SlaConfiguration>][] = [
    [{ responseTime: 5 }, { responseTime: 5 }],
    [{ nextReplyTime: 9 }, { nextReplyTime: 9 }],
    [{ resolutionTime: 7 }, { resolutionTime: 7 }],
    [{ pauseOnPending: false }, { pauseOnPending: false }],
    [{ replyOnly: true }, { replyOnly: true }],
    [{ escalationRules: [] }, { escalationRules: [] }],
  ];
  for (const [changes, expected] of cases) {
    const edited = edit(EMPTY_BOOK, 1, "billing", changes);
    const configuration = { ...before, ...expected, version: 1, updatedAt: AT };
    assert.deepEqual(edited, {
      configuration,
      isNew: false,
      hasChanged: true,
      appliesToOpen: false,
    });
  }
});

Deno.test("what an edit takes away of a configuration is the time of the next reply alone", () => {
  const book = after(EMPTY_BOOK, edit(EMPTY_BOOK, 2, "general", { nextReplyTime: 30 }));
  const { configuration } = edit(book, 2, "general", { nextReplyTime: null });
  assert.equal(configuration.nextReplyTime, null);
  assert.equal(edit(book, 2, "general", { responseTime: 1 }).configuration.nextReplyTime, 30);
});

Deno.test("an edit that changes nothing is none", () => {
  const { responseTime, resolutionTime } = slaConfigurationFor(EMPTY_BOOK, 1, "billing");
  for (const changes of [{}, { responseTime, resolutionTime, calendar: "default" }]) {
    for (const applyToOpen of [false, true]) {
      const edited = edit(EMPTY_BOOK, 1, "billing", changes, applyToOpen);
      assert.equal(edited.hasChanged, false);
      assert.equal(edited.appliesToOpen, false);
      assert.equal(edited.configuration.version, 0);
    }
  }
});

Deno.test("what was edited for new tickets can be applied to open ones later, and once", () => {
  const first = edit(EMPTY_BOOK, 1, "billing", { responseTime: 5 });
  assert.equal(first.configuration.appliedVersion, 0);
  const book = after(EMPTY_BOOK, first);
  const applied = edit(book, 1, "billing", {}, true);
  assert.deepEqual([applied.hasChanged, applied.appliesToOpen], [true, true]);
  const { version, appliedVersion, responseTime } = applied.configuration;
  assert.deepEqual([version, appliedVersion, responseTime], [2, 2, 5]);
  assert.equal(edit(after(book, applied), 1, "billing", {}, true).hasChanged, false);
  const later = edit(after(book, applied), 1, "billing", { responseTime: 6 });
  assert.equal(later.configuration.appliedVersion, 2, "it has not reached them again");
});

Deno.test("a new pair begins with what held for it before, its rules told by its own times", () => {
  const { configuration, isNew } = edit(EMPTY_BOOK, 1, "returns", { responseTime: 10 });
  assert.equal(isNew, true);
  assert.deepEqual(configuration, {
    ...slaConfigurationFor(EMPTY_BOOK, 1, "general"),
    category: "returns",
    responseTime: 10,
    escalationRules: configuration.escalationRules,
    version: 1,
    updatedAt: AT,
  });
  assert.deepEqual(configuration.escalationRules.map(({ threshold }) => threshold), [10, 20]);
  // Rules that somebody has set are taken as they are.
  const [rule] = configuration.escalationRules;
  assert(rule !== undefined);
  const own = [{ ...rule, threshold: 7 }];
  const book = after(EMPTY_BOOK, edit(EMPTY_BOOK, 1, "general", { escalationRules: own }, true));
  const inherited = edit(book, 1, "returns", { responseTime: 10 }).configuration;
  assert.deepEqual(inherited.escalationRules, own);
  assert.equal(inherited.appliedVersion, 0);
  assert.equal(edit(book, 1, "returns", {}).hasChanged, true, "to be there is a change");
});

Deno.test("a pair that stands in code keeps the rules it shows, whatever its times become", () => {
  const { configuration } = edit(EMPTY_BOOK, 1, "general", { responseTime: 10 });
  assert.deepEqual(configuration.escalationRules.map(({ threshold }) => threshold), [60, 120]);
});

Deno.test("a configuration counts by a calendar that is there, and by no other", () => {
  const calendar = { ...DEFAULT_CALENDAR, id: "office" };
  const book = { ...EMPTY_BOOK, calendars: new Map([["office", calendar]]) };
  assert.equal(edit(book, 1, "billing", { calendar: "office" }).configuration.calendarId, "office");
  const gone = { ...EMPTY_BOOK, calendars: new Map([["office", { ...calendar, deletedAt: AT }]]) };
  for (const without of [EMPTY_BOOK, gone]) {
    const said = { changes: { calendar: "office" }, applyToOpen: false };
    const outcome = editConfiguration(without, { priority: 1, category: "billing" }, said, AT);
    assert(isRefusal(outcome));
    assert.equal(outcome.refused, "invalid_input");
    assert.deepEqual(outcome.errors?.map(({ path }) => path), ["calendar"]);
  }
});

Deno.test("there are so many configurations and not one more; those there are can be edited", () => {
  let book = EMPTY_BOOK;
  for (let index = 0; index < CONFIGURATIONS_MAX; index++) {
    book = after(book, edit(book, 1, `category-${index}`, {}));
  }
  const said = { changes: { responseTime: 1 }, applyToOpen: false };
  const outcome = editConfiguration(book, { priority: 1, category: "one-more" }, said, AT);
  assert.equal(refusalOf(outcome), "conflict");
  for (const category of ["category-7", "billing", "general"]) {
    assert.equal(edit(book, 1, category, { responseTime: 1 }).hasChanged, true, category);
  }
});
