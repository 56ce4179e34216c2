import type { Difference } from "./compare.ts";
import type { Diary, EdictEntry, Entry, TicketDiary, Who } from "./diary.ts";
import { time } from "./shown.ts";

/** A difference with all that was done to the ticket, and where the two stories part. */
export function explain(diary: Diary, { ticketId, what, desk, model }: Difference): string {
  const ticket = diary.tickets.find(({ id }) => id === ticketId);
  const title = ticket === undefined
    ? what
    : `The ${what} of ${ticketId}, opened at ${time(ticket.openedAt)}: ${textOf(ticket.kind)}`;
  const edicts = ticket === undefined
    ? []
    : diary.edicts.filter((entry) => entry.place > ticket.place && mayConcern(entry, ticket));
  const done = [...ticket?.entries ?? [], ...edicts].sort((a, b) => a.place - b.place);
  return [title, ...done.map(lineOf), ...parting(desk, model)].join("\n");
}

/** Calendars may concern any ticket, promises those that are or were of their kind. */
function mayConcern({ edict }: EdictEntry, { kind, entries }: TicketDiary): boolean {
  if (edict.verb !== "promise") return true;
  const changes = entries.flatMap(({ deed }) =>
    deed.verb === "edit" ? deed.changes : deed.verb === "batch" ? { priority: deed.priority } : []
  );
  const kinds = [kind, ...changes];
  return kinds.some(({ priority }) => priority === edict.priority) &&
    [{ category: "general" }, ...kinds].some(({ category }) => category === edict.category);
}

function lineOf(entry: Entry | EdictEntry): string {
  return "edict" in entry
    ? `  ${time(entry.at)} edit ${textOf(entry.edict)}`
    : `  ${time(entry.at)} ${nameOf(entry.by)} ${textOf(entry.deed)}`;
}

function nameOf({ role, userId }: Who): string {
  return `${role} ${userId.slice(-4)}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(
    value,
    (key, each) => key === "agent" && each !== null ? nameOf(each) : each,
  );
}

/** The lines that only one of them has. */
function parting(desk: unknown, model: unknown): string[] {
  const [ours, theirs] = [linesOf(desk), linesOf(model)];
  return [
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `  desk:  ${line}`),
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `  model: ${line}`),
  ];
}

function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(each));
  if (typeof value !== "object" || value === null) return [JSON.stringify(value)];
  return Object.entries(value).map(([name, each]) => `${name} ${JSON.stringify(each)}`);
}
