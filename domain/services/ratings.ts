import type { Actor } from "../rules/actor.ts";
import { rate, type RatingInput } from "../rules/rating.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { resolverOf } from "../rules/ticket.ts";
import { agents } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { type Changed, commitChange, getVisible } from "./decision.ts";
import type { Desk } from "./desk.ts";

/**
 * Keeps what the requester thinks of the resolution, and counts it for whoever resolved the ticket:
 * up to 4 checks, about 20 writes. Refuses as the rule of the same name.
 */
export function rateTicket(
  desk: Desk,
  actor: Actor,
  id: string,
  rating: RatingInput,
): Promise<Changed | Refusal> {
  return transact(desk.store, async (tx) => {
    const held = await getVisible(desk, tx, actor, id);
    if (isRefusal(held)) return held;
    const agentId = resolverOf(held.ticket);
    const resolver = agentId === null ? null : await tx.get(agents, keys.agent(agentId));
    const decision = rate(held.ticket, rating, resolver, actor, held.at);
    if (isRefusal(decision)) return decision;
    return commitChange(desk, tx, held, decision, actor);
  });
}
