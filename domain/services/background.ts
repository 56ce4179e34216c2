import { getLogger } from "@logtape/logtape";
import type { FeedEvent, TicketFeedEvent } from "../rules/event.ts";
import { isWaiting } from "../rules/ticket.ts";
import { makeGatherer } from "../store/gather.ts";
import type { Desk } from "./desk.ts";
import { fanOut } from "./fan_out.ts";
import { finishApplying } from "./sla_apply.ts";
import { routeTickets, routeToAgents } from "./routing.ts";
import { startDeliverer } from "./webhook_deliverer.ts";
import { faultLevel } from "./fault_level.ts";

/** What a process does by itself after its commits, so that nothing waits for the next minute. */
export interface Background {
  /** Resolves once all that has been asked for so far is done. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const log = getLogger(["desk", "background"]);

/** What is committed within this time is looked after together: a pass costs more than a ticket. */
const GATHER_MS = 10;

/**
 * Listens to this process's commits: routes a ticket that begins to wait or asks for others than
 * before, fills an agent who becomes free, carries announcements out, and edits of promises to open
 * tickets, and delivers to webhooks. What comes while it works is done together in the next turn.
 */
export function startBackground(desk: Desk): Background {
  let waitingTickets = new Set<string>();
  let freedAgents = new Set<string>();
  let announcements = new Set<string>();
  let edits = new Set<string>();
  let isStopped = false;

  function note(event: FeedEvent): void {
    if (event.type === "queue.changed") {
      if (event.change === "entered") waitingTickets.add(event.ticket.id);
      else waitingTickets.delete(event.ticket.id);
    }
    if (event.type === "ticket.updated" && asksForOthers(event)) {
      waitingTickets.add(event.ticket.id);
    }
    if (event.type === "intent.made" && event.name === "fan_out") announcements.add(event.id);
    if (event.type === "intent.made" && event.name === "apply_sla") edits.add(event.id);
    const freed = freedAgent(event);
    if (freed !== null) freedAgents.add(freed);
  }

  async function work(): Promise<void> {
    const [ticketIds, agentIds, intents] = [waitingTickets, freedAgents, announcements];
    [waitingTickets, freedAgents, announcements] = [new Set(), new Set(), new Set()];
    await attempt("fan out", () => Promise.all([...intents].map((id) => fanOut(desk, id))));
    // A walk for freed agents meets the new tickets in their order too.
    await attempt("route", async () => {
      if (agentIds.size > 0) await routeToAgents(desk, agentIds);
      if (ticketIds.size === 0) return;
      await routeTickets(desk, [...ticketIds], (agentId) => freedAgents.has(agentId));
    });
  }

  /** Open tickets are many: nothing else waits until they are done. */
  async function apply(): Promise<void> {
    const versions = edits;
    edits = new Set();
    const finish = (id: string): Promise<unknown> => finishApplying(desk, id, () => !isStopped);
    await attempt("apply promises", () => Promise.all([...versions].map(finish)));
  }

  const gatherer = makeGatherer(work, GATHER_MS);
  const applier = makeGatherer(apply, GATHER_MS);
  const deliverer = startDeliverer(desk);
  const unsubscribe = desk.store.committer.onCommit(({ events }) => {
    for (const event of events) note(event);
    if (waitingTickets.size + freedAgents.size + announcements.size > 0) gatherer.ring();
    if (edits.size > 0) applier.ring();
  });

  return {
    async idle() {
      // An edit that reaches tickets gives the others something to do.
      await applier.idle();
      await gatherer.idle();
      await deliverer.idle();
    },
    async stop() {
      isStopped = true;
      unsubscribe();
      await applier.idle();
      await gatherer.idle();
      await deliverer.stop();
    },
  };
}

/** The minute's jobs do again what fails here; the process goes on. */
async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log[faultLevel(error)]("Cannot {what}: {error}", { what, error });
  }
}

/** Whether a ticket that waits asks for other agents than before. */
function asksForOthers({ action, details, ticket }: TicketFeedEvent): boolean {
  return action === "updated" && isWaiting(ticket) &&
    ("departmentTo" in details || "requiredSkillsTo" in details);
}

/** The agent who has a place free, or a new reason to be looked at, after this event. */
function freedAgent(event: FeedEvent): string | null {
  switch (event.type) {
    case "agent.changed":
      return event.status === "online" ? event.agentId : null;
    case "ticket.resolved":
    case "ticket.closed":
      return event.ticket.assignee?.agentId ?? null;
    case "ticket.requeued":
      return textOrNull(event.details["agent"]);
    case "ticket.assigned":
      return textOrNull(event.details["from"]);
    default:
      return null;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
