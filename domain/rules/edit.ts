import { type Actor, isStaff } from "./actor.ts";
import { type Agent, reestimateTicket } from "./agent.ts";
import type { Calendar, Hours } from "./calendar.ts";
import type { Details } from "./event.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { skillText } from "./skill.ts";
import type { Terms } from "./sla.ts";
import { moveToCalendar, retargetClocks } from "./sla_change.ts";
import { shortened } from "./text.ts";
import { type Decision, isOpen, type Ticket, type TicketInput } from "./ticket.ts";
import { type Instant, isoOrNull } from "./time.ts";

export type EditableField = keyof TicketInput;

/** What an edit names; a due date of null takes the date away, what is not named stays. */
export type TicketChanges = {
  readonly [Field in EditableField]?: TicketInput[Field] | undefined;
};

/** In the order in which history tells them. */
export const EDITABLE_FIELDS = [
  "title",
  "description",
  "priority",
  "category",
  "department",
  "requiredSkills",
  "tags",
  "dueDate",
  "estimatedHours",
] as const satisfies readonly EditableField[];

/** What customers may edit, while their ticket is queued. */
const CUSTOMER_FIELDS: ReadonlySet<EditableField> = new Set(["title", "description"]);

export interface TicketEdit {
  readonly changes: TicketChanges;
  /** What holds for the priority, category and department that the ticket will have. */
  readonly terms: Terms;
  /** The calendar of the department that it will have, under the targets that it has. */
  readonly calendar: Calendar;
  /** The record of the agent the ticket is assigned to. */
  readonly holder: Agent | null;
}

/**
 * Decides an edit of a ticket that the actor is known to see. Another priority or category swaps the
 * SLA targets; to name one that was filled in makes it a person's. An edit that changes nothing is a
 * decision without a fact. Refuses with `forbidden`
 * what the actor may never edit, with `conflict` what the ticket's status does not let be edited.
 */
export function editTicket(
  ticket: Ticket,
  { changes, terms, calendar, holder }: TicketEdit,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const named = EDITABLE_FIELDS.filter((field) => changes[field] !== undefined);
  const unchanged: Decision = { ticket, agents: [], facts: [], warnings: [] };
  if (named.length === 0) return unchanged;
  const refusal = refusalToEdit(ticket, named, actor);
  if (refusal !== null) return refusal;
  const differs = named.filter((field) => !isSame(ticket[field], changes[field]));
  // To name what was only filled in confirms it, though it stays as it is.
  const { filledIn = [] } = ticket;
  const confirmed = filledIn.filter((aspect) => named.includes(aspect));
  const changed = named.filter((field) =>
    differs.includes(field) || confirmed.some((aspect) => aspect === field)
  );
  if (changed.length === 0) return unchanged;
  const values = Object.fromEntries(changed.map((field) => [field, changes[field]]));
  const isRetargeted = differs.includes("priority") || differs.includes("category");
  const edited: Ticket = {
    ...ticket,
    ...values as Partial<TicketInput>, // each is the value of its own field
    ...(confirmed.length === 0
      ? {}
      : { filledIn: filledIn.filter((aspect) => !confirmed.includes(aspect)) }),
    sla: isRetargeted
      ? retargetClocks(ticket.sla, terms, at, hours)
      : moveToCalendar(ticket.sla, calendar, at, hours),
    updatedAt: at,
  };
  const isHeld = holder !== null && isOpen(ticket);
  return {
    ticket: edited,
    agents: isHeld && changed.includes("estimatedHours")
      ? [reestimateTicket(holder, edited, at)]
      : [],
    facts: [{
      event: "ticket.updated",
      action: "updated",
      details: detailsOf(ticket, edited, changed),
    }],
    warnings: [],
  };
}

function refusalToEdit(
  ticket: Ticket,
  named: readonly EditableField[],
  actor: Actor,
): Refusal | null {
  const { number, status } = ticket;
  if (!isStaff(actor)) {
    const denied = named.filter((field) => !CUSTOMER_FIELDS.has(field));
    if (denied.length > 0) return refuse("forbidden", `You may not edit ${denied.join(", ")}.`);
    if (status !== "queued") {
      return refuse("conflict", `Ticket ${number} is ${status}: add a comment instead.`);
    }
  }
  return status === "closed"
    ? refuse("conflict", `Ticket ${number} is closed and cannot be edited.`)
    : null;
}

/** What is longer is told in short: a history holds no whole texts. */
const VALUE_SHOWN_MAX = 200;

/** Which fields changed, and from what to what where the values are small. */
function detailsOf(before: Ticket, after: Ticket, changed: readonly EditableField[]): Details {
  const values: Record<string, string | number | null> = { fields: changed.join(", ") };
  for (const field of changed) {
    if (field === "title" || field === "description") continue;
    values[`${field}From`] = shownValue(before, field);
    values[`${field}To`] = shownValue(after, field);
  }
  return values;
}

function shownValue(
  ticket: Ticket,
  field: Exclude<EditableField, "title" | "description">,
): string | number | null {
  switch (field) {
    case "requiredSkills":
      return shortened(ticket.requiredSkills.map(skillText).join(", "), VALUE_SHOWN_MAX);
    case "tags":
      return shortened(ticket.tags.join(", "), VALUE_SHOWN_MAX);
    case "dueDate":
      return isoOrNull(ticket.dueDate);
    default:
      return ticket[field];
  }
}

/** Plain data, written in the same order by the same code. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
