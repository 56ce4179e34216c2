import { z } from "zod";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../../domain/config.ts";
import {
  eachOnce,
  parseSkill,
  type Skill,
  SKILL_LEVEL_MAX,
  SKILLS_MAX,
} from "../../domain/rules/skill.ts";
import type { Moment } from "../../domain/rules/sla_period.ts";
import { PRIORITIES, type Priority } from "../../domain/rules/ticket.ts";
import { parseWordQuery } from "../../domain/rules/words.ts";
import { isCommonPassword } from "../../domain/services/common_passwords.ts";

/** Control characters other than tab and line breaks are no text that anybody typed. */
const CONTROL_CHARACTER = /(?![\t\n\r])\p{Cc}/u;

/** The same as patterns, for the document: something that is not blank among what may stand. */
const ALLOWED = "[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]";
const VISIBLE = "[^\\s\\u0000-\\u001f\\u007f-\\u009f\\ufeff]";
const TEXT_PATTERN = `^${ALLOWED}*${VISIBLE}${ALLOWED}*$`;
const LINE_PATTERN =
  `^[^\\u0000-\\u001f\\u007f-\\u009f]*${VISIBLE}[^\\u0000-\\u001f\\u007f-\\u009f]*$`;

/** Text of a person: not blank, well-formed Unicode; stored as it came. Lengths are UTF-16 units. */
export function text(lengthMax: number): z.ZodString {
  return z.string()
    .min(1)
    .max(lengthMax)
    .refine((value) => value.trim() !== "", "Must not be blank")
    .refine((value) => value.isWellFormed(), "Must not have lone surrogates")
    .refine((value) => !CONTROL_CHARACTER.test(value), "Must not have control characters")
    .meta({ pattern: TEXT_PATTERN });
}

const QUERY_LENGTH_MAX = 200;

/** Words to search for. */
export const wordQuery = text(QUERY_LENGTH_MAX).transform((value, context) => {
  const query = parseWordQuery(value);
  if (query !== null) return query;
  context.addIssue({ code: "custom", message: "Must have a letter or digit" });
  return z.NEVER;
});

/** A name of one line, trimmed; its length is counted without what is trimmed off. */
function line(lengthMax: number): z.ZodType<string, string> {
  return z.string().trim().pipe(text(lengthMax)).refine(
    (value) => !/[\r\n\t]/.test(value),
    "Must be one line",
  ).meta({ pattern: LINE_PATTERN, minLength: 1, maxLength: lengthMax });
}

export const name = line(100);

export const department = line(60);

const EMAIL_LENGTH_MAX = 254;

export const email = z.string().trim().max(EMAIL_LENGTH_MAX).pipe(z.email())
  .transform((value) => value.toLowerCase())
  .meta({ format: "email", examples: ["ada@example.com"] });

/** A password that somebody chooses, on any route that sets one. */
export const password = z.string()
  .min(PASSWORD_LENGTH_MIN)
  .max(PASSWORD_LENGTH_MAX)
  .refine((value) => value.isWellFormed(), "Must not have lone surrogates")
  .refine(async (value) => !await isCommonPassword(value), "Must not be one of the most common");

/** A password that somebody tries: a wrong one need not have the form of a good one. */
export const anyPassword = z.string().max(1_000);

/** However it is spelt: ids are stored in lower case. */
export const id = z.uuid().toLowerCase().meta({
  examples: ["019ab3c4-5d6e-7f80-9123-456789abcdef"],
});

/** A ticket's id, or the number people say on the phone. */
export const ticketIdOrNumber = z.string().regex(
  /^([1-9]\d{0,14}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/,
  "Must be a ticket's id or number",
).toLowerCase().meta({ examples: ["1042"] });

export const priority = z.literal(PRIORITIES);

/** The same in a query. */
export const priorityFilter = z.enum(["1", "2", "3"])
  .transform((value) => Number(value) as Priority) // one of the three
  .meta({ description: "1 is high, 3 is low." });

const SLUG_LENGTH_MAX = 60;

/** A short name in a path: of a category, or of a calendar. */
export const slug = z.string().max(SLUG_LENGTH_MAX)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Must be small letters and digits, with hyphens between")
  .meta({ examples: ["card-payments"] });

/** A priority and category in a path. */
export const pair = z.object({
  priority: z.enum(["1", "2", "3"]).transform((value) => Number(value) as Priority),
  category: slug,
});

/** Whether anything stands in a body all of whose fields may be left out. */
export function namesSomething(fields: object): boolean {
  return Object.values(fields).some((value) => value !== undefined);
}

/** The same, as the document says it. */
export function needsOneOf(names: readonly string[]): { anyOf: { required: string[] }[] } {
  return { anyOf: names.map((name) => ({ required: [name] })) };
}

const SKILL_NAME_LENGTH_MAX = 60;
/** With its level. */
const SKILL_LENGTH_MAX = SKILL_NAME_LENGTH_MAX + 2;
const IN_NAME = "[^:\\u0000-\\u001f\\u007f-\\u009f]";
const SKILL_PATTERN =
  `^${IN_NAME}*[^:\\s\\u0000-\\u001f\\u007f-\\u009f\\ufeff]${IN_NAME}*(:[1-5])?$`;

/** Names of skills, each with a level behind a colon where it matters: `"billing:4"`. */
export function skills(levelDefault: number): z.ZodType<Skill[], string[]> {
  const skill = line(SKILL_LENGTH_MAX)
    .transform((value) => parseSkill(value, levelDefault))
    .refine(({ name }) => name !== "" && name.length <= SKILL_NAME_LENGTH_MAX, "Must have a name")
    .refine(({ name }) => !/:\d+$/.test(name), "Must have a level from 1 to 5 behind its colon")
    .meta({ pattern: SKILL_PATTERN, maxLength: SKILL_LENGTH_MAX, examples: ["billing:4"] });
  return z.array(skill).max(SKILLS_MAX).transform(eachOnce);
}

/** Levels of skills by their names. */
export const skillLevels = z.record(
  line(SKILL_NAME_LENGTH_MAX).refine((name) => !name.includes(":"), "Must not have a colon"),
  z.number().int().min(1).max(SKILL_LEVEL_MAX),
).refine((levels) => Object.keys(levels).length <= SKILLS_MAX, `At most ${SKILLS_MAX} skills`);

const TAGS_MAX = 20;
const TAG_LENGTH_MAX = 50;

export const tags = z.array(line(TAG_LENGTH_MAX)).max(TAGS_MAX);

const ISO_INSTANT =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(?:Z|([+-]\d\d):?(\d\d)?)?)?$/i;

/** ISO 8601; a time without an offset is read as UTC, as the predecessor's clients send it. */
export const instant = z.string().regex(ISO_INSTANT, "Must be an ISO 8601 date or time")
  .transform((value, context) => {
    const milliseconds = parseInstant(value);
    if (!Number.isNaN(milliseconds)) return milliseconds;
    context.addIssue({ code: "custom", message: "Must be a date that exists" });
    return z.NEVER;
  })
  .meta({
    description: "ISO 8601; without an offset it is read as UTC.",
    examples: ["2026-11-22T10:00:00.000Z"],
  });

/** A day of the desk's calendar, or an instant as above. */
export const moment = z.string().regex(ISO_INSTANT, "Must be an ISO 8601 date or time")
  .transform((value, context): Moment => {
    const at = parseInstant(value);
    if (!Number.isNaN(at)) return /^[\d-]+$/.test(value) ? { date: value } : { at };
    context.addIssue({ code: "custom", message: "Must be a date that exists" });
    return z.NEVER;
  })
  .meta({ examples: ["2026-11-01", "2026-11-22T10:00:00.000Z"] });

const EARLIEST = Date.parse("0000-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** Milliseconds, or NaN. The parts are put into the one form that every engine reads alike. */
function parseInstant(text: string): number {
  const [, date, time = "00:00", fraction = "0", hours, minutes = "00"] = ISO_INSTANT.exec(text) ??
    [];
  const seconds = time.length === 5 ? `${time}:00` : time;
  const offset = hours === undefined ? "Z" : `${hours}:${minutes}`;
  // A day that the month does not have would be read as one of the next month.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(`${date}T`)) {
    return NaN;
  }
  const at = Date.parse(`${date}T${seconds}.${fraction}${offset}`);
  // An offset can lead out of the years that have four digits.
  return at >= EARLIEST && at <= LATEST ? at : NaN;
}

/** `true` or `false` in a query. */
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

const LIST_LIMIT_DEFAULT = 20;
export const LIST_LIMIT_MAX = 100;

/** Pages counted by number end here; a cursor goes on. */
export const PAGE_OFFSET_MAX = 10_000;

/** How many items a page has. */
// deno-lint-ignore explicit-module-boundary-types
export function limitOf(max: number, byDefault: number) {
  return z.coerce.number().int().min(1).max(max).default(byDefault).meta({
    description: "At most so many.",
  });
}

/** `limit` with `cursor` or, for the predecessor's clients, `page`. */
export const paging = {
  limit: limitOf(LIST_LIMIT_MAX, LIST_LIMIT_DEFAULT),
  page: z.coerce.number().int().min(1).max(PAGE_OFFSET_MAX).optional().meta({
    description: `Pages by number end at ${PAGE_OFFSET_MAX} items; a \`cursor\` goes on, and ` +
      "nothing is repeated or left out while the list changes.",
  }),
  cursor: z.string().max(200).optional().meta({
    description: "The `nextCursor` of the page before, asked for with the same filters.",
  }),
};
