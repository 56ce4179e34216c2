import type { Status, Ticket } from "../../../domain/rules/ticket.ts";
import { PRIORITIES } from "../../../domain/rules/ticket.ts";
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../../domain/rules/time.ts";
import type { Chance } from "../chance.ts";
import type { Deed, Kind, Who } from "../diary.ts";
import { type Cast, DEPARTMENTS } from "./cast.ts";

export function anyKind(chance: Chance): Kind {
  const department = chance.weigh([[3, DEPARTMENTS[0]], [1, DEPARTMENTS[1]], [1, DEPARTMENTS[2]]]);
  return { priority: chance.pick(PRIORITIES), category: "general", department };
}

interface Errand {
  readonly by: Who;
  readonly deed: Deed;
}

/** Somebody, and what they do to a ticket; null where it is left alone. */
export function nextErrand(
  chance: Chance,
  cast: Cast,
  ticket: Ticket,
  isAway: (agentId: string) => boolean,
): Errand | null {
  const holderId = ticket.assignee?.agentId;
  const holder = cast.workers.find(({ agentId }) => agentId === holderId)?.who;
  // Whoever is there looks for something to do; others try in vain.
  const there = cast.workers.filter(({ agentId }) => !isAway(agentId));
  const agent = chance.pick(there.length > 0 && chance.percent(70) ? there : cast.workers).who;
  const boss = chance.pick(cast.supervisors);
  // Hardly anybody works on tickets from home.
  const isLeft = holderId !== undefined && isAway(holderId) && chance.percent(80);
  const worker = isLeft || holder === undefined ? null : holder;
  const move = (to: Status, by: Who | null, named: Who | null = null): Errand | null =>
    by === null ? null : { by, deed: { verb: "status", to, agent: named, says: false } };
  const says = (by: Who | null): Errand | null =>
    by === null ? null : { by, deed: { verb: "comment", visibility: "public" } };
  const claim = (): Errand => ({ by: agent, deed: { verb: "claim", agent } });
  const give = (): Errand | null => move("assigned", boss, agent);
  const choices: Record<Status, readonly (readonly [number, () => Errand | null])[]> = {
    queued: [[6, claim], [2, give], [8, () => null]],
    assigned: [
      [12, () => says(worker)],
      [12, () => move("in-progress", worker)],
      [10, () => move("resolved", worker)],
      [2, () => move("pending", worker)],
      [2, () => move("queued", chance.pick([worker, boss]))],
      [3, give],
      [16, () => null],
    ],
    "in-progress": [
      [20, () => move("resolved", worker)],
      [3, () => says(worker)],
      [3, () => move("pending", worker)],
      [1, () => move("queued", boss)],
      [1, give],
      [4, () => null],
    ],
    pending: [[6, () => says(cast.customers[0] ?? null)], [8, () => move("in-progress", worker)], [
      6,
      () => move("resolved", worker),
    ]],
    escalated: [
      [8, () => move("in-progress", worker)],
      [6, () => move("resolved", worker)],
      [6, () => holder === undefined ? claim() : says(worker)],
      [2, give],
      [6, () => null],
    ],
    resolved: [[1, () => says(cast.customers[0] ?? null)], [12, () => null]],
    closed: [[1, () => null]],
  };
  return chance.weigh(choices[ticket.status])();
}

/** When somebody next looks at a ticket. */
export function nextLook(chance: Chance, now: Instant): Instant {
  const after = (ms: number): Instant => now + 1 + Math.floor(chance.next() * ms);
  const at = chance.weigh<() => Instant>([
    [2, () => after(SECOND_MS * 20)],
    [2, () => after(10 * MINUTE_MS)],
    [4, () => after(90 * MINUTE_MS)],
    [4, () => after(6 * HOUR_MS)],
  ])();
  return chance.percent(25) ? Math.ceil(at / MINUTE_MS) * MINUTE_MS : at;
}
