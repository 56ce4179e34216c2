import type { HistoryEntry } from "../../domain/rules/event.ts";
import { isOpen, type Priority, type Status, STATUSES } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { read, type Store } from "../../domain/store/store.ts";
import type { Kind } from "./diary.ts";

/** Something that happened to a ticket by its record and history, and what the ticket was then. */
export interface Turn {
  readonly at: Instant;
  readonly what: "opened" | "resolved" | "finished" | "reopened" | "rated" | "moved";
  readonly kind: Kind;
  /** Whether it was open after it. */
  readonly isOpen: boolean;
  /** Of a rating. */
  readonly score: number | null;
}

/** A ticket's life in short, in the order of time. */
export type Life = readonly Turn[];

/** The lives of all tickets, read one by one. */
export async function livesOf(store: Store, ids: readonly string[]): Promise<Life[]> {
  const lives: Life[] = [];
  for (const id of ids) lives.push(await lifeOf(store, id));
  return lives;
}

async function lifeOf(store: Store, id: string): Promise<Life> {
  const record = await read(store, tickets, keys.ticket(id));
  if (record === null) throw new Error(`Cannot find ticket ${id}`);
  const turns: Turn[] = [];
  let kind: Kind = { priority: 2, category: "", department: "" };
  let open = true;
  const note = (at: Instant, what: Turn["what"], score: number | null = null): unknown =>
    turns.push({ at, what, kind, isOpen: open, score });
  const entries = await Array.fromAsync(
    store.reader.list<HistoryEntry>({ prefix: ["history", id] }),
    ({ value, versionstamp }) => ({ ...value, commit: versionstamp }),
  );
  for (const { at, action, details } of inOrder(entries)) {
    if (action === "created") {
      kind = kindFrom(kind, details, "");
      note(at, "opened");
      continue;
    }
    if (action === "updated") {
      kind = kindFrom(kind, details, "To");
      if (open) note(at, "moved");
      continue;
    }
    if (action === "rated") note(at, "rated", record.rating?.score ?? null);
    if (action === "resolved") note(at, "resolved");
    const [from, to] = [details["from"], details["to"]].map(statusOf);
    if (from === undefined || to === undefined) continue;
    const wasOpen: boolean = open;
    open = isOpen({ status: to });
    if (wasOpen !== open) note(at, open ? "reopened" : "finished");
  }
  return turns;
}

type Committed = HistoryEntry & { readonly commit: string };

/**
 * Of one change an edit comes before the move that it came with, which is told first. Whoever edits
 * in the very millisecond after it moved the ticket does it in another commit.
 */
function inOrder(entries: readonly Committed[]): Committed[] {
  const rank = ({ action }: Committed): number => action === "updated" ? 0 : 1;
  const isOneChange = (a: Committed, b: Committed): boolean =>
    a.commit === b.commit && a.performedBy !== null && a.performedBy === b.performedBy;
  return entries.toSorted((a, b) => a.at - b.at || (isOneChange(a, b) ? rank(a) - rank(b) : 0));
}

function kindFrom(kind: Kind, details: HistoryEntry["details"], suffix: string): Kind {
  const { priority, category, department } = kind;
  return {
    priority: (details[`priority${suffix}`] ?? priority) as Priority, // as a ticket had it
    category: String(details[`category${suffix}`] ?? category),
    department: String(details[`department${suffix}`] ?? department).toLowerCase(),
  };
}

function statusOf(value: unknown): Status | undefined {
  return STATUSES.find((status) => status === value);
}
