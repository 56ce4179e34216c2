import assert from "node:assert/strict";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { type Status, STATUSES } from "../../domain/rules/ticket.ts";
import { allowedStatuses } from "../../domain/rules/status_table.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicketIn,
  holding,
  HOURS,
  minute,
  theCustomer,
} from "../support/builders.ts";

const HOLDER = holding(anAgent("Ada"));
const BYSTANDER = anAgent("Ben");
const THIRD = anAgent("Cleo");

/**
 * The table of product.md, row by row as one asker meets it. A row is a status, with `*` when
 * nobody has the ticket; the columns are the statuses asked for, in the order of `STATUSES`:
 * queued, assigned, in-progress, pending, escalated, resolved, closed.
 * `+` done, `-` invalid_transition, `x` forbidden, `c` already_claimed.
 */
const CUSTOMER = `
  queued*      x x x x x x +
  assigned     x x x x x x -
  in-progress  x x x x x x -
  pending      x x x x x x -
  pending*     x x x x x x -
  escalated    x x x x x x -
  escalated*   x x x x x x -
  resolved     x x x x x x +
  resolved*    x x x x x x +
  closed       x x x x x x -
  closed*      x x x x x x -`;

const AGENT_WITH_THE_TICKET = `
  assigned     + - + + + + -
  in-progress  + + - + + + -
  pending      + + + - + + -
  escalated    + + x + + + -
  resolved     - + + - - - +
  closed       x x - - - - -`;

const OTHER_AGENT = `
  queued*      - + - - + - x
  assigned     x c + + + + -
  in-progress  x c - + + + -
  pending      x c + - + + -
  pending*     x c - - + + -
  escalated    x c x + + + -
  escalated*   x + x + + + -
  resolved     - + + - - - +
  resolved*    + + - - - - +
  closed       x x - - - - -
  closed*      x x - - - - -`;

const SUPERVISOR = `
  queued*      - + - - + - +
  assigned     + + + + + + -
  in-progress  + + - + + + -
  pending      + + + - + + -
  pending*     + + - - + + -
  escalated    + + + + + + -
  escalated*   + + - + + + -
  resolved     - + + - - - +
  resolved*    + + - - - - +
  closed       x x - - - - -
  closed*      x x - - - - -`;

const ADMIN = SUPERVISOR
  .replace("closed       x x", "closed       + +")
  .replace("closed*      x x", "closed*      + +");

const VERDICTS: Record<string, string> = {
  "+": "done",
  "-": "invalid_transition",
  x: "forbidden",
  c: "already_claimed",
};

interface Row {
  readonly status: Status;
  readonly isHeld: boolean;
  readonly verdicts: readonly string[];
}

function rowsOf(table: string): Row[] {
  return table.trim().split("\n").map((line) => {
    const [name = "", ...signs] = line.trim().split(/\s+/);
    assert.equal(signs.length, STATUSES.length, line);
    const status = STATUSES.find((each) => each === name.replace("*", ""));
    if (status === undefined) throw new Error(`no such status: ${name}`);
    const verdicts = signs.map((sign) => VERDICTS[sign] ?? `no such sign: ${sign}`);
    return { status, isHeld: !name.endsWith("*"), verdicts };
  });
}

// An agent who asks for `assigned` names itself; who supervises names an agent without the ticket.
const ASKERS = [
  ["a customer closes its own ticket and moves it nowhere else", CUSTOMER, theCustomer(), null],
  [
    "an agent who has the ticket moves it as the table says",
    AGENT_WITH_THE_TICKET,
    actorFor(HOLDER),
    HOLDER,
  ],
  [
    "an agent who does not have the ticket neither gives it back nor takes it from its holder",
    OTHER_AGENT,
    actorFor(BYSTANDER),
    BYSTANDER,
  ],
  ["a supervisor moves a ticket as the table says", SUPERVISOR, anActor("supervisor"), THIRD],
  ["an administrator also reopens what is closed", ADMIN, anActor("admin"), THIRD],
] as const;

for (const [guarantee, table, actor, named] of ASKERS) {
  Deno.test(guarantee, () => {
    for (const { status, isHeld, verdicts } of rowsOf(table)) {
      const holder = isHeld ? HOLDER : null;
      const ticket = aTicketIn(status, holder);
      for (const [index, to] of STATUSES.entries()) {
        const agent = to === "assigned" ? named : null;
        const outcome = changeStatus(ticket, { to, agent, holder }, actor, minute(20), HOURS);
        const verdict = isRefusal(outcome) ? outcome.refused : "done";
        const what = `${status}${isHeld ? "" : " without an assignee"} to ${to}`;
        assert.equal(verdict, verdicts[index], what);
        if (!isRefusal(outcome)) assert.equal(outcome.ticket.status, to, what);
      }
    }
  });
}

Deno.test("a refused move says what the ticket is and lists every move that is possible", () => {
  for (const { status, isHeld, verdicts } of rowsOf(ADMIN)) {
    const holder = isHeld ? HOLDER : null;
    const ticket = aTicketIn(status, holder);
    const possible = STATUSES.filter((_, index) => verdicts[index] === "done");
    const impossible = STATUSES.filter((_, index) => verdicts[index] === "invalid_transition");
    for (const to of impossible) {
      const agent = to === "assigned" ? THIRD : null;
      const outcome = changeStatus(
        ticket,
        { to, agent, holder },
        anActor("admin"),
        minute(20),
        HOURS,
      );
      assert.ok(isRefusal(outcome));
      const { currentStatus, allowed } = outcome.facts ?? {};
      assert.equal(currentStatus, status);
      // Whether `assigned` is listed depends on whether somebody must be named for it.
      assert.deepEqual(sansAssigned(allowed), sansAssigned(possible), `${status} to ${to}`);
      assert.deepEqual(allowed, allowedStatuses(ticket, holder, anActor("admin")));
    }
  }
});

function sansAssigned(statuses: unknown): unknown[] {
  assert.ok(Array.isArray(statuses));
  return statuses.filter((status) => status !== "assigned").sort();
}

Deno.test("nobody but a supervisor gives a ticket to another agent", () => {
  for (const { status, isHeld } of rowsOf(SUPERVISOR)) {
    const holder = isHeld ? HOLDER : null;
    const ticket = aTicketIn(status, holder);
    const change = { to: "assigned", agent: THIRD, holder } as const;
    for (const actor of [theCustomer(), actorFor(HOLDER), actorFor(BYSTANDER)]) {
      const outcome = changeStatus(ticket, change, actor, minute(20), HOURS);
      assert.ok(isRefusal(outcome), `${status} by ${actor.name}`);
      assert.equal(outcome.refused, "forbidden", `${status} by ${actor.name}`);
    }
  }
});

Deno.test("a ticket cannot become assigned while nobody has it and nobody is named", () => {
  for (const status of ["queued", "pending", "escalated", "resolved", "closed"] as const) {
    const ticket = aTicketIn(status, null);
    const change = { to: "assigned", agent: null, holder: null } as const;
    const outcome = changeStatus(ticket, change, anActor("admin"), minute(20), HOURS);
    assert.ok(isRefusal(outcome), status);
    assert.ok(["conflict", "invalid_transition"].includes(outcome.refused), status);
  }
});

Deno.test("giving an assigned ticket to whom it is with already is no move", () => {
  const ticket = aTicketIn("assigned", HOLDER);
  for (const agent of [HOLDER, null]) {
    const change = { to: "assigned", agent, holder: HOLDER } as const;
    const outcome = changeStatus(ticket, change, anActor("supervisor"), minute(20), HOURS);
    assert.ok(isRefusal(outcome));
    assert.equal(outcome.refused, "invalid_transition");
  }
});
