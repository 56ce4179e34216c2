import type { Actor } from "../../domain/rules/actor.ts";
import { satisfactionOf } from "../../domain/rules/analytics.ts";
import { INTERVALS } from "../../domain/rules/intervals.ts";
import { quantilesOf } from "../../domain/rules/sla_summary.ts";
import { SCORES } from "../../domain/rules/ticket.ts";
import { DAY_MS, type Instant, SECOND_MS } from "../../domain/rules/time.ts";
import {
  type IntervalQuestion,
  readAgentAnalytics,
  readSlaAnalytics,
  readTicketAnalytics,
} from "../../domain/services/analytics.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { granted } from "../support/desk.ts";
import { type Life, livesOf } from "./brute_force.ts";
import { DEPARTMENTS } from "./cast.ts";
import type { Comparison, Difference } from "./compare.ts";
import type { Diary, Kind } from "./diary.ts";
import type { Sample } from "./model_ticket.ts";
import { time } from "./shown.ts";

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
/** The most by which a quantile may be wrong. */
const RELATIVE_ERROR_MAX = 0.02;
/** Hours are compared of the last days, the others of the whole time. */
const HOURS_OF_DAYS = 14;
const AGENTS_MAX = 500;

/**
 * Compares analytics with what a look at every ticket and the whole of its history says, by hours,
 * days and weeks of several time zones, and the durations with the samples of the model.
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
  const compare = (what: string, desk: unknown, model: unknown): void => {
    compared += 1;
    if (JSON.stringify(desk) === JSON.stringify(model)) return;
    differences.push({ ticketId: null, what, desk, model });
  };
  for (const { what, question, isAsked } of questionsOf(diary)) {
    const { rows } = granted(await readTicketAnalytics(desk, boss, question));
    for (const { interval: { range }, volumes, backlog } of rows) {
      const { opened, resolved, finished, reopened, scores } = volumes;
      const told = { opened, resolved, finished, reopened, scores, backlog };
      const expected = { ...turnsIn(lives, range, isAsked), ...openAt(lives, range.end, isAsked) };
      const isUnknown = question.category !== undefined;
      compare(
        `${what} from ${time(range.start)}`,
        told,
        isUnknown ? { ...expected, backlog: null } : expected,
      );
    }
    const sla = granted(await readSlaAnalytics(desk, boss, question));
    const own = samples.filter(({ kind }) => isAsked(folded(kind)));
    for (const { interval: { range }, figures } of sla.rows) {
      const of = (name: string): number[] =>
        own.filter(({ measure, at }) => measure === name && at >= range.start && at < range.end)
          .map(({ milliseconds }) => milliseconds ?? 0).sort((a, b) => a - b);
      const { response, resolution } = quantilesOf(figures);
      const resolutions = [...of("resolution_wall"), ...of("repeat_wall")].sort((a, b) => a - b);
      const pairs = [
        ["first response", response.wallClock.p50, of("response_wall")],
        ["resolution", resolution.wallClock.p50, resolutions],
      ] as const;
      for (const [name, p50, exact] of pairs) {
        const model = exact[Math.ceil(exact.length / 2) - 1] ?? null;
        const near = isNear(p50, model) ? model : p50;
        compare(`${what}: median ${name} from ${time(range.start)}`, near, model);
      }
    }
  }
  const range = { startDate: { at: diary.beginsAt }, endDate: { at: diary.endsAt } };
  const agents = granted(await readAgentAnalytics(desk, boss, { ...range, limit: AGENTS_MAX }));
  for (const { agentId, agent, volumes: { resolved, finished, reopened, scores } } of agents.rows) {
    const own = samples.filter((sample) => sample.agentId === agentId);
    const count = (...measures: string[]): number =>
      own.filter(({ measure }) => measures.includes(measure)).length;
    compare(`agent ${agentId}`, { resolved, finished, reopened, scores }, {
      resolved: count("resolution_wall", "repeat_wall"),
      finished: count("finished"),
      reopened: count("reopened"),
      scores: SCORES.map((score) => count(`rated_${score}`)),
    });
    const { average } = satisfactionOf(scores);
    const { count: rated, scores: sum } = agent?.ratings ?? { count: 0, scores: 0 };
    compare(`ratings of ${agentId}`, rated === 0 ? null : sum / rated, average);
  }
  const whose = new Set(samples.flatMap(({ agentId }) => agentId ?? []));
  compare("agents", agents.rows.map(({ agentId }) => agentId).sort(), [...whose].sort());
  return { counts: new Map([["analytics", compared]]), differences };
}

interface Asked {
  readonly what: string;
  readonly question: IntervalQuestion;
  /** By the folded department. */
  readonly isAsked: (kind: Kind) => boolean;
}

function questionsOf({ beginsAt, endsAt }: Diary): Asked[] {
  const between = (startDate: Instant, endDate: Instant): object => ({
    startDate: { at: startDate },
    endDate: { at: endDate },
  });
  const whole = between(beginsAt, endsAt);
  const hours = between(Math.max(beginsAt, endsAt - HOURS_OF_DAYS * DAY_MS), endsAt);
  const middle = between(beginsAt + 3 * DAY_MS, beginsAt + 9 * DAY_MS);
  return [
    ...ZONES.flatMap((timezone) =>
      INTERVALS.map((interval): Asked => ({
        what: `each ${interval} of ${timezone}`,
        question: { interval, timezone, ...(interval === "hour" ? hours : whole) },
        isAsked: () => true,
      }))
    ),
    ...DEPARTMENTS.map((department): Asked => ({
      what: `days of ${department}`,
      question: { interval: "day", department, ...middle },
      isAsked: (kind) => kind.department === department.toLowerCase(),
    })),
    {
      what: "hours of priority 1 in support",
      question: { interval: "hour", department: "SUPPORT", priority: 1, ...middle },
      isAsked: ({ department, priority }) => department === "support" && priority === 1,
    },
    {
      what: "weeks of billing as a category",
      question: { interval: "week", category: "billing", ...whole },
      isAsked: ({ category }) => category === "billing",
    },
  ];
}

function folded(kind: Kind): Kind {
  return { ...kind, department: kind.department.toLowerCase() };
}

function turnsIn(
  lives: readonly Life[],
  { start, end }: { readonly start: Instant; readonly end: Instant },
  isAsked: Asked["isAsked"],
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

function openAt(
  lives: readonly Life[],
  at: Instant,
  isAsked: Asked["isAsked"],
): { readonly backlog: number } {
  const last = lives.flatMap((life) => life.findLast((turn) => turn.at < at) ?? []);
  return { backlog: last.filter(({ isOpen, kind }) => isOpen && isAsked(kind)).length };
}

function isNear(found: number | null, exact: number | null): boolean {
  if (found === null || exact === null) return found === exact;
  // What took less than a second counts as nothing.
  if (exact < SECOND_MS) return found < SECOND_MS;
  return Math.abs(found - exact) <= RELATIVE_ERROR_MAX * exact;
}
