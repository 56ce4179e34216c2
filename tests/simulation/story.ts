import type { Status, Ticket } from "../../domain/rules/ticket.ts";
import { PRIORITIES, SCORES } from "../../domain/rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import type { Cast } from "./cast.ts";
import { DEPARTMENTS } from "./cast.ts";
import type { Chance } from "./chance.ts";
import type { Deed, Kind, Who } from "./diary.ts";

/** `shipping` has promises only once somebody makes them. */
export const CATEGORIES = ["technical", "billing", "general", "urgent", "shipping"] as const;

/** Some later deed comes this late at most. */
const FAR_MS = 9 * DAY_MS;

export function anyKind(chance: Chance): Kind {
  return {
    priority: chance.pick(PRIORITIES),
    category: chance.pick(CATEGORIES),
    department: chance.pick(DEPARTMENTS),
  };
}

/** Somebody, and what they do to the ticket: mostly what makes sense in its status. */
export function nextDeed(
  chance: Chance,
  cast: Cast,
  ticket: Ticket,
  requester: Who,
): { readonly by: Who; readonly deed: Deed } {
  const agent = chance.pick(cast.agents);
  const boss = chance.pick(cast.supervisors);
  const holder = cast.agents.find(({ agentId }) => agentId === ticket.assignee?.agentId);
  const worker = chance.percent(85) ? holder ?? agent : chance.pick([agent, boss, cast.admin]);
  const status = (to: Status, by: Who, named: Who | null = null): Step => ({
    by,
    deed: { verb: "status", to, agent: named, says: chance.percent(15) },
  });
  const says = (by: Who): Step => ({ by, deed: { verb: "comment", visibility: "public" } });
  const steps: Record<string, Step> = {
    claim: { by: agent, deed: { verb: "claim", agent } },
    give: status("assigned", boss, agent),
    take: status("assigned", worker),
    work: status("in-progress", chance.percent(20) ? boss : worker),
    wait: status("pending", worker),
    resolve: status("resolved", worker),
    requeue: status("queued", chance.pick([worker, boss])),
    close: status("closed", chance.pick([requester, worker, boss, cast.admin])),
    reopen: status(chance.pick(["queued", "assigned"]), chance.pick([boss, cast.admin])),
    escalateByStatus: status("escalated", worker),
    escalate: { by: worker, deed: { verb: "escalate" } },
    settle: { by: boss, deed: { verb: "resolve_escalation" } },
    reply: says(worker),
    ask: says(requester),
    note: { by: worker, deed: { verb: "comment", visibility: "internal" } },
    batch: {
      by: chance.pick([worker, boss]),
      deed: {
        verb: "batch",
        priority: chance.pick(PRIORITIES),
        to: chance.pick(["assigned", "in-progress", "pending", "resolved", "queued"]),
        agent: chance.percent(20) ? agent : null,
      },
    },
    rate: {
      by: chance.percent(80) ? requester : worker,
      deed: { verb: "rate", score: chance.pick(SCORES) },
    },
    edit: {
      by: chance.pick([worker, boss, cast.admin]),
      deed: { verb: "edit", changes: someChanges(chance) },
    },
  };
  const name = chance.weigh(WEIGHTS[ticket.status]);
  const step = steps[name];
  if (step === undefined) throw new Error(`Cannot do ${name}`);
  return step;
}

interface Step {
  readonly by: Who;
  readonly deed: Deed;
}

function someChanges(chance: Chance): Partial<Kind> {
  const { priority, category, department } = anyKind(chance);
  return chance.weigh<Partial<Kind>>([
    [5, { priority }],
    [3, { category }],
    [4, { department }],
    [1, { priority, category, department }],
  ]);
}

type Weights = readonly (readonly [number, string])[];

const ALWAYS: Weights = [[2, "note"], [5, "ask"], [5, "reply"], [6, "edit"], [3, "batch"], [
  1,
  "escalate",
]];

/** How often what is done, by the ticket's status; a little of it makes no sense and is refused. */
const WEIGHTS: Readonly<Record<Status, Weights>> = {
  queued: [...ALWAYS, [25, "claim"], [6, "give"], [3, "close"], [1, "resolve"], [2, "take"]],
  assigned: [...ALWAYS, [15, "work"], [12, "reply"], [8, "wait"], [6, "resolve"], [3, "requeue"]],
  "in-progress": [...ALWAYS, [14, "reply"], [12, "wait"], [12, "resolve"], [3, "requeue"]],
  pending: [
    ...ALWAYS,
    [14, "ask"],
    [8, "edit"],
    [6, "work"],
    [6, "batch"],
    [4, "resolve"],
    [3, "give"],
    [2, "requeue"],
    [1, "escalateByStatus"],
  ],
  escalated: [
    ...ALWAYS,
    [10, "settle"],
    [6, "work"],
    [8, "claim"],
    [6, "resolve"],
    [5, "wait"],
    [4, "requeue"],
    [2, "escalateByStatus"],
    [4, "give"],
  ],
  resolved: [
    [8, "close"],
    [10, "ask"],
    [6, "rate"],
    [4, "reply"],
    [3, "edit"],
    [4, "batch"],
    [4, "reopen"],
    [2, "take"],
  ],
  closed: [[3, "rate"], [2, "reply"], [2, "reopen"], [1, "edit"], [1, "ask"]],
};

/** When somebody next does something to the ticket: often just when something is due. */
export function nextMoment(chance: Chance, ticket: Ticket, now: Instant): Instant {
  const after = (ms: number): Instant => now + Math.floor(ms);
  const edge = edgeOf(chance, ticket);
  if (chance.percent(20) && edge !== null && edge >= now && edge < now + FAR_MS) return edge;
  return chance.weigh([
    [2, now],
    [10, after(chance.next() * 5 * MINUTE_MS)],
    [25, after(chance.next() * 90 * MINUTE_MS)],
    [40, after(-Math.log(1 - chance.next()) * 6 * HOUR_MS)],
    [15, after(chance.next() * 4 * DAY_MS)],
    [3, after(chance.next() * FAR_MS)],
  ]);
}

/** An instant at which something is or was due, or the one before or after it. */
export function edgeOf(chance: Chance, { sla, nextAt, closesAt }: Ticket): Instant | null {
  const clocks = [sla.response, sla.nextReply, sla.resolution].filter((clock) => clock !== null);
  const edges = [...clocks.flatMap(({ dueAt, warnAt }) => [dueAt, warnAt]), nextAt, closesAt];
  const edge = chance.pick(edges);
  return edge === null ? null : edge + chance.between(-1, 1);
}
