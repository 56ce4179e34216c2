import { HOUR_MS, type Instant } from "../../../domain/rules/time.ts";
import { time } from "../shown.ts";
import type { Difference } from "./compare.ts";
import type { AgentDiary, ShiftDiary, ShiftEntry } from "./diary.ts";

/** So many lines in which the two stories part are told. */
const LINES_MAX = 8;
/** What was done is told from so long before the stories part. */
const BEFORE_MS = 16 * HOUR_MS;
const AFTER_MS = HOUR_MS;

/** A difference with what was done to the agent's shifts around it, and where the stories part. */
export function explain(diary: ShiftDiary, { agentId, what, desk, model }: Difference): string {
  const agent = diary.agents.find((each) => each.agentId === agentId);
  const lines = parting(desk, model);
  if (agent === undefined) return [what, ...lines].join("\n");
  const at = firstInstant([what, ...lines]);
  const done = at === null ? [] : entriesAround(agent, at).map((entry) => `  ${lineOf(entry)}`);
  const who = `agent ${agentId?.slice(-4)} in ${agent.timezone}`;
  return [`The ${what} of ${who}`, ...done, ...lines].join("\n");
}

function entriesAround({ entries }: AgentDiary, at: Instant): ShiftEntry[] {
  return entries.filter((entry) => entry.at >= at - BEFORE_MS && entry.at <= at + AFTER_MS);
}

function lineOf({ at, place, deed, answer }: ShiftEntry): string {
  const text = JSON.stringify(
    deed,
    (name, value) =>
      typeof value === "number" && (name === "start" || name === "end")
        ? time(value)
        : typeof value === "string"
        ? short(value)
        : value,
  );
  return `${time(at)} ${place} ${answer} ${text}`;
}

/** Ids are told by their ends. */
function short(text: string): string {
  return text.replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, (id) => id.slice(-5));
}

function firstInstant(lines: readonly string[]): Instant | null {
  for (const line of lines) {
    const found = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line)?.[0];
    if (found !== undefined) return Temporal.Instant.from(found).epochMilliseconds;
  }
  return null;
}

/** The lines that only one of them has. */
function parting(desk: unknown, model: unknown): string[] {
  const [ours, theirs] = [linesOf(desk), linesOf(model)];
  const lines = [
    ...without(ours, theirs).map((line) => `  desk:  ${line}`),
    ...without(theirs, ours).map((line) => `  model: ${line}`),
  ];
  const sorted = lines.sort((a, b) => (firstInstant([a]) ?? 0) - (firstInstant([b]) ?? 0));
  const more = sorted.length - LINES_MAX;
  return [...sorted.slice(0, LINES_MAX), ...(more > 0 ? [`  and ${more} lines more`] : [])];
}

/** What is told twice by one and once by the other is told once here. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((each) => short(JSON.stringify(each)));
  return [short(JSON.stringify(value))];
}
