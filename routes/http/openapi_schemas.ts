import { z } from "zod";
import { EXAMPLES } from "../views/examples.ts";

type Json = Record<string, unknown>;

/** Turns schemas into the document's; those with an id become components that others refer to. */
export interface Schemas {
  /** What may be sent. */
  input(schema: z.ZodType): Json;
  /** What is answered. */
  output(schema: z.ZodType): Json;
  components(): Json;
}

export interface SchemaOptions {
  /** Whether answers may have more fields than are described. */
  readonly mayHaveMore: boolean;
}

/** One day there may be more fields, and that must break nobody. */
export const OPEN: SchemaOptions = { mayHaveMore: true };

export function makeSchemas({ mayHaveMore }: SchemaOptions): Schemas {
  const components: Json = {};

  function convert(schema: z.ZodType, io: "input" | "output"): Json {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
    }) as Json;
    const opens = io === "output" && mayHaveMore;
    for (const [name, definition] of Object.entries($defs as Json)) {
      const example = EXAMPLES[name];
      const shown = example === undefined ? {} : { examples: [example] };
      components[name] = { ...referring(definition, opens) as Json, ...shown };
    }
    return referring(rest, opens) as Json;
  }

  /** References as the document has them; `opens` what would be closed against more fields. */
  function referring(value: unknown, opens: boolean): unknown {
    if (Array.isArray(value)) return value.map((each) => referring(each, opens));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value)
      .filter(([name, of]) => !(opens && name === "additionalProperties" && of === false))
      .filter(([name, of]) => !(BOUNDS.includes(name) && Math.abs(of) === Number.MAX_SAFE_INTEGER))
      .map((
        [name, of],
      ) => [name, name === "$ref" ? componentOf(String(of)) : referring(of, opens)]);
    const schema = Object.fromEntries(entries);
    // Who makes a client from the document would get floating point for 1, 2 and 3.
    const isWhole = schema.type === "number" && schema.enum?.every(Number.isInteger);
    return isWhole === true ? { ...schema, type: "integer" } : schema;
  }

  return {
    input: (schema) => convert(schema, "input"),
    output: (schema) => convert(schema, "output"),
    components: () => components,
  };
}

/** That an integer is no larger than JavaScript can count says nothing about the API. */
const BOUNDS = ["minimum", "maximum"];

function componentOf(reference: string): string {
  return reference.replace("#/$defs/", "#/components/schemas/");
}
