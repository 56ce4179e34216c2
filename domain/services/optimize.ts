import {
  type AssignmentPlan,
  OPTIMISED_MAX,
  planAssignments,
  type PlannedAssignment,
  type Waiting,
} from "../rules/optimize.ts";
import { isRefusal } from "../rules/refusal.ts";
import { fold } from "../rules/skill.ts";
import type { Priority } from "../rules/ticket.ts";
import type { QueueRow } from "../store/kinds.ts";
import { LIST_BATCH_MAX, whyFallen } from "../store/store.ts";
import { onlineAgents } from "./agents.ts";
import type { Desk } from "./desk.ts";
import { noProgress, type Progress } from "./progress.ts";
import type { Changed } from "./rebalance.ts";
import { giveTo, QUEUE_READ_MAX } from "./routing.ts";

export interface OptimizeOptions {
  /** Tickets of this department alone. */
  readonly department?: string | undefined;
  /** So many tickets from the head of the queue are looked at. */
  readonly maxMoves: number;
  readonly dryRun: boolean;
  /** The user who asks; null for the desk itself. */
  readonly performedBy: string | null;
}

export interface Optimized extends AssignmentPlan {
  /** Whether more tickets wait than were looked at. */
  readonly hasMore: boolean;
  readonly changed: readonly (PlannedAssignment & Changed)[];
  readonly dryRun: boolean;
}

/**
 * Gives what waits to agents at the least cost altogether, as `planAssignments` says. Reads the agents
 * who are online and the queue's index. Each assignment is a transaction as the router's are, in which
 * all of it is looked at again; what is not any more as it was planned is left and told. Costs are
 * those of the plan; what a run that died has given is added to both sums, and is not given again.
 */
export async function optimize(
  desk: Desk,
  options: OptimizeOptions,
  progress: Progress<PlannedAssignment> = noProgress(),
): Promise<Optimized> {
  const { dryRun, performedBy } = options;
  const noted = [...progress.noted.values()];
  const maxMoves = Math.max(0, options.maxMoves - noted.length);
  const crew = await onlineAgents(desk);
  const { queue, hasMore } = await readWaiting(desk, { ...options, maxMoves }, progress.noted);
  const plan = planAssignments(queue, crew, desk.config.routing, desk.store.now());
  const assignments = [...noted];
  const changed: (PlannedAssignment & Changed)[] = [];
  for (const planned of plan.assignments) {
    // The rest would all be refused.
    if (whyFallen(desk.store) !== null) break;
    const { ticketId, agentId } = planned;
    const outcome = dryRun ? null : await giveTo(
      desk,
      ticketId,
      agentId,
      (tx) => progress.note(tx, ticketId, planned),
      { by: "optimize", performedBy },
    );
    if (!isRefusal(outcome)) assignments.push(planned);
    else changed.push({ ...planned, code: outcome.refused, message: outcome.detail });
  }
  const before = noted.reduce((sum, { cost }) => sum + cost, 0);
  return {
    assignments,
    waiting: plan.waiting,
    hasMore,
    changed,
    totalCost: before + plan.totalCost,
    greedyCost: before + plan.greedyCost,
    dryRun,
  };
}

/** The head of the queue, by its index, without what was given before and is back. */
async function readWaiting(
  { store }: Desk,
  { department, maxMoves }: OptimizeOptions,
  given: ReadonlyMap<string, unknown>,
): Promise<{ readonly queue: readonly Waiting[]; readonly hasMore: boolean }> {
  const queue: Waiting[] = [];
  const max = Math.min(maxMoves, OPTIMISED_MAX);
  let rows = 0;
  const options = { limit: QUEUE_READ_MAX, batchSize: LIST_BATCH_MAX };
  for await (const { key, value } of store.reader.list<QueueRow>({ prefix: ["queue"] }, options)) {
    rows += 1;
    if (department !== undefined && fold(value.department) !== fold(department)) continue;
    const [, lane, priority, dueAt, id] = key;
    if (given.has(String(id))) continue;
    if (queue.length === max) return { queue, hasMore: true };
    queue.push({
      id: String(id),
      demand: value,
      lane: lane === 0 ? 0 : 1,
      priority: Number(priority) as Priority, // as keys.queue made it
      dueAt: Number(dueAt),
    });
  }
  return { queue, hasMore: rows === QUEUE_READ_MAX };
}
