import type { Instant } from "../../domain/rules/time.ts";
import type { Diary, Edict, EdictEntry, Entry, TicketDiary } from "./diary.ts";
import { ModelBook } from "./model_book.ts";
import { letPass } from "./model_course.ts";
import { perform } from "./model_deeds.ts";
import { ModelTicket } from "./model_ticket.ts";

/**
 * Replays one ticket's diary, and the edicts of its time, from scratch: by the specification, and
 * by nothing that the desk itself reckons with.
 */
export function replay(diary: Diary, ticket: TicketDiary): ModelTicket {
  const { people, warningPercent, closeAfterDays } = diary;
  const book = new ModelBook();
  const earlier = diary.edicts.filter(({ place }) => place < ticket.place);
  for (const { edict } of earlier) book.enact(edict);
  const replayed = new ModelTicket(ticket, { book, people, warningPercent, closeAfterDays });
  const later = diary.edicts.filter(({ place }) => place > ticket.place);
  const all = [...later, ...ticket.entries].sort((a, b) => a.place - b.place);
  for (const entry of all) {
    if ("edict" in entry) enact(replayed, entry);
    else act(replayed, entry);
  }
  letPass(replayed, diary.endsAt);
  return replayed;
}

function act(ticket: ModelTicket, entry: Entry): void {
  letPass(ticket, entry.at);
  ticket.touch(entry.at);
  perform(ticket, entry);
  ticket.settleSamples();
  letPass(ticket, entry.at);
}

/** An edict takes effect at its instant: on the tickets that are open, where it concerns them. */
function enact(ticket: ModelTicket, { at, edict }: EdictEntry): void {
  const { book } = ticket.world;
  if (edict.verb === "promise" && !edict.applyToOpen) return book.enact(edict);
  letPass(ticket, at);
  const before = ticket.deadlines();
  book.enact(edict);
  if (edict.verb === "promise") adopt(ticket, edict, at);
  else followHours(ticket, edict.id, at);
  ticket.noteMoved(before, at);
  // What the edict breaks it breaks before clocks stand still by it, or go on.
  letPass(ticket, at);
  if (ticket.status !== "pending") return;
  if (ticket.pauseOnPending) ticket.pause(at);
  else ticket.unpause(at);
}

function adopt(ticket: ModelTicket, edict: Edict & { verb: "promise" }, at: Instant): void {
  const { priority, category, promised } = edict;
  const isConcerned = ticket.world.book.pairFor(ticket.kind) === `${priority} ${category}`;
  if (!ticket.isOpen || !isConcerned) return;
  ticket.touch(at, "target_change");
  ticket.retarget(promised, at);
  ticket.pauseOnPending = promised.pauseOnPending;
  ticket.replyOnly = promised.replyOnly;
}

function followHours(ticket: ModelTicket, editedId: string, at: Instant): void {
  const hasMoved = ticket.followCalendar(at);
  const isCorrected = !hasMoved && editedId === ticket.calendarId;
  if (isCorrected) { for (const [, clock] of ticket.running) clock.correct(ticket.hours); }
  if (hasMoved || isCorrected) ticket.touch(at, "calendar_change");
}
