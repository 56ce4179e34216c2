import type { HistoryEntry } from "../../../domain/rules/event.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import { MINUTE_MS } from "../../../domain/rules/time.ts";
import type { Store } from "../../../domain/store/store.ts";
import { time } from "../shown.ts";
import { type Departed, departuresOf } from "./absences.ts";
import type { Comparison, Counts, Difference, Replayed } from "./compare.ts";
import type { ShiftEntry } from "./diary.ts";
import type { HeldTicket } from "./observer.ts";
import type { Run } from "./run.ts";
import type { Holding } from "./watch.ts";

/** A ticket that was taken from an agent who had left. */
export interface TakenTicket {
  readonly ticketId: string;
  readonly agentId: string;
  readonly at: Instant;
  readonly by: "left" | "deactivated";
  /** A promise broke that nobody had noticed until it was taken, or before that. */
  readonly wasEscalated: boolean;
}

/** What is known of tickets and of the absences of those who had them. */
export interface TicketStory {
  readonly replayed: readonly Replayed[];
  readonly departures: readonly Departed[];
  readonly taken: readonly TakenTicket[];
  readonly history: readonly HistoryEntry[];
}

export async function readTickets(
  store: Store,
  run: Run,
  replayed: readonly Replayed[],
): Promise<TicketStory> {
  const departures = departuresOf(replayed, run.jobs.ranAt);
  const rows = store.reader.list<HistoryEntry>({ prefix: ["history"] });
  const history = (await Array.fromAsync(rows)).map(({ value }) => value);
  const taken = history.flatMap(({ ticketId, action, at, details }): TakenTicket[] => {
    const { agent: agentId, by, from } = details;
    if (action !== "requeued" || typeof agentId !== "string") return [];
    if (by !== "left" && by !== "deactivated") return [];
    return [{ ticketId, agentId, at, by, wasEscalated: from === "escalated" }];
  });
  return { replayed, departures, taken, history };
}

/**
 * Holds what became of tickets against where their agents were: who was given one or took one, from
 * whom they were taken and from whom not, and where every open one was at every hour.
 */
export function compareTickets(run: Run, story: TicketStory): Comparison {
  const counts: Counts = new Map([
    ["tickets looked at", run.observer.ticketsSeen],
    ["given by the router", 0],
    ["claimed", 0],
    ["given beside a deed", 0],
    ["taken from who had left", 0],
    ["departures", story.departures.length],
  ]);
  const count = (what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);
  const lost = run.observer.lost.map(({ at, ticketId }): Difference => ({
    agentId: null,
    what: `ticket ${ticketId} at ${time(at)}`,
    desk: "is nobody's and does not wait",
    model: null,
  }));
  return {
    counts,
    differences: [
      ...lost,
      ...given(run, story, count),
      ...taken(run.watch.holdings, story, count),
      ...kept(run.observer.held, story),
    ],
  };
}

/** Whoever got a ticket from the router was on duty then, and whoever took one at work. */
function* given(
  run: Run,
  { replayed, history }: TicketStory,
  count: (what: string) => unknown,
): Generator<Difference> {
  const models = new Map(replayed.map(({ diary, model }) => [diary.agentId, model]));
  for (const { ticketId, at, details: { by, to } } of history) {
    if ((by !== "router" && by !== "claim") || typeof to !== "string") continue;
    if (run.besideAt.has(at)) {
      count("given beside a deed");
      continue;
    }
    count(by === "router" ? "given by the router" : "claimed");
    const minute = models.get(to)?.minute(at - at % MINUTE_MS);
    if (by === "router" ? minute?.onDuty : minute?.atWork) continue;
    const what = `ticket ${ticketId} at ${time(at)}`;
    yield { agentId: to, what, desk: `came to it by ${by}`, model: minute };
  }
}

/**
 * What was taken from an agent was taken when it had been away for the time of grace, and nobody had
 * begun with it.
 */
function* taken(
  holdings: readonly Holding[],
  { taken, departures }: TicketStory,
  count: (what: string) => unknown,
): Generator<Difference> {
  const held = new Map(
    holdings.map((holding) => [`${holding.ticketId} ${holding.agentId} ${holding.to}`, holding]),
  );
  for (const { ticketId, agentId, at, by, wasEscalated } of taken) {
    if (by !== "left") continue;
    count("taken from who had left");
    const isDue = departures.some((each) =>
      each.agentId === agentId && each.dueAt <= at && at <= each.doneAt
    );
    const holding = held.get(`${ticketId} ${agentId} ${at}`);
    // What was escalated has been started only where somebody answered it.
    const isStarted = wasEscalated ? holding?.isAnswered : holding?.isStarted;
    if (isDue && isStarted === false) continue;
    yield {
      agentId,
      what: `ticket ${ticketId} at ${time(at)}`,
      desk: "was taken from it as it had left",
      model: isStarted === true ? "had been started" : "was not due",
    };
  }
}

/** Who is away for longer than the grace has nothing left that it has not started. */
function* kept(
  held: readonly HeldTicket[],
  { replayed, departures }: TicketStory,
): Generator<Difference> {
  const byAgent = Map.groupBy(departures, ({ agentId }) => agentId);
  const entries = new Map(replayed.map(({ diary }) => [diary.agentId, diary.entries]));
  const told = new Set<string>();
  for (const { at, ticketId, agentId, since, isStarted, dueAt, isInTime } of held) {
    const departed = (byAgent.get(agentId) ?? []).find((each) =>
      !isStarted && since < each.wentAt && each.dueAt < at
    );
    const isLate = isInTime && dueAt !== null && dueAt <= at;
    const isLeft = isInTime && dueAt === null && departed !== undefined;
    const isGone = !isActiveAt(entries.get(agentId) ?? [], at);
    if (!isLate && !isLeft && !isGone) continue;
    // Of each ticket it is told once.
    if (told.has(ticketId)) continue;
    told.add(ticketId);
    const desk = isGone
      ? "is with who was deactivated"
      : isLate
      ? `was to be taken from it at ${time(dueAt)}`
      : `is with it since ${time(since)} and has not been started`;
    const model = departed === undefined ? null : `left at ${time(departed.wentAt)}`;
    yield { agentId, what: `ticket ${ticketId} at ${time(at)}`, desk, model };
  }
}

function isActiveAt(entries: readonly ShiftEntry[], at: Instant): boolean {
  const last = entries.findLast(({ deed, answer, at: then }) =>
    then <= at && answer === "granted" && /activate$/.test(deed.verb)
  );
  return last?.deed.verb !== "deactivate";
}
