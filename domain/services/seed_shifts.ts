import type { Actor } from "../rules/actor.ts";
import type { AgentChanges } from "../rules/agent_edit.ts";
import type { Shift } from "../rules/shift.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { getAgent, setAgentStatus } from "./agents.ts";
import type { Desk } from "./desk.ts";
import { type Diary, expected } from "./seed_diary.ts";
import { SHIFTS } from "./seed_people.ts";
import { listShifts } from "./shift_calendar.ts";
import { createPattern } from "./shift_patterns.ts";

/** None of the people has more shifts in a day. */
const SHIFTS_A_DAY_MAX = 5;

/** Who works in shifts begins at home, the others at work. */
export function beginning(name: string): Pick<AgentChanges, "status" | "onlineAtShiftStart"> {
  const shift = SHIFTS.find(({ agent }) => agent === name);
  if (shift === undefined) return { status: "online" };
  return { status: "offline", onlineAtShiftStart: shift.isPunctual };
}

/**
 * Gives agents their recurring shifts from the day after the next on, and writes into the diary how
 * those who are not always punctual come to them.
 */
export async function planShifts(
  desk: Desk,
  supervisor: Actor,
  agents: Iterable<Actor>,
  diary: Diary,
): Promise<void> {
  const now = desk.store.now();
  const byName = new Map([...agents].map((actor) => [actor.name, actor]));
  for (const { agent: name, isPunctual, breaks, weekdays, ...plan } of SHIFTS) {
    const actor = byName.get(name);
    const agentId = actor?.agent?.id;
    if (actor === undefined || agentId === undefined) {
      throw new Error(`Cannot seed: there is no agent ${name}`);
    }
    const startDate = dayAfterNext(now, plan.timezone);
    const pattern = { ...plan, weekdays, breaks, agentId, startDate, endDate: null };
    expected(await createPattern(desk, supervisor, pattern));
    if (!isPunctual) lookAhead({ desk, actor, agentId, diary }, 1);
  }
}

/** Whose shifts are lived through. */
interface Worker {
  readonly desk: Desk;
  readonly actor: Actor;
  readonly agentId: string;
  readonly diary: Diary;
}

/** Every day writes into the diary what becomes of the shifts that start a day later. */
function lookAhead(worker: Worker, day: number): void {
  const { desk, agentId, diary } = worker;
  const at = desk.store.now();
  const span = { start: at + DAY_MS, end: at + 2 * DAY_MS };
  diary.add(at, async () => {
    const { record: agent } = expected(await getAgent(desk, agentId));
    const page = { after: null, limit: SHIFTS_A_DAY_MAX };
    const { items } = await listShifts(desk, agent, { span }, page);
    const starting = items.filter(({ start }) => start >= span.start);
    for (const shift of starting) attend(worker, shift, day);
  });
  diary.add(span.start, () => Promise.resolve(lookAhead(worker, day + 1)));
}

/** Comes a little late, stays away or works longer, each on some days. */
function attend({ desk, actor, agentId, diary }: Worker, shift: Shift, day: number): void {
  if (day % 11 === 4) return;
  const set = (status: "online" | "offline", at: Instant): void =>
    diary.add(at, async () => {
      expected(await setAgentStatus(desk, actor, agentId, { status }));
    });
  set("online", shift.start + (day * 7) % 12 * MINUTE_MS);
  if (day % 5 !== 3) return;
  set("online", shift.end + 2 * MINUTE_MS);
  set("offline", shift.end + (20 + day) * MINUTE_MS);
}

/** The first day that begins so late that `lookAhead` comes before all of its shifts. */
function dayAfterNext(at: Instant, timezone: string): string {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
  return today.toPlainDate().add({ days: 2 }).toString();
}
