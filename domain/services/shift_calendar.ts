import type { Agent } from "../rules/agent.ts";
import { compareStart } from "../rules/agent_shifts.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Shift, SHIFT_MAX_MS, type ShiftStatus, type Span } from "../rules/shift.ts";
import { behind, keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type Page, takePage, valuesOf } from "../store/page.ts";
import { agents } from "../store/kinds.ts";
import { read } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { catchUpShifts } from "./shift_change.ts";
import { findShift } from "./shifts.ts";

/** Which shifts of an agent. */
export interface ShiftFilter {
  /** Those whose plan ends behind its start and starts before its end. */
  readonly span: Span;
  readonly status?: ShiftStatus | undefined;
}

/** The agent's shifts by their planned starts, as they are once what was due has happened. */
export async function listShifts(
  desk: Desk,
  agent: Agent,
  { span, status }: ShiftFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<Shift>> {
  await bringUpToDate(desk, agent);
  const { after: place, limit } = page;
  const walk = (key: typeof keys.shiftByAgent): AsyncGenerator<Shift> =>
    along(desk, key, agent.id, span, place);
  const lists = [
    ...(status === "cancelled" ? [] : [walk(keys.shiftByAgent)]),
    ...(status === undefined || status === "cancelled" ? [walk(keys.shiftCancelled)] : []),
  ];
  const keeps = (shift: Shift): boolean =>
    shift.end > span.start && (status === undefined || shift.status === status);
  return await takePage(inTheirOrder(lists), { place, limit, keeps }, placeOf);
}

/** The shift in progress; refuses with `not_found` where there is none. */
export async function currentShift(desk: Desk, agent: Agent): Promise<Shift | Refusal> {
  const { currentShiftId } = await bringUpToDate(desk, agent);
  const found = currentShiftId === undefined ? null : await findShift(desk, currentShiftId);
  if (found !== null && !isRefusal(found)) return found.record;
  return refuse("not_found", `${agent.name} is not on a shift.`);
}

/** The agent, once what was due on its shifts has happened; as it was where that cannot be now. */
export async function bringUpToDate(desk: Desk, agent: Agent): Promise<Agent> {
  if ((agent.shifts?.nextAt ?? Infinity) > desk.store.now()) return agent;
  await catchUpShifts(desk, agent.id);
  return await read(desk.store, agents, keys.agent(agent.id)) ?? agent;
}

function along(
  { store }: Desk,
  key: typeof keys.shiftByAgent,
  agentId: string,
  span: Span,
  place: string | null,
): AsyncGenerator<Shift> {
  const [at, id] = place === null ? [] : place.split(" ");
  // None is longer than a day.
  const first: KvKey = at === undefined
    ? key(agentId, span.start - SHIFT_MAX_MS)
    : key(agentId, Number(at), behind(id ?? ""));
  const end = key(agentId, span.end);
  return valuesOf(store.reader.list<Shift>({ start: first, end }, { batchSize: BATCH_MAX }));
}

const BATCH_MAX = 100;

function placeOf({ start, id }: Shift): string {
  return `${start} ${id}`;
}

/** What several lists have, each of which is in order, in one order. */
async function* inTheirOrder(lists: readonly AsyncGenerator<Shift>[]): AsyncGenerator<Shift> {
  const heads = await Promise.all(lists.map((list) => list.next()));
  for (;;) {
    let next: number | null = null;
    for (const [index, { value, done }] of heads.entries()) {
      const best = next === null ? undefined : heads[next]?.value;
      if (done !== true && (best === undefined || compareStart(value, best) < 0)) next = index;
    }
    if (next === null) return;
    const [head, list] = [heads[next], lists[next]];
    if (head === undefined || list === undefined) return;
    yield head.value;
    heads[next] = await list.next();
  }
}
