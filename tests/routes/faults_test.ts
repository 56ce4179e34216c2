import assert from "node:assert/strict";
import { z } from "zod";
import { faultsOf, type Part } from "../../routes/http/faults.ts";
import { limitOf, ticketIdOrNumber } from "../../routes/http/schemas.ts";

const query = z.object({
  limit: limitOf(100, 20),
  order: z.enum(["up", "down"]).optional(),
  names: z.string().transform((list) => list.split(",")).pipe(z.array(z.enum(["a", "b"])))
    .optional(),
});
const body = z.object({
  body: z.string(),
  kind: z.enum(["a", "b"]),
  count: z.number().int().optional(),
  share: z.number().optional(),
  isOpen: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  range: z.object({ start: z.string() }).optional(),
  either: z.union([z.literal("me"), z.uuid()]).optional(),
}).superRefine((fields, context) => {
  if (fields.share === undefined) return;
  context.addIssue({ code: "custom", path: ["count"], message: "Must stand beside a share" });
});
const whole = { body: "x", kind: "a" };

const cases: [name: string, Part, z.ZodType, unknown, string[]][] = [
  ["what is missing", "body", body, {}, ["body Is missing", "kind Is missing"]],
  ["what is missing in an object", "body", body, { ...whole, range: {} }, [
    "range.start Is missing",
  ]],
  ["a number where text is wanted", "body", body, { ...whole, body: 7 }, ["body Must be text"]],
  ["null where text is wanted", "body", body, { ...whole, body: null }, ["body Must be text"]],
  ["a part of a whole number", "body", body, { ...whole, count: 1.5 }, [
    "count Must be a whole number",
  ]],
  ["text for a number", "body", body, { ...whole, share: "1" }, ["share Must be a number"]],
  ["text for a truth value", "body", body, { ...whole, isOpen: "yes" }, [
    "isOpen Must be true or false",
  ]],
  ["text for a list", "body", body, { ...whole, tags: "a,b" }, ["tags Must be a list"]],
  ["a number in a list", "body", body, { ...whole, tags: ["a", 1] }, ["tags.1 Must be text"]],
  ["text for an object", "body", body, { ...whole, range: "today" }, ["range Must be an object"]],
  ["no object at all", "body", body, [], [" Must be an object"]],
  ["one of no choices", "body", body, { ...whole, kind: "c" }, [
    'kind Invalid option: expected one of "a"|"b"',
  ]],
  ["what a rule misses", "body", body, { ...whole, share: 1 }, ["count Must stand beside a share"]],
  ["text for a number of a query", "query", query, { limit: "ten" }, [
    "limit Must be a whole number",
  ]],
  ["a part of one in a query", "query", query, { limit: "1.5" }, ["limit Must be a whole number"]],
  ["a parameter given twice", "query", query, { limit: ["1", "2"], order: ["up", "up"] }, [
    "limit Is given more than once",
    "order Is given more than once",
  ]],
  ["a list in one, given twice", "query", query, { names: ["a", "b"] }, [
    "names Is given more than once",
  ]],
  ["an empty part of a list in one", "query", query, { names: "" }, [
    'names.0 Invalid option: expected one of "a"|"b"',
  ]],
  ["no id in a path", "path", z.object({ id: ticketIdOrNumber }), { id: "x" }, [
    "id Must be a ticket's id or number",
  ]],
];

for (const [name, part, schema, input, expected] of cases) {
  Deno.test(`it is told of ${name} what to mend`, () => {
    const { error } = schema.safeParse(input);
    const faults = faultsOf(part, input, schema, error?.issues ?? []);
    assert.deepEqual(faults.map(({ path, message }) => `${path} ${message}`), expected);
  });
}

Deno.test("no name of a type of the library's comes out, nor the input", () => {
  const inputs = [null, 7, "secret", [], { body: ["secret"], kind: 1, either: "secret" }];
  for (const input of inputs) {
    const { error } = body.safeParse(input);
    const told = JSON.stringify(faultsOf("body", input, body, error?.issues ?? []));
    assert.doesNotMatch(told, /NaN|undefined|received|secret/, told);
  }
});
