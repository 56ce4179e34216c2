import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import { addComment, COMMENTS_MAX, withComment } from "../../domain/rules/comment.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { type Decision, STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { reply } from "../../domain/rules/ticket.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicket,
  aTicketIn,
  decided,
  holding,
  HOURS,
  minute,
  recordOf,
  RESPONSE_MINUTES,
  someClocks,
  someHeld,
  theCustomer,
} from "../support/builders.ts";

const AT = minute(20);
const HOLDER = holding(anAgent("Ada"));
const PUBLIC = { id: "comment-1", visibility: "public" } as const;
const INTERNAL = { id: "comment-1", visibility: "internal" } as const;

function add(
  ticket: Ticket,
  actor: Actor,
  holder: Agent | null = HOLDER,
  comment: typeof PUBLIC | typeof INTERNAL = PUBLIC,
): Decision {
  return decided(addComment(ticket, comment, holder, actor, AT, HOURS));
}

Deno.test("a customer's comment reopens what is pending or resolved, and nothing else", () => {
  const becomes = { pending: "in-progress", resolved: "in-progress" } as Record<string, string>;
  for (const status of STATUSES) {
    if (status === "closed") continue;
    const holder = status === "queued" ? null : status === "resolved" ? anAgent("Ada") : HOLDER;
    const { ticket, facts } = add(aTicketIn(status, holder), theCustomer(), holder);
    assert.equal(ticket.status, becomes[status] ?? status, status);
    const actions = facts.map(({ action }) => action);
    const reopens = status in becomes;
    assert.deepEqual(actions, reopens ? ["commented", "reopened"] : ["commented"], status);
  }
});

Deno.test("a ticket that is reopened without an active assignee waits in the queue", () => {
  for (const status of ["pending", "resolved"] as const) {
    // The ticket still names whom it was with; no record of an active agent stands behind it.
    const { ticket, agents } = add(aTicketIn(status, HOLDER), theCustomer(), null);
    assert.equal(ticket.status, "queued", status);
    assert.equal(ticket.assignee, null, status);
    assert.equal(ticket.waitingSince, AT, status);
    assert.deepEqual(agents, [], status);
  }
});

Deno.test("a reopened ticket is among its agent's open ones again, once", () => {
  const back = add(aTicketIn("resolved", HOLDER), theCustomer(), anAgent("Ada"));
  assert.deepEqual(recordOf(back, HOLDER).activeTickets, HOLDER.activeTickets);
  const pending = add(aTicketIn("pending", HOLDER), theCustomer());
  assert.deepEqual(pending.agents, [], "a pending ticket never left its agent");
});

Deno.test("an agent who holds all it may ever hold keeps a pending ticket, not a resolved one", () => {
  const laden = holding(anAgent("Ada", { activeTickets: someHeld(499) }));
  const pending = add(aTicketIn("pending", laden), theCustomer(), laden);
  assert.equal(pending.ticket.status, "in-progress");
  assert.equal(pending.ticket.assignee?.agentId, laden.id);
  const full = anAgent("Ada", { activeTickets: someHeld(500) });
  const resolved = add(aTicketIn("resolved", full), theCustomer(), full);
  assert.equal(resolved.ticket.status, "queued");
  assert.equal(resolved.ticket.assignee, null);
});

Deno.test("the resolution clock of a ticket reopened by its customer goes on", () => {
  for (const status of ["pending", "resolved"] as const) {
    const holder = status === "resolved" ? anAgent("Ada") : HOLDER;
    const { sla, resolvedAt } = add(aTicketIn(status, holder), theCustomer(), holder).ticket;
    assert.equal(sla.resolution.state, "active", status);
    assert.equal(sla.resolution.consumedMs, 10 * MINUTE_MS, status);
    assert.equal(sla.resolution.dueAt, minute(20 + 480 - 10), status);
    assert.equal(resolvedAt, null, status);
  }
});

Deno.test("nobody but the requester reopens a ticket by a comment, nor by an internal note", () => {
  const strangers = [actorFor(HOLDER), anActor("supervisor"), anActor("admin"), anActor("user")];
  for (const status of ["pending", "resolved"] as const) {
    const ticket = aTicketIn(status, HOLDER);
    for (const actor of strangers) assert.equal(add(ticket, actor).ticket.status, status);
    const own = { ...ticket, createdBy: HOLDER.userId };
    assert.equal(add(own, actorFor(HOLDER), HOLDER, INTERNAL).ticket.status, status);
    assert.equal(add(own, actorFor(HOLDER), anAgent("Ada")).ticket.status, "in-progress");
  }
});

Deno.test("a customer's comment on a closed ticket is refused, those who work it may add one", () => {
  const ticket = aTicketIn("closed", HOLDER);
  const refusal = addComment(ticket, PUBLIC, HOLDER, theCustomer(), AT, HOURS);
  assert.ok(isRefusal(refusal));
  assert.equal(refusal.refused, "conflict");
  for (const actor of [actorFor(HOLDER), anActor("supervisor"), anActor("admin")]) {
    for (const comment of [PUBLIC, INTERNAL]) {
      assert.equal(add(ticket, actor, HOLDER, comment).ticket.status, "closed");
    }
  }
});

Deno.test("the first public reply of those who work tickets is the first response", () => {
  for (const status of ["queued", "assigned", "in-progress", "pending", "escalated"] as const) {
    const holder = status === "queued" ? null : HOLDER;
    const { ticket } = add(aTicketIn(status, holder), actorFor(HOLDER), holder);
    assert.equal(ticket.firstResponseAt, AT, status);
    assert.equal(ticket.sla.response.state, "fulfilled", status);
    assert.equal(ticket.status, status, "a reply moves nothing");
  }
});

Deno.test("a public reply counts where only replies count, too", () => {
  const ticket = aTicketIn("assigned", HOLDER, { sla: someClocks({ replyOnly: true }) });
  assert.equal(add(ticket, actorFor(HOLDER)).ticket.sla.response.state, "fulfilled");
});

Deno.test("neither an internal note nor the requester's own word is a first response", () => {
  const ticket = aTicketIn("assigned", HOLDER);
  const silent = [
    add(ticket, actorFor(HOLDER), HOLDER, INTERNAL),
    add(ticket, theCustomer()),
    add({ ...ticket, createdBy: HOLDER.userId }, actorFor(HOLDER)),
  ];
  for (const { ticket } of silent) {
    assert.equal(ticket.firstResponseAt, null);
    assert.equal(ticket.sla.response.state, "active");
  }
});

Deno.test("a reply exactly at the deadline is met, a later one is not", () => {
  const reply = (milliseconds: number): Ticket =>
    decided(
      addComment(
        aTicketIn("assigned", HOLDER),
        PUBLIC,
        HOLDER,
        actorFor(HOLDER),
        minute(RESPONSE_MINUTES) + milliseconds,
        HOURS,
      ),
    ).ticket;
  const inTime = reply(0).sla.response;
  assert.ok(inTime.state === "fulfilled" && inTime.met);
  const late = reply(1).sla.response;
  assert.ok(late.state === "fulfilled" && !late.met);
  assert.equal(late.breachedAt, minute(RESPONSE_MINUTES));
});

Deno.test("a second reply leaves the first response where it was", () => {
  const replied = add(aTicketIn("assigned", HOLDER), actorFor(HOLDER)).ticket;
  const again =
    decided(addComment(replied, PUBLIC, HOLDER, actorFor(HOLDER), minute(50), HOURS)).ticket;
  assert.equal(again.firstResponseAt, AT);
  assert.deepEqual(again.sla, replied.sla);
});

Deno.test("public comments and internal notes are counted apart, and only notes are kept back", () => {
  const ticket = aTicketIn("assigned", HOLDER, { publicCommentCount: 3, internalCommentCount: 4 });
  const spoken = add(ticket, actorFor(HOLDER));
  assert.equal(spoken.ticket.publicCommentCount, 4);
  assert.equal(spoken.ticket.internalCommentCount, 4);
  assert.deepEqual(spoken.facts, [{
    event: "ticket.commented",
    action: "commented",
    details: { commentId: "comment-1", visibility: "public" },
    internal: false,
  }]);
  const noted = add(ticket, actorFor(HOLDER), HOLDER, INTERNAL);
  assert.equal(noted.ticket.publicCommentCount, 3);
  assert.equal(noted.ticket.internalCommentCount, 5);
  assert.equal(noted.facts[0]?.internal, true);
});

Deno.test("a ticket takes comments up to its limit and refuses the next of either kind", () => {
  const almost = aTicket({ publicCommentCount: COMMENTS_MAX - 2, internalCommentCount: 1 });
  const { ticket } = add(almost, theCustomer(), null);
  assert.equal(ticket.publicCommentCount + ticket.internalCommentCount, COMMENTS_MAX);
  for (const comment of [PUBLIC, INTERNAL]) {
    const refusal = addComment(ticket, comment, null, anActor("admin"), AT, HOURS);
    assert.ok(isRefusal(refusal));
    assert.equal(refusal.refused, "conflict");
  }
});

Deno.test("a comment with a change of status is both, in that order, at the same instant", () => {
  const change = { to: "pending", agent: null, holder: HOLDER } as const;
  const actor = actorFor(HOLDER);
  const answered = reply(aTicketIn("assigned", HOLDER), actor, AT, HOURS);
  const moved = decided(changeStatus(answered, change, actor, AT, HOURS));
  const { ticket, facts } = decided(withComment(moved, PUBLIC));
  assert.deepEqual(facts.map(({ action }) => action), ["status_updated", "commented"]);
  assert.equal(ticket.status, "pending");
  assert.equal(ticket.firstResponseAt, AT);
  assert.equal(ticket.sla.response.state, "fulfilled");
});
