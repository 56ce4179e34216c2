import type { Store } from "../../../domain/store/store.ts";
import type { FeedEvent } from "../../../domain/rules/event.ts";
import type { Notification } from "../../../domain/rules/notification.ts";
import type { Shift } from "../../../domain/rules/shift.ts";
import { FEED_START, readFeed } from "../../../domain/store/feed.ts";
import { time } from "../shown.ts";
import type { AgentDiary, ShiftDiary } from "./diary.ts";
import { replayAgent } from "./model.ts";
import type { ModelAgent, ModelFact, ModelShift } from "./model_result.ts";

/** Something that the desk tells otherwise than the model. */
export interface Difference {
  /** Null where it is of the whole desk. */
  readonly agentId: string | null;
  readonly what: string;
  readonly desk: unknown;
  readonly model: unknown;
}

export type Counts = Map<string, number>;

export interface Comparison {
  readonly counts: Counts;
  readonly differences: readonly Difference[];
}

/** An agent's diary, and what the model makes of it. */
export interface Replayed {
  readonly diary: AgentDiary;
  readonly model: ModelAgent;
}

export function replayAll(diary: ShiftDiary): Replayed[] {
  return diary.agents.map((each) => ({ diary: each, model: replayAgent(diary, each) }));
}

/**
 * Compares what came of all that was tried: the answers, the shifts and their breaks, what agents
 * were told and what the feed has of it, each once and at its instant.
 */
export async function compareStories(
  store: Store,
  replayed: readonly Replayed[],
): Promise<Comparison> {
  const counts: Counts = new Map();
  const differences: Difference[] = [];
  const [shifts, told, happened] = [
    await shiftsOf(store),
    await toldOf(store),
    await happenedIn(store),
  ];
  const count = (what: string, by: number): unknown =>
    counts.set(what, (counts.get(what) ?? 0) + by);
  for (const { diary: { agentId, userId, entries }, model } of replayed) {
    const { facts, answers } = model;
    const [ofFeed, ofUser] = [facts.filter(isEvent), facts.filter((fact) => !isEvent(fact))];
    const pairs: [string, unknown[], unknown[]][] = [
      [
        "answers",
        entries.map((entry) => [time(entry.at), entry.place, entry.deed.verb, entry.answer]),
        entries.map((
          entry,
          index,
        ) => [time(entry.at), entry.place, entry.deed.verb, answers[index]]),
      ],
      [
        "shifts",
        (shifts.get(agentId) ?? []).sort(byText),
        model.shifts.filter(isMade).map(shownModel).sort(byText),
      ],
      ["notifications", (told.get(userId) ?? []).sort(byText), ofUser.map(shownFact).sort(byText)],
      ["events", (happened.get(agentId) ?? []).sort(byText), ofFeed.map(shownFact).sort(byText)],
    ];
    for (const [what, desk, expected] of pairs) {
      count(what, expected.length);
      if (JSON.stringify(desk) === JSON.stringify(expected)) continue;
      differences.push({ agentId, what, desk, model: expected });
    }
    for (const { what } of facts) count(what, 1);
  }
  return { counts, differences };
}

/**
 * Where a pattern ended before a late rollover the desk makes no shift, only to cancel it; the model
 * has a name of its own for it, with a space.
 */
function isMade({ id, status, startedAt }: ModelShift): boolean {
  return !id.includes(" ") || status !== "cancelled" || startedAt !== null;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

type Shown = readonly (string | number | boolean | null | readonly unknown[])[];

function timeOf(at: number | null): string | null {
  return at === null ? null : time(at);
}

async function shiftsOf(store: Store): Promise<Map<string, Shown[]>> {
  const byAgent = new Map<string, Shown[]>();
  for await (const { value: shift } of store.reader.list<Shift>({ prefix: ["shift"] })) {
    const breaks = shift.breaks.map((each) => ({ ...each, missed: each.missed === true }));
    const shown = shownModel({ ...shift, overtime: shift.overtime === true, breaks });
    byAgent.set(shift.agentId, [...byAgent.get(shift.agentId) ?? [], shown]);
  }
  return byAgent;
}

function shownModel(shift: ModelShift): Shown {
  const { id, start, end, status, startedAt, endedAt, overtime, breaks } = shift;
  return [
    time(start),
    time(end),
    id,
    status,
    timeOf(startedAt),
    timeOf(endedAt),
    overtime ? "overtime" : "",
    ...breaks.map((each) => [
      each.id,
      each.type,
      time(each.start),
      time(each.end),
      each.status,
      timeOf(each.startedAt),
      timeOf(each.endedAt),
      each.missed ? "missed" : "",
    ]).sort(byText),
  ];
}

const EVENTS = ["shift.started", "shift.ended", "break.started", "break.ended"] as const;

function isEvent({ what }: Pick<ModelFact, "what">): boolean {
  return (EVENTS as readonly string[]).includes(what);
}

function shownFact({ at, what, shiftId, breakId }: ModelFact): Shown {
  return [time(at), what, shiftId, breakId];
}

const TOLD: ReadonlySet<string> = new Set(["shift_starting", "shift_ending", "break_reminder"]);

/** What each user was told of its shifts. */
async function toldOf(store: Store): Promise<Map<string, Shown[]>> {
  const byUser = new Map<string, Shown[]>();
  const rows = store.reader.list<Notification>({ prefix: ["notification"] });
  for await (const { value: { type, recipient, createdAt, metadata } } of rows) {
    if (!TOLD.has(type)) continue;
    const { shiftId, breakId, minutes } = metadata;
    const what = type === "shift_ending" ? `${type} ${minutes}` : type;
    const shown = [time(createdAt), what, shiftId ?? null, breakId ?? null];
    byUser.set(recipient, [...byUser.get(recipient) ?? [], shown]);
  }
  return byUser;
}

/** So much of the feed is read at a time. */
const FEED_READ_MAX = 500;

/** What the feed has of each agent's shifts. */
async function happenedIn(store: Store): Promise<Map<string, Shown[]>> {
  const byAgent = new Map<string, Shown[]>();
  let place = FEED_START;
  for (;;) {
    const entries = await readFeed(store, place, FEED_READ_MAX);
    for (const event of entries.flatMap(({ events }) => events)) {
      if (!isOfShift(event)) continue;
      const { at, type, shiftId, agentId, details } = event;
      const shown = [time(at), type, shiftId, details["breakId"] ?? null];
      byAgent.set(agentId, [...byAgent.get(agentId) ?? [], shown]);
    }
    const last = entries.at(-1);
    if (last === undefined) return byAgent;
    place = last.versionstamp;
  }
}

function isOfShift(event: FeedEvent): event is Extract<FeedEvent, { shiftId: string }> {
  return "shiftId" in event;
}
