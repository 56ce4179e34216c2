import { closeByAge, closesResolvedUpTo } from "../rules/closing.ts";
import { isRefusal } from "../rules/refusal.ts";
import { tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { LIST_BATCH_MAX } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { commitDecision } from "./decision.ts";
import type { Desk } from "./desk.ts";

/** What is due beyond this many is left to the next run. */
const CLOSED_MAX = 10_000;

/**
 * Closes every ticket that has been resolved for the configured number of days, the longest resolved
 * first; how many it closed itself. Reads the index up to what is due, and no other ticket. One
 * transaction a ticket looks again, so that runs may be cut off, repeated, or go on side by side. One
 * that cannot be closed keeps no other from it: the run fails when all have had a turn.
 */
export async function closeResolvedTickets(desk: Desk): Promise<number> {
  const { closeResolvedAfterDays } = desk.config;
  const upTo = closesResolvedUpTo(desk.store.now(), closeResolvedAfterDays);
  const start = keys.ticketResolved(0, "");
  const end = keys.ticketResolved(upTo + 1, "");
  const options = { limit: CLOSED_MAX, batchSize: LIST_BATCH_MAX };
  const faults: unknown[] = [];
  let closed = 0;
  for await (const { value: id } of desk.store.reader.list<string>({ start, end }, options)) {
    try {
      if (await closeOne(desk, id)) closed += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) {
    const message = `Cannot close ${faults.length} tickets; the first: ${faults[0]}`;
    throw new AggregateError(faults, message);
  }
  return closed;
}

/** One check, about 15 writes. */
async function closeOne(desk: Desk, id: string): Promise<boolean> {
  const outcome = await transact(desk.store, async (tx) => {
    const ticket = await tx.get(tickets, keys.ticket(id));
    const at = desk.store.now();
    const decision = ticket === null
      ? null
      : closeByAge(ticket, desk.config.closeResolvedAfterDays, at);
    if (ticket === null || decision === null) return false;
    await commitDecision(desk, tx, ticket, decision, null, at);
    return true;
  });
  // What could not be closed now is still due at the next run.
  return !isRefusal(outcome) && outcome;
}
