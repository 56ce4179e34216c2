import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { Desk } from "../../domain/services/desk.ts";

/** What a request carries on its way through the middleware. */
export interface AppEnv {
  Variables: {
    requestId: string;
    desk: Desk;
    /** Set by `authenticate`. */
    actor: Actor;
    /** Set by `visibleTicket`: the ticket of the path, which the actor may see. */
    ticket: Ticket;
    /** Set with it: the version of the ticket that was read. */
    versionstamp: string;
    /** Set by `knownAgent`: the agent of the path. */
    agent: Agent;
  };
}
