import type { Status } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";
import type { Entry, Kind, Who } from "./diary.ts";
import { letPass } from "./model_course.ts";
import { tellAll } from "./model_told.ts";
import type { ModelTicket } from "./model_ticket.ts";

/** What somebody's deed makes of a ticket. */
export function perform(ticket: ModelTicket, { at, by, deed }: Entry): void {
  switch (deed.verb) {
    case "claim":
      return give(ticket, deed.agent, at);
    case "comment":
      if (deed.visibility === "public") say(ticket, by, at, true);
      return;
    case "edit":
      return edit(ticket, deed.changes, at);
    case "batch":
      edit(ticket, { priority: deed.priority }, at);
      // What the edit breaks is broken before the ticket moves on.
      letPass(ticket, at);
      return move(ticket, by, deed.to, deed.agent, at);
    case "escalate":
      return move(ticket, by, "escalated", null, at);
    case "resolve_escalation":
      if (ticket.status !== "escalated") ticket.level = 0;
      else if (ticket.assignee === null) move(ticket, by, "queued", null, at);
      else move(ticket, by, "in-progress", null, at);
      return;
    case "rate":
      ticket.sampleOf(`rated_${deed.score}`, at, ticket.kind, ticket.assignee?.agentId ?? null);
      return;
    case "status":
      if (deed.says) say(ticket, by, at, false);
      return move(ticket, by, deed.to, deed.agent, at);
  }
}

function edit(ticket: ModelTicket, changes: Partial<Kind>, at: Instant): void {
  const before = ticket.kind;
  const { priority, category } = before;
  ticket.kind = { ...before, ...changes };
  if (ticket.isOpen && nameOf(ticket.kind) !== nameOf(before)) {
    ticket.sampleOf("moved_out", at, before, null);
    ticket.sampleOf("moved_in", at, ticket.kind, null);
  }
  if (ticket.kind.priority !== priority || ticket.kind.category !== category) {
    ticket.touch(at, "target_change");
    ticket.retarget(ticket.world.book.promiseFor(ticket.kind), at);
  } else if (ticket.followCalendar(at)) ticket.touch(at, "calendar_change");
}

function nameOf({ department, priority, category }: Kind): string {
  return `${department.toLowerCase()} ${priority} ${category}`;
}

/** A public comment; that of a customer is heard, unless it only goes with a change of status. */
function say(ticket: ModelTicket, by: Who, at: Instant, isHeard: boolean): void {
  if (by.userId !== ticket.diary.requester.userId) {
    if (by.role !== "user") reply(ticket, at);
    return;
  }
  if (!isHeard) return;
  if (ticket.status === "resolved") reopen(ticket, null, at, ticket.assignee);
  else if (ticket.status === "pending") {
    ticket.unpause(at);
    ticket.status = ticket.assignee === null ? "queued" : "in-progress";
  }
  const { nextReply } = ticket.clocks;
  if (ticket.nextReplyTime === null || nextReply?.isOpen) return;
  ticket.isUnanswered = true;
  ticket.clocks.nextReply = ticket.newClock(ticket.nextReplyTime, at);
}

function reply(ticket: ModelTicket, at: Instant): void {
  ticket.isUnanswered = false;
  ticket.fulfil("nextReply", at);
  respond(ticket, at);
}

function respond(ticket: ModelTicket, at: Instant): void {
  if (ticket.firstResponseAt === null) ticket.fulfil("response", at);
  ticket.firstResponseAt ??= at;
}

/** Taking it in hand is a response too, unless only replies are. */
function takeInHand(ticket: ModelTicket, by: Who, at: Instant): void {
  const isStaff = by.role !== "user" && by.userId !== ticket.diary.requester.userId;
  if (isStaff && !ticket.replyOnly) respond(ticket, at);
}

function give(ticket: ModelTicket, agent: Who, at: Instant): void {
  ticket.unpause(at);
  ticket.assignee = agent;
  ticket.status = "assigned";
}

/** A change of status that was granted. */
function move(
  ticket: ModelTicket,
  by: Who,
  to: Status,
  agent: Who | null,
  at: Instant,
): void {
  if (to === "closed") return close(ticket, at);
  if (!ticket.isOpen) {
    return reopen(ticket, to, at, agent ?? ticket.assignee ?? (by.agentId === null ? null : by));
  }
  if (to === "assigned") return give(ticket, agent ?? ticket.assignee ?? by, at);
  const before = ticket.status;
  const waited = ticket.isWaiting;
  if (before === "pending") ticket.unpause(at);
  ticket.status = to;
  if (to === "queued") {
    ticket.assignee = null;
    if (waited) ticket.level = 0;
  } else if (to === "in-progress") {
    if (before === "escalated") ticket.level = 0;
    takeInHand(ticket, by, at);
  } else if (to === "pending") ticket.pause(at);
  else if (to === "escalated") {
    ticket.level += 1;
    tellAll(ticket, "escalation", ["supervisor", "admin"], at, by);
  } else if (to === "resolved") resolve(ticket, by, at);
}

function resolve(ticket: ModelTicket, by: Who, at: Instant): void {
  takeInHand(ticket, by, at);
  for (const name of ["response", "nextReply"] as const) {
    if (ticket.replyOnly) ticket.cancel(name, at);
    else ticket.fulfil(name, at);
  }
  if (!ticket.replyOnly) ticket.isUnanswered = false;
  ticket.fulfil("resolution", at);
  ticket.sample("finished", at, null);
  ticket.resolvedAt = at;
  ticket.firstResolvedAt ??= at;
}

function close(ticket: ModelTicket, at: Instant): void {
  if (ticket.isOpen) {
    for (const [name] of ticket.all) ticket.cancel(name, at);
    ticket.sample("finished", at, null);
  }
  ticket.status = "closed";
  ticket.closedAt = at;
}

/** It goes on where it stopped. What is promised of an answer does so where none has come yet. */
function reopen(ticket: ModelTicket, to: Status | null, at: Instant, taker: Who | null): void {
  ticket.sampleOf("reopened", at, ticket.kind, ticket.assignee?.agentId ?? null);
  ticket.restedMs += at - (ticket.resolvedAt ?? ticket.closedAt ?? at);
  ticket.status = to ?? (taker === null ? "queued" : "in-progress");
  ticket.assignee = ticket.status === "queued" ? null : taker;
  ticket.resolvedAt = null;
  ticket.closedAt = null;
  const { response, nextReply, resolution } = ticket.clocks;
  if (resolution.state === "fulfilled") ticket.counted.delete(resolution);
  resolution.goOn(at, ticket.hours);
  if (response.state === "cancelled" && ticket.firstResponseAt === null) {
    response.goOn(at, ticket.hours);
  }
  if (nextReply?.state === "cancelled" && ticket.isUnanswered && ticket.nextReplyTime !== null) {
    nextReply.goOn(at, ticket.hours);
  }
}
