import { INTERVALS } from "../../domain/rules/intervals.ts";
import { DAY_MS, type Instant } from "../../domain/rules/time.ts";
import type { AnalyticsQuestion, IntervalQuestion } from "../../domain/services/analytics.ts";
import { DEPARTMENTS } from "./cast.ts";
import type { Diary, Kind } from "./diary.ts";
import type { Sample } from "./model_ticket.ts";

/** The clocks of most of them are put in the weeks of a simulation. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
];
/** Hours are compared of the last days, the others of the whole time. */
const HOURS_OF_DAYS = 14;
/** So many agents are asked about one by one. */
const AGENTS_NAMED = 2;

/** A question to analytics, and of which tickets its answer must be. */
export interface Asked<Question extends AnalyticsQuestion = IntervalQuestion> {
  readonly what: string;
  readonly question: Question;
  /** By the folded department. */
  readonly isAsked: (kind: Kind) => boolean;
}

export function questionsOf(diary: Diary): Asked[] {
  const { whole, middle, hours } = stretchesOf(diary);
  const agents = diary.people.flatMap(({ agentId }) => agentId ?? []).slice(0, AGENTS_NAMED);
  return [
    ...ZONES.flatMap((timezone) =>
      INTERVALS.map((interval): Asked => ({
        what: `each ${interval} of ${timezone}`,
        question: { interval, timezone, ...(interval === "hour" ? hours : whole) },
        isAsked: () => true,
      }))
    ),
    ...partsOf(middle).map(({ question, ...asked }): Asked => ({
      ...asked,
      question: { interval: "day", ...question },
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
    ...agents.flatMap((agentId) =>
      partsOf(middle).map(({ what, question, isAsked }): Asked => ({
        what: `${what} of ${agentId}`,
        question: { interval: "day", agentId, timezone: "Asia/Kolkata", ...question },
        isAsked,
      }))
    ),
  ];
}

/** The same without intervals, for what each agent did. */
export function agentQuestionsOf(diary: Diary): Asked<AnalyticsQuestion>[] {
  const { whole, middle, hours } = stretchesOf(diary);
  return [whole, middle, hours].flatMap(partsOf);
}

/** All that is asked for, and parts of it. */
function partsOf(range: AnalyticsQuestion): Asked<AnalyticsQuestion>[] {
  return [
    { what: "all", question: range, isAsked: () => true },
    ...DEPARTMENTS.map((department) => ({
      what: department,
      question: { department, ...range },
      isAsked: (kind: Kind) => kind.department === department.toLowerCase(),
    })),
    {
      what: "priority 2",
      question: { priority: 2, ...range },
      isAsked: ({ priority }) => priority === 2,
    },
    {
      what: "technical",
      question: { category: "technical", ...range },
      isAsked: ({ category }) => category === "technical",
    },
  ];
}

/** Stretches of time: all of it, some days that begin amid an hour, and the last days. */
function stretchesOf(
  { beginsAt, endsAt }: Diary,
): Readonly<Record<"whole" | "middle" | "hours", AnalyticsQuestion>> {
  const between = (startDate: Instant, endDate: Instant): AnalyticsQuestion => ({
    startDate: { at: startDate },
    endDate: { at: endDate },
  });
  return {
    whole: between(beginsAt, endsAt),
    middle: between(beginsAt + 3 * DAY_MS, beginsAt + 9 * DAY_MS),
    hours: between(Math.max(beginsAt, endsAt - HOURS_OF_DAYS * DAY_MS), endsAt),
  };
}

export function folded(kind: Kind): Kind {
  return { ...kind, department: kind.department.toLowerCase() };
}

/** Those of an agent, or of all, of tickets that are asked for, in a stretch of time. */
export function samplesIn(
  samples: readonly Sample[],
  { start, end }: { readonly start: Instant; readonly end: Instant },
  { question: { agentId }, isAsked }: Asked<AnalyticsQuestion>,
): Sample[] {
  return samples.filter((sample) =>
    sample.at >= start && sample.at < end && isAsked(folded(sample.kind)) &&
    (agentId === undefined || sample.agentId === agentId)
  );
}

/** What the samples say of volumes. */
export function dealtIn(samples: readonly Sample[]): Record<string, unknown> {
  const count = (...measures: string[]): number =>
    samples.filter(({ measure }) => measures.includes(measure)).length;
  return {
    resolved: count("resolution_wall", "repeat_wall"),
    finished: count("finished"),
    reopened: count("reopened"),
    scores: [1, 2, 3, 4, 5].map((score) => count(`rated_${score}`)),
  };
}
