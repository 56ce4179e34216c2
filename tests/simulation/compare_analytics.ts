import type { Actor } from "../../domain/rules/actor.ts";
import { satisfactionOf } from "../../domain/rules/analytics.ts";
import type { Interval, IntervalLength } from "../../domain/rules/intervals.ts";
import { SCORES } from "../../domain/rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";
import {
  readAgentAnalytics,
  readSlaAnalytics,
  readTicketAnalytics,
} from "../../domain/services/analytics.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { granted } from "../support/desk.ts";
import { agentQuestionsOf, type Asked, dealtIn, questionsOf, samplesIn } from "./asked.ts";
import { type Life, livesOf } from "./brute_force.ts";
import type { Comparison, Difference } from "./compare.ts";
import { promisePairs } from "./compare_promises.ts";
import type { Diary } from "./diary.ts";
import type { Sample } from "./model_ticket.ts";
import { time } from "./shown.ts";

const AGENTS_MAX = 500;

/** Notes what is told otherwise than it must be. */
type Compare = (what: string, desk: unknown, model: unknown) => void;

/** What analytics are held against. */
interface Known {
  readonly lives: readonly Life[];
  readonly samples: readonly Sample[];
}

/**
 * Compares analytics with what a look at every ticket and the whole of its history says, by hours,
 * days and weeks of several time zones and for parts of the desk; how promises were kept, and what
 * agents did, with the samples of the model.
 */
export async function compareAnalytics(
  desk: Desk,
  diary: Diary,
  samples: readonly Sample[],
  boss: Actor,
): Promise<Pick<Comparison, "counts" | "differences">> {
  const lives = await livesOf(desk.store, diary.tickets.map(({ id }) => id));
  const differences: Difference[] = [];
  let compared = 0;
  const compare: Compare = (what, desk, model) => {
    compared += 1;
    if (JSON.stringify(desk) === JSON.stringify(model)) return;
    differences.push({ ticketId: null, what, desk, model });
  };
  for (const asked of questionsOf(diary)) {
    await compareIntervals(desk, boss, asked, { lives, samples }, compare);
  }
  for (const asked of agentQuestionsOf(diary)) {
    const { what, question } = asked;
    const { rows, total, range } = granted(
      await readAgentAnalytics(desk, boss, { ...question, limit: AGENTS_MAX }),
    );
    const of = Map.groupBy(samplesIn(samples, range, asked), ({ agentId }) => agentId);
    of.delete(null);
    compare(`agents of ${what}`, rows.map(({ agentId }) => agentId).sort(), [...of.keys()].sort());
    compare(`how many of ${what}`, total, of.size);
    for (const { agentId, figures, volumes: { resolved, finished, reopened, scores } } of rows) {
      const own = of.get(agentId) ?? [];
      const told = { resolved, finished, reopened, scores };
      compare(`agent ${agentId} of ${what}`, told, dealtIn(own));
      for (const { what: part, desk, model } of promisePairs(figures, own, true)) {
        compare(`${part} of agent ${agentId} of ${what}`, desk, model);
      }
    }
  }
  await compareRatings(desk, boss, diary, compare);
  return { counts: new Map([["analytics", compared]]), differences };
}

async function compareIntervals(
  desk: Desk,
  boss: Actor,
  asked: Asked,
  { lives, samples }: Known,
  compare: Compare,
): Promise<void> {
  const { what, question } = asked;
  const { agentId, category, interval, timezone = desk.config.timezone } = question;
  const { rows } = granted(await readTicketAnalytics(desk, boss, question));
  compareRanges(what, rows.map(({ interval }) => interval), { interval, timezone }, compare);
  for (const { interval: { range }, volumes, backlog } of rows) {
    const { opened, resolved, finished, reopened, scores } = volumes;
    const dealt = { resolved, finished, reopened, scores };
    const when = `${what} from ${time(range.start)}`;
    if (agentId !== undefined) {
      compare(when, dealt, dealtIn(samplesIn(samples, range, asked)));
      continue;
    }
    const isUnknown = category !== undefined || range.start > desk.store.now();
    compare(when, { opened, ...dealt, backlog }, {
      ...turnsIn(lives, range, asked),
      backlog: isUnknown ? null : openAt(lives, range.end, asked),
    });
  }
  const sla = granted(await readSlaAnalytics(desk, boss, question));
  const pairs = sla.rows.flatMap(({ interval: { range }, figures }) =>
    promisePairs(figures, samplesIn(samples, range, asked), agentId !== undefined)
      .map((pair) => ({ ...pair, when: `${what} from ${time(range.start)}` }))
  );
  const together = samplesIn(samples, sla.range, asked);
  const all = promisePairs(sla.together, together, agentId !== undefined);
  for (
    const { what: part, desk, model, when } of [
      ...pairs,
      ...all.map((pair) => ({ ...pair, when: `all of ${what}` })),
    ]
  ) compare(`${part}: ${when}`, desk, model);
}

/** Every hour is in one row, with all others that a calendar of the time zone puts into its own. */
function compareRanges(
  what: string,
  rows: readonly Interval[],
  { interval, timezone }: { readonly interval: IntervalLength; readonly timezone: string },
  compare: Compare,
): void {
  const dates = new Intl.DateTimeFormat("en-CA", { timeZone: timezone });
  // An hour is of the day that is on the calendar as it ends.
  const nameOf = (hour: Instant): number => {
    if (interval === "hour") return hour;
    const day = Date.parse(`${dates.format(hour + HOUR_MS - 1)}T00:00:00Z`) / DAY_MS;
    // The first of January 1970 was a Thursday.
    return interval === "day" ? day : Math.floor((day + 3) / 7);
  };
  for (const [index, { range: { start, end } }] of rows.entries()) {
    const hours = Array.from({ length: (end - start) / HOUR_MS }, (_, at) => start + at * HOUR_MS);
    const names = [...new Set(hours.map(nameOf))];
    const ends = { names: names.length, isWhole: nameOf(end) !== names[0] };
    compare(`${what}: the row from ${time(start)}`, ends, { names: 1, isWhole: true });
    compare(`${what}: what follows ${time(start)}`, rows[index + 1]?.range.start ?? end, end);
  }
}

/** The average in each agent's record is that of all its ratings. */
async function compareRatings(
  desk: Desk,
  boss: Actor,
  { beginsAt, endsAt }: Diary,
  compare: Compare,
): Promise<void> {
  const range = { startDate: { at: beginsAt }, endDate: { at: endsAt } };
  const { rows } = granted(await readAgentAnalytics(desk, boss, { ...range, limit: AGENTS_MAX }));
  for (const { agentId, agent, volumes } of rows) {
    const { average } = satisfactionOf(volumes.scores);
    const { count, scores } = agent?.ratings ?? { count: 0, scores: 0 };
    compare(`ratings of ${agentId}`, count === 0 ? null : scores / count, average);
  }
}

function turnsIn(
  lives: readonly Life[],
  { start, end }: { readonly start: Instant; readonly end: Instant },
  { isAsked }: Asked,
): object {
  const turns = lives.flatMap((life) =>
    life.filter(({ at, kind }) => at >= start && at < end && isAsked(kind))
  );
  const count = (name: string): number => turns.filter(({ what }) => what === name).length;
  return {
    opened: count("opened"),
    resolved: count("resolved"),
    finished: count("finished"),
    reopened: count("reopened"),
    scores: SCORES.map((each) => turns.filter(({ score }) => score === each).length),
  };
}

function openAt(lives: readonly Life[], at: Instant, { isAsked }: Asked): number {
  const last = lives.flatMap((life) => life.findLast((turn) => turn.at < at) ?? []);
  return last.filter(({ isOpen, kind }) => isOpen && isAsked(kind)).length;
}
