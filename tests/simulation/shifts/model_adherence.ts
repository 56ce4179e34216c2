import type { BreakType } from "../../../domain/rules/shift.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { Life } from "./model_life.ts";
import type { ModelAdherence } from "./model_result.ts";
import { type LivedShift, MINUTE } from "./model_shift.ts";

type Counted =
  & {
    -readonly [Name in keyof Omit<ModelAdherence, "breaks">]: number;
  }
  & { readonly breaks: Record<BreakType, { scheduled: number; taken: number }> };

/** How the agent kept to its shifts: minute by minute, as each was lived through. */
export function adherence(life: Life, start: Instant, end: Instant): ModelAdherence {
  const counted: Counted = {
    shifts: 0,
    scheduled: 0,
    worked: 0,
    conformed: 0,
    overtime: 0,
    breaks: {
      lunch: { scheduled: 0, taken: 0 },
      "short-break": { scheduled: 0, taken: 0 },
      training: { scheduled: 0, taken: 0 },
      meeting: { scheduled: 0, taken: 0 },
    },
  };
  for (const shift of life.shifts) {
    if (shift.status === "cancelled") continue;
    const from = Math.max(start, shift.startedAt ?? shift.start);
    const to = Math.min(end, life.now, Math.max(shift.end, shift.endedAt ?? life.now));
    let isSeen = false;
    for (let minute = from; minute < to; minute += MINUTE) {
      if (countMinute(life, shift, minute, counted)) isSeen = true;
    }
    if (isSeen) counted.shifts += 1;
  }
  return counted;
}

/** Whether the shift has anything to do with this minute. */
function countMinute(life: Life, shift: LivedShift, minute: Instant, counted: Counted): boolean {
  const lived = life.minute(minute);
  const isThere = lived.shift === shift && lived.shown.status !== "offline";
  const taken = lived.shift === shift ? lived.break : null;
  // What was planned when it should have begun is counted from when it began.
  const isPlanned = minute >= Math.max(shift.start, shift.startedAt ?? shift.start) &&
    minute < shift.end;
  const planned = isPlanned ? shift.breaks.filter((each) => each.wasPlannedIn(minute)) : [];
  const isScheduled = isPlanned && planned.length === 0;
  const isWorked = isThere && taken === null;
  if (isScheduled) counted.scheduled += 1;
  if (isWorked) counted.worked += 1;
  if (isScheduled && isWorked) counted.conformed += 1;
  if (isWorked && !isPlanned) counted.overtime += 1;
  for (const type of new Set(planned.map(({ type }) => type))) counted.breaks[type].scheduled += 1;
  if (taken !== null) counted.breaks[taken.type].taken += 1;
  return isPlanned || isThere;
}
