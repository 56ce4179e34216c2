import type { Context } from "hono";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import type { Calendar } from "../../domain/rules/calendar.ts";
import type { SlaConfiguration } from "../../domain/rules/sla_configuration.ts";
import type { Shift } from "../../domain/rules/shift.ts";
import type { ShiftPattern } from "../../domain/rules/shift_pattern.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { User } from "../../domain/rules/user.ts";
import type { Webhook } from "../../domain/rules/webhook.ts";
import type { Desk } from "../../domain/services/desk.ts";
import type { KeyedRequest } from "../../domain/services/idempotency.ts";
import type { Subject, Versioning } from "../../domain/services/precondition.ts";
import type { RequestLimiter } from "./rate_limit.ts";

/** What a request carries on its way through the middleware. */
export interface AppEnv {
  Variables: {
    requestId: string;
    desk: Desk;
    limiter: RequestLimiter;
    /** Set by `authenticate`. */
    actor: Actor;
    /** Set by `visibleTicket`: the ticket of the path, which the actor may see. */
    ticket: Ticket;
    /** Set with it: the version of the record that was read. */
    versionstamp: string;
    /** Set by `knownAgent`: the agent of the path; its version stands beside it. */
    agent: Agent;
    /** Set by `knownShift`: the shift of the path; its version stands beside it. */
    shift: Shift;
    /** Set by `knownPattern`: the recurring shift of the path; its version stands beside it. */
    shiftPattern: ShiftPattern;
    /** Set by `knownUser`: the user of the path; its version stands beside it. */
    user: User;
    /** Set by `knownWebhook`: the webhook of the path; its version stands beside it. */
    webhook: Webhook;
    /** Set by `knownConfiguration`: that of the path; its version stands beside it. */
    slaConfiguration: SlaConfiguration;
    /** Set by `knownCalendar`: the calendar of the path; its version stands beside it. */
    calendar: Calendar;
    /** Set with each of them: which record the path is about. */
    subject: Subject;
    /** Set by `retagged`, for the answer that is kept. */
    versioning: Versioning | undefined;
    /** Set by `idempotent`, where the request names a key. */
    keyed: KeyedRequest | undefined;
  };
}

/** Whether a request asks for something and changes nothing; a body that comes with it is ignored. */
export function isReading(c: Context): boolean {
  return /^(GET|HEAD)$/.test(c.req.method);
}
