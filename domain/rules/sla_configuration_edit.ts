import { invalidInput, type Refusal, refuse } from "./refusal.ts";
import { type Book, calendarOf } from "./sla_book.ts";
import {
  configurationOf,
  defaultRules,
  type EscalationRule,
  type Pair,
  pairOf,
  type SlaConfiguration,
  slaConfigurationFor,
  standsInCode,
} from "./sla_configuration.ts";
import type { Instant } from "./time.ts";

/** What is set of a configuration; what is not named stays. */
export interface SlaConfigurationChanges {
  readonly responseTime?: number | undefined;
  /** Null takes it away. */
  readonly nextReplyTime?: number | null | undefined;
  readonly resolutionTime?: number | undefined;
  readonly pauseOnPending?: boolean | undefined;
  readonly replyOnly?: boolean | undefined;
  readonly escalationRules?: readonly EscalationRule[] | undefined;
  /** A calendar's id. */
  readonly calendar?: string | undefined;
}

/** What becomes of a configuration by an edit. */
export interface EditedConfiguration {
  readonly configuration: SlaConfiguration;
  /** The pair had none of its own before. */
  readonly isNew: boolean;
  /** There is something to write. */
  readonly hasChanged: boolean;
  /** Tickets that are open now are to have it too. */
  readonly appliesToOpen: boolean;
}

/** Beside those of the pairs that stand in code, which can always be edited. */
export const CONFIGURATIONS_MAX = 300;

/**
 * The pair's configuration with these changes. What a new one does not name it has from what held
 * for the pair until now. Refuses with `invalid_input` a calendar that is not there, and with
 * `conflict` one configuration too many.
 */
export function editConfiguration(
  book: Book,
  pair: Pair,
  { changes, applyToOpen }: {
    readonly changes: SlaConfigurationChanges;
    readonly applyToOpen: boolean;
  },
  at: Instant,
): EditedConfiguration | Refusal {
  const { priority, category } = pair;
  const { calendar } = changes;
  if (calendar !== undefined && calendarOf(book, calendar) === null) {
    return invalidInput([{ path: "calendar", code: "custom", message: "There is no such one" }]);
  }
  const made = [...book.configurations.values()].filter((each) => !standsInCode(each));
  const isOneMore = !book.configurations.has(pairOf(priority, category)) &&
    !standsInCode({ priority, category });
  if (isOneMore && made.length >= CONFIGURATIONS_MAX) {
    const detail = `There are ${CONFIGURATIONS_MAX} configurations already, which is the most.`;
    return refuse("conflict", detail);
  }
  const own = configurationOf(book, priority, category);
  const before = own ?? { ...slaConfigurationFor(book, priority, category), appliedVersion: 0 };
  const after = withChanges(before, changes, own === null);
  const isNew = own === null;
  const hasChanged = isNew || JSON.stringify(before) !== JSON.stringify(after);
  const appliesToOpen = applyToOpen && (hasChanged || before.appliedVersion < before.version);
  if (!hasChanged && !appliesToOpen) {
    return { configuration: before, isNew, hasChanged, appliesToOpen };
  }
  const version = book.version + 1;
  const appliedVersion = appliesToOpen ? version : before.appliedVersion;
  const configuration = { ...after, version, updatedAt: at, appliedVersion };
  return { configuration, isNew, hasChanged: true, appliesToOpen };
}

/** The same fields in the same order, so that two can be compared as text. */
function withChanges(
  before: SlaConfiguration,
  changes: SlaConfigurationChanges,
  isNew: boolean,
): SlaConfiguration {
  const { nextReplyTime, responseTime = before.responseTime } = changes;
  const rules = isNew ? rulesFor(before, responseTime) : before.escalationRules;
  return {
    ...before,
    responseTime,
    nextReplyTime: nextReplyTime === undefined ? before.nextReplyTime : nextReplyTime,
    resolutionTime: changes.resolutionTime ?? before.resolutionTime,
    pauseOnPending: changes.pauseOnPending ?? before.pauseOnPending,
    replyOnly: changes.replyOnly ?? before.replyOnly,
    escalationRules: changes.escalationRules ?? rules,
    calendarId: changes.calendar ?? before.calendarId,
  };
}

/** The rules that a new pair begins with: those of the start are told by its own response time. */
function rulesFor(before: SlaConfiguration, responseTime: number): readonly EscalationRule[] {
  const { priority, escalationRules } = before;
  const ofTheStart = defaultRules(priority, before.responseTime);
  return JSON.stringify(escalationRules) === JSON.stringify(ofTheStart)
    ? defaultRules(priority, responseTime)
    : escalationRules;
}
