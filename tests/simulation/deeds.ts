import { batchUpdate } from "../../domain/services/batch.ts";
import { isRefusal, type Refusal, refuse } from "../../domain/rules/refusal.ts";
import type { Actor } from "../../domain/rules/actor.ts";
import { deleteCalendar, putCalendar } from "../../domain/services/calendars.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { addComment } from "../../domain/services/comments.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { rateTicket } from "../../domain/services/ratings.ts";
import {
  changeStatus,
  editTicket,
  escalateTicket,
  resolveEscalation,
} from "../../domain/services/ticket_changes.ts";
import { claimTicket, openTicket } from "../../domain/services/tickets.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { Deed, Edict, Kind } from "./diary.ts";

/** Opens a ticket of this kind, as short as they come. */
export function open(desk: Desk, actor: Actor, kind: Kind): Promise<Ticket | Refusal> {
  return openTicket(desk, actor, {
    title: "Help",
    description: "Please",
    ...kind,
    requiredSkills: [],
    tags: [],
    dueDate: null,
    estimatedHours: 1,
  });
}

/** Does a deed as a route would. */
export async function carryOut(
  desk: Desk,
  actor: Actor,
  ticketId: string,
  deed: Deed,
): Promise<{ readonly ticket: Ticket } | Refusal> {
  switch (deed.verb) {
    case "claim": {
      const agentId = deed.agent.agentId ?? "";
      return await claimTicket(desk, actor, { ticketId, agentId, force: false });
    }
    case "status": {
      const { to: status, agent, says } = deed;
      const agentId = agent?.agentId ?? undefined;
      const comment = says ? "Said" : undefined;
      return await changeStatus(desk, actor, ticketId, { status, agentId, comment });
    }
    case "batch": {
      const { priority, to: status, agent } = deed;
      const agentId = agent?.agentId ?? undefined;
      const batch = await batchUpdate(desk, actor, { ids: [ticketId], priority, status, agentId });
      const [result] = batch.results;
      const [ticket] = batch.tickets;
      if (result?.ok && ticket !== undefined) return { ticket };
      return refuse(result?.ok === false ? result.error.code : "not_found", "In a batch");
    }
    case "comment":
      return await addComment(desk, actor, ticketId, { body: "Said", visibility: deed.visibility });
    case "edit":
      return await editTicket(desk, actor, ticketId, deed.changes);
    case "escalate":
      return await escalateTicket(desk, actor, ticketId, { reason: "Urgent" });
    case "resolve_escalation":
      return await resolveEscalation(desk, actor, ticketId, {});
    case "rate":
      return await rateTicket(desk, actor, ticketId, { score: deed.score });
  }
}

/** Enacts what an administrator decrees; whether it was granted and changed anything. */
export async function enact(desk: Desk, edict: Edict): Promise<boolean> {
  switch (edict.verb) {
    case "promise": {
      const { priority, category, promised, applyToOpen } = edict;
      const { calendarId: calendar, ...changes } = promised;
      const input = { ...changes, calendar, applyToOpen };
      const edit = await putSlaConfiguration(desk, { priority, category }, input);
      return !isRefusal(edit) && edit.hasChanged;
    }
    case "calendar": {
      const { id, opening: { hours, departments } } = edict;
      const edit = await putCalendar(desk, id, { name: id, ...hours, departments });
      return !isRefusal(edit) && edit.hasChanged;
    }
    case "close_calendar":
      return !isRefusal(await deleteCalendar(desk, edict.id));
  }
}
