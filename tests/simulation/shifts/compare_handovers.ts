import type { Notification } from "../../../domain/rules/notification.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { Store } from "../../../domain/store/store.ts";
import { time } from "../shown.ts";
import { type Departed, together } from "./absences.ts";
import type { Cast } from "./cast.ts";
import type { Comparison, Counts, Difference } from "./compare.ts";
import type { TakenTicket, TicketStory } from "./compare_tickets.ts";
import type { Holding } from "./watch.ts";

/** One message of what an agent left, and everybody who got it. */
interface Handover {
  readonly agentId: string;
  readonly at: Instant;
  /** It left with grace: what it has begun stays with it. */
  readonly keeps: boolean;
  readonly recipients: string[];
}

/**
 * Compares whom and how often it was told what agents left: once for each departure that came due
 * with tickets, to everybody who supervises, and once for who was deactivated with some, to all but
 * who did it. Of departures that could not be told apart, for nothing was seen to in between, one
 * message is enough.
 */
export async function compareHandovers(
  store: Store,
  cast: Cast,
  story: TicketStory,
  holdings: readonly Holding[],
): Promise<Comparison> {
  const counts: Counts = new Map([["handovers told", 0], ["departures that may be told", 0]]);
  const handovers = await handoversOf(store);
  counts.set("handovers told", handovers.length);
  const supervisors = cast.supervisors.map(({ userId }) => userId);
  const everybody = [...supervisors, cast.admin.userId];
  const differences: Difference[] = handovers.flatMap(({ agentId, at, keeps, recipients }) => {
    const expected = (keeps ? everybody : supervisors).toSorted();
    const told = recipients.toSorted();
    const what = `word of what it left at ${time(at)}`;
    if (told.join() === expected.join()) return [];
    return [{ agentId, what, desk: told, model: expected }];
  });
  const heldBy = Map.groupBy(holdings, ({ agentId }) => agentId);
  const toldOf = Map.groupBy(handovers, ({ agentId }) => agentId);
  const explained = new Set<Handover>();
  for (const group of together(story.departures)) {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) continue;
    const { agentId } = first;
    const held = heldBy.get(agentId) ?? [];
    const told = (toldOf.get(agentId) ?? []).filter(({ at, keeps }) =>
      keeps && first.dueAt <= at && at <= last.doneAt
    );
    for (const each of told) explained.add(each);
    const least = group.some((each) => isSure(each, held, story.taken)) ? 1 : 0;
    const most = group.filter((each) => held.some((holding) => mayLeave(each, holding))).length;
    if (least !== most) {
      const what = "departures that may be told";
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    if (told.length >= least && told.length <= most) continue;
    const what = `departure at ${time(first.wentAt)}, due at ${time(first.dueAt)}`;
    const desk = `told ${told.length} times: ${told.map(({ at }) => time(at)).join()}`;
    const tickets = held.filter((holding) => group.some((each) => mayLeave(each, holding)));
    const model = [
      `${least} to ${most} times, done at ${time(last.doneAt)}`,
      ...tickets.map(lineOf),
    ];
    differences.push({ agentId, what, desk: [desk], model });
  }
  differences.push(...deactivated(handovers, story.taken, explained));
  for (const handover of handovers) {
    if (explained.has(handover)) continue;
    const { agentId, at } = handover;
    const what = `word of what it left at ${time(at)}`;
    differences.push({ agentId, what, desk: "was told", model: "had not left" });
  }
  return { counts, differences };
}

function lineOf({ ticketId, from, to, isStarted }: Holding): string {
  const until = to === null ? "the end" : time(to);
  return `${ticketId} from ${time(from)} to ${until}${isStarted ? ", started" : ""}`;
}

async function handoversOf(store: Store): Promise<Handover[]> {
  const byId = new Map<string, Handover>();
  const rows = store.reader.list<Notification>({ prefix: ["notification"] });
  for await (const { value: { id, type, recipient, createdAt, metadata } } of rows) {
    if (type !== "handover") continue;
    const { agentId, keptIds } = metadata;
    const handover = byId.get(id) ??
      { agentId: String(agentId), at: createdAt, keeps: keptIds !== undefined, recipients: [] };
    byId.set(id, handover);
    handover.recipients.push(recipient);
  }
  return [...byId.values()].sort((a, b) => a.at - b.at);
}

/** It had a ticket all the time, or one was taken from it. */
function isSure(
  { wentAt, dueAt, doneAt, agentId, isVague }: Departed,
  held: readonly Holding[],
  taken: readonly TakenTicket[],
): boolean {
  if (isVague) return false;
  return held.some(({ from, to }) => from < wentAt && (to === null || to > doneAt)) ||
    taken.some((each) =>
      each.by === "left" && each.agentId === agentId && each.at >= dueAt && each.at <= doneAt
    );
}

function mayLeave({ dueAt, doneAt }: Departed, { from, to }: Holding): boolean {
  return from <= doneAt && (to === null || to >= dueAt);
}

/** Whoever was deactivated with tickets is told of once. */
function* deactivated(
  handovers: readonly Handover[],
  taken: readonly TakenTicket[],
  explained: Set<Handover>,
): Generator<Difference> {
  const times = new Map<string, TakenTicket>();
  for (const each of taken) {
    if (each.by === "deactivated") times.set(`${each.agentId} ${each.at}`, each);
  }
  for (const { agentId, at } of times.values()) {
    const told = handovers.filter((each) =>
      !each.keeps && each.agentId === agentId && each.at === at
    );
    for (const each of told) explained.add(each);
    if (told.length === 1) continue;
    const what = `deactivation at ${time(at)}`;
    yield { agentId, what, desk: `told ${told.length} times`, model: "once" };
  }
}
