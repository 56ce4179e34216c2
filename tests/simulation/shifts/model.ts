import type { AgentDiary, ShiftDiary } from "./diary.ts";
import { adherence } from "./model_adherence.ts";
import { perform } from "./model_deeds.ts";
import { letHappen } from "./model_due.ts";
import { Life } from "./model_life.ts";
import { makeNearShifts } from "./model_pattern.ts";
import type { ModelAgent } from "./model_result.ts";
import { MINUTE } from "./model_shift.ts";

/**
 * Lives through one agent's diary minute by minute, from scratch: by the specification, and by
 * nothing that the desk itself reckons with. In each minute first happens what is due by itself, then
 * what somebody did, and after each deed what is due by it.
 */
export function replayAgent({ beginsAt, endsAt }: ShiftDiary, diary: AgentDiary): ModelAgent {
  const life = new Life(diary, beginsAt);
  const entries = diary.entries.toSorted((a, b) => a.at - b.at || a.place - b.place);
  const answers = new Map<number, ModelAgent["answers"][number]>();
  let next = 0;
  for (let now = beginsAt; now <= endsAt; now += MINUTE) {
    life.now = now;
    makeNearShifts(life);
    letHappen(life);
    for (let entry = entries[next]; entry?.at === now; entry = entries[++next]) {
      answers.set(entry.place, perform(life, entry));
      letHappen(life);
    }
    life.keepMinute();
  }
  const unlived = entries[next];
  if (unlived !== undefined) throw new Error(`Cannot live through ${unlived.at}: no such minute`);
  return {
    answers: diary.entries.map(({ place }) => answers.get(place) ?? "internal"),
    minute: (at) => life.minute(at).shown,
    facts: life.facts,
    absences: life.absences,
    shifts: life.shifts.map(({ shown }) => shown),
    adherence: (start, end) => adherence(life, start, end),
  };
}
