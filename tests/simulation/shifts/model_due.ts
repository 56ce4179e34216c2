import type { Life } from "./model_life.ts";
import { MINUTE } from "./model_shift.ts";

/** So much can happen to one agent in a minute at most, before something must be wrong. */
const HAPPENINGS_MAX = 10_000;

/** Lets happen all that is due in this minute by itself, each thing once, in the order of `DUE`. */
export function letHappen(life: Life): void {
  for (let count = 0; count < HAPPENINGS_MAX; count++) {
    if (!DUE.some((happens) => happens(life))) return;
  }
  throw new Error(`Cannot go on: too much happens to ${life.diary.agentId} at ${life.now}`);
}

/** Each lets the first thing of its kind happen, and says whether there was one. */
const DUE: readonly ((life: Life) => boolean)[] = [
  breakEnds,
  noticeIsGiven,
  shiftEnds,
  shiftStarts,
  breakIsNear,
  breakStarts,
];

function breakEnds(life: Life): boolean {
  const running = life.current?.running;
  if (running === undefined || running.endsAt() > life.now) return false;
  life.endBreak();
  return true;
}

function noticeIsGiven(life: Life): boolean {
  const { current, now } = life;
  for (const shift of life.shifts) {
    if (shift.status !== "scheduled" || shift.knowsStart) continue;
    if (shift.start - 15 * MINUTE > now) continue;
    shift.knowsStart = true;
    // Whoever works no more is told nothing.
    if (life.isActive) life.tell("shift_starting", shift);
    return true;
  }
  if (current === null || current.overtime) return false;
  const { knowsEnd30, knowsEnd5, isShort, end } = current;
  if (!knowsEnd30 && !isShort && end - 30 * MINUTE <= now) {
    current.knowsEnd30 = true;
    life.tell(`shift_ending ${(current.end - life.now) / MINUTE}`, current);
    return true;
  }
  if (!knowsEnd5 && end - 5 * MINUTE <= now) {
    current.knowsEnd5 = true;
    life.tell(`shift_ending ${(current.end - life.now) / MINUTE}`, current);
    return true;
  }
  return false;
}

function shiftEnds(life: Life): boolean {
  const { current, now } = life;
  if (current === null || current.endsAt > now) return false;
  const isFollowed = life.shifts.some(({ status, start }) =>
    status === "scheduled" && start === now
  );
  life.endShift(current, isFollowed ? "stays" : "leaves");
  return true;
}

function shiftStarts(life: Life): boolean {
  const { current, now } = life;
  const [shift] = life.shifts.filter(({ status, start }) => status === "scheduled" && start <= now)
    .sort((a, b) => a.start - b.start);
  if (shift === undefined) return false;
  if (!life.isActive) {
    life.cancelShift(shift);
    return true;
  }
  // It can only be overtime, which gives way.
  if (current !== null) life.endShift(current, "stays");
  if (life.status === "offline" && life.comesAtShiftStart) life.become("online");
  life.startShift(shift);
  return true;
}

function breakIsNear(life: Life): boolean {
  const { current, now } = life;
  const near = current?.breaks.find(({ status, reminded, start }) =>
    status === "scheduled" && !reminded && start > (current.startedAt ?? NaN) &&
    start - 5 * MINUTE <= now
  );
  if (current === null || near === undefined) return false;
  near.reminded = true;
  life.tell("break_reminder", current, near);
  return true;
}

function breakStarts(life: Life): boolean {
  const { current, now } = life;
  const due = current?.breaks.find(({ status, start }) => status === "scheduled" && start <= now);
  if (current === null || due === undefined) return false;
  if (life.status === "offline" || due.end <= now) life.missBreak(due);
  else life.startBreak(current, due);
  return true;
}
