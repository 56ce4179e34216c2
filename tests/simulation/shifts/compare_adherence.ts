import type { Actor } from "../../../domain/rules/actor.ts";
import type { Adherence } from "../../../domain/rules/adherence.ts";
import { BREAK_TYPES, type Span } from "../../../domain/rules/shift.ts";
import { DAY_MS, MINUTE_MS } from "../../../domain/rules/time.ts";
import { readAdherence } from "../../../domain/services/adherence.ts";
import type { Desk } from "../../../domain/services/desk.ts";
import { granted } from "../../support/desk.ts";
import { type Chance, chanceOf } from "../chance.ts";
import { time } from "../shown.ts";
import type { Comparison, Counts, Difference, Replayed } from "./compare.ts";
import type { AgentDiary, ShiftDiary } from "./diary.ts";
import type { ModelAdherence } from "./model_result.ts";

const DAYS = 6;
const RANGES = 6;
/** The desk tells figures of no longer ranges. */
const RANGE_MAX_MS = 92 * DAY_MS;

/** Compares how each agent kept to its shifts: in the whole time, on some days, in some ranges. */
export async function compareAdherence(
  desk: Desk,
  boss: Actor,
  diary: ShiftDiary,
  replayed: readonly Replayed[],
): Promise<Comparison> {
  const counts: Counts = new Map([["ranges of adherence", 0], ["minutes worked", 0]]);
  const differences: Difference[] = [];
  const chance = chanceOf(diary.agents.length);
  for (const { diary: agent, model } of replayed) {
    const { agentId } = agent;
    for (const { start, end } of rangesFor(chance, diary, agent)) {
      const question = { agentId, startDate: { at: start }, endDate: { at: end } };
      const page = granted(await readAdherence(desk, boss, question, { after: null, limit: 1 }));
      const figures = page.items[0]?.figures;
      const told = figures === undefined ? null : inMinutes(figures);
      const expected = inOrder(model.adherence(start, end));
      counts.set("ranges of adherence", (counts.get("ranges of adherence") ?? 0) + 1);
      counts.set("minutes worked", (counts.get("minutes worked") ?? 0) + expected.worked);
      if (JSON.stringify(told) === JSON.stringify(expected)) continue;
      const what = `adherence from ${time(start)} to ${time(end)}`;
      differences.push({ agentId, what, desk: told, model: expected });
    }
  }
  return { counts, differences };
}

function rangesFor(chance: Chance, { beginsAt, endsAt }: ShiftDiary, agent: AgentDiary): Span[] {
  const whole = { start: beginsAt, end: Math.min(endsAt, beginsAt + RANGE_MAX_MS) };
  const first = Temporal.Instant.fromEpochMilliseconds(beginsAt)
    .toZonedDateTimeISO(agent.timezone).toPlainDate();
  const length = Math.ceil((endsAt - beginsAt) / DAY_MS);
  const days = Array.from({ length: DAYS }, () => {
    const day = first.add({ days: chance.between(0, length) });
    const [start, end] = [day, day.add({ days: 1 })].map((each) =>
      each.toZonedDateTime(agent.timezone).epochMilliseconds
    );
    return { start: start ?? beginsAt, end: end ?? endsAt };
  });
  const minutes = (endsAt - beginsAt) / MINUTE_MS;
  const ranges = Array.from({ length: RANGES }, (_, index) => {
    const from = chance.between(0, minutes - 1);
    const long = chance.between(1, index % 2 === 0 ? 300 : minutes);
    const start = beginsAt + from * MINUTE_MS;
    return { start, end: start + long * MINUTE_MS };
  });
  return [whole, ...days, ...ranges];
}

/** The figures in minutes, which are not whole where they should be. */
function inMinutes(figures: Adherence): ModelAdherence {
  const { shifts, scheduledMs, workedMs, conformedMs, overtimeMs, breaks } = figures;
  return inOrder({
    shifts,
    scheduled: scheduledMs / MINUTE_MS,
    worked: workedMs / MINUTE_MS,
    conformed: conformedMs / MINUTE_MS,
    overtime: overtimeMs / MINUTE_MS,
    breaks: ofTypes((type) => ({
      scheduled: breaks[type].scheduledMs / MINUTE_MS,
      taken: breaks[type].takenMs / MINUTE_MS,
    })),
  });
}

function inOrder(adherence: ModelAdherence): ModelAdherence {
  const { shifts, scheduled, worked, conformed, overtime } = adherence;
  const breaks = ofTypes((type) => {
    const { scheduled, taken } = adherence.breaks[type];
    return { scheduled, taken };
  });
  return { shifts, scheduled, worked, conformed, overtime, breaks };
}

function ofTypes(
  figures: (type: (typeof BREAK_TYPES)[number]) => { scheduled: number; taken: number },
): ModelAdherence["breaks"] {
  const entries = BREAK_TYPES.map((type) => [type, figures(type)]);
  return Object.fromEntries(entries) as ModelAdherence["breaks"]; // one of each type
}
