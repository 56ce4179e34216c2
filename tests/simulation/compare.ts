import type { HistoryEntry } from "../../domain/rules/event.ts";
import type { Notification } from "../../domain/rules/notification.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { read, type Store } from "../../domain/store/store.ts";
import type { Diary } from "./diary.ts";
import { replay } from "./model.ts";
import type { ModelTicket, Sample } from "./model_ticket.ts";
import { shownFact, shownModel, shownRecord, time } from "./shown.ts";

/** Something that the desk tells otherwise than the model. */
export interface Difference {
  /** Null where it is one of the figures. */
  readonly ticketId: string | null;
  readonly what: string;
  readonly desk: unknown;
  readonly model: unknown;
}

export interface Comparison {
  /** How much was compared of what. */
  readonly counts: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
  /** What the figures must be made of. */
  readonly samples: readonly Sample[];
}

/** In the order in which they are told. */
const COUNTED = [
  "tickets",
  "deeds",
  "sla_warning",
  "sla_breach",
  "escalated",
  "requeued",
  "updated",
  "closed",
  "notifications",
];

/**
 * Compares what came of every ticket with what the model makes of its diary: the history of what
 * happened by itself, the record, and who was told of it.
 */
export async function compareTickets(store: Store, diary: Diary): Promise<Comparison> {
  const counts = new Map<string, number>(COUNTED.map((what) => [what, 0]));
  const differences: Difference[] = [];
  const samples: Sample[] = [];
  const told = await toldOf(store);
  const count = (what: string, by: number): unknown =>
    counts.set(what, (counts.get(what) ?? 0) + by);
  for (const each of diary.tickets) {
    const { id } = each;
    const model = replay(diary, each);
    samples.push(...model.samples);
    const record = await read(store, tickets, keys.ticket(id));
    const pairs: [string, unknown, unknown][] = [
      ["history", await historyOf(store, id, model), historyIn(model)],
      ["record", record === null ? null : shownRecord(record), shownModel(model)],
      ["notifications", told.get(id)?.sort() ?? [], toldIn(model)],
    ];
    for (const [what, desk, expected] of pairs) {
      if (JSON.stringify(desk) === JSON.stringify(expected)) continue;
      differences.push({ ticketId: id, what, desk, model: expected });
    }
    count("tickets", 1);
    count("deeds", each.entries.length);
    for (const { action } of model.happened) count(action, 1);
    count("notifications", model.told.length);
  }
  return { counts, differences, samples };
}

/** What nobody did to a ticket, in the order of its history, which is that of time. */
async function historyOf(
  store: Store,
  ticketId: string,
  { happened, vague }: ModelTicket,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let last = -Infinity;
  const rows = store.reader.list<HistoryEntry>({ prefix: ["history", ticketId] });
  for await (const { value: { at, action, performedBy, details } } of rows) {
    if (at < last) found.push([time(at), "is told after what came later"]);
    last = at;
    if (performedBy !== null) continue;
    if (action !== "updated") {
      const names = Object.keys(happened[found.length]?.details ?? details);
      found.push(shownFact(at, action, details, names));
      continue;
    }
    const names = Object.keys(details).filter((name) => !vague.get(at)?.has(name));
    if (names.some((name) => name.endsWith("Deadline"))) {
      found.push(shownFact(at, action, details, names));
    }
  }
  return found;
}

function historyIn({ happened }: ModelTicket): unknown[] {
  return happened.map(({ at, action, details }) =>
    shownFact(at, action, details, Object.keys(details))
  );
}

const TOLD: ReadonlySet<string> = new Set(["sla_warning", "sla_breach", "escalation"]);

/** Who was told when, by ticket. */
async function toldOf(store: Store): Promise<Map<string, string[]>> {
  const byTicket = new Map<string, string[]>();
  const rows = store.reader.list<Notification>({ prefix: ["notification"] });
  for await (const { value: { ticketId, type, recipient, createdAt } } of rows) {
    if (ticketId === null || !TOLD.has(type)) continue;
    const told = byTicket.get(ticketId) ?? [];
    byTicket.set(ticketId, told);
    told.push(`${time(createdAt)} ${type} ${recipient}`);
  }
  return byTicket;
}

function toldIn({ told }: ModelTicket): string[] {
  return told.map(({ userId, type, at }) => `${time(at)} ${type} ${userId}`).sort();
}
