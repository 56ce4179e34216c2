import { z } from "zod";
import type { InputFault } from "../../domain/rules/refusal.ts";

/** Where an input came from; as its sender would call it. */
export type Part = "body" | "query" | "path";

/** Faults beyond this many are not listed one by one. */
const FAULTS_MAX = 20;
/** A name that nobody knows is told so far. */
const NAME_SHOWN_MAX = 60;

/**
 * What is wrong with an input, in words by which its sender can mend it: every fault with its path,
 * and of the input itself nothing but the names of fields that are not known.
 */
export function faultsOf(
  part: Part,
  input: unknown,
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
): InputFault[] {
  return issues.slice(0, FAULTS_MAX).flatMap((issue): InputFault[] => {
    const { path, code } = issue;
    const names = path.map(String);
    if (issue.code !== "unrecognized_keys") {
      return [{ path: names.join("."), code, message: messageOf(part, input, issue) }];
    }
    const message = knownIn(part, schema, path);
    return issue.keys.map((key) => ({
      path: [...names, key.slice(0, NAME_SHOWN_MAX)].join("."),
      code,
      message,
    }));
  }).slice(0, FAULTS_MAX);
}

/** The library's words, but where they tell of its types what the sender cannot know. */
function messageOf(part: Part, input: unknown, issue: z.core.$ZodIssue): string {
  if (!UNFIT.includes(issue.code)) return issue.message;
  const value = valueAt(input, issue.path);
  if (value === undefined) return "Is missing";
  if (part === "query" && Array.isArray(value)) return "Is given more than once";
  return issue.code === "invalid_type" ? typeNamed(part, issue.expected) : issue.message;
}

/** What is said of a value that is not of the kind that is asked for, as one that is not there. */
const UNFIT: readonly string[] = ["invalid_type", "invalid_value", "invalid_union"];

/** Undefined only for what could stand there and does not. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const name of path) {
    // Text that was taken apart has faults in parts that nobody sent as such.
    if (typeof value !== "object" || value === null) return null;
    value = Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined;
  }
  return value;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "Must be text",
  number: "Must be a number",
  int: "Must be a whole number",
  boolean: "Must be true or false",
  array: "Must be a list",
  object: "Must be an object",
  record: "Must be an object",
  null: "Must be null",
};

function typeNamed(part: Part, expected: string): string {
  // All numbers of queries and paths are whole, and come as text.
  const type = part !== "body" && expected === "number" ? "int" : expected;
  return TYPES[type] ?? "Must be of another type";
}

/** What could have been meant by a name that is not known, where only known ones are taken. */
function knownIn(part: Part, schema: z.ZodType, path: readonly PropertyKey[]): string {
  const names = path.length === 0 && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  if (names.length > 0) return `Is not known here; known are ${names.join(", ")}`;
  return part === "query"
    ? "Is not known: there are no query parameters here"
    : "Is not known here";
}
