// The schemas of answers. Their types are inferred: they are what the schemas say.
// deno-lint-ignore-file explicit-module-boundary-types

import { z } from "zod";

/** An instant as every answer carries it. */
export const instant = z.string().meta({
  format: "date-time",
  examples: ["2026-11-22T10:00:00.000Z"],
});

export const id = z.string().meta({
  format: "uuid",
  examples: ["019ab3c4-5d6e-7f80-9123-456789abcdef"],
});

const success = z.literal(true);
export const warnings = z.array(z.string()).optional().meta({
  description: "What whoever asked should know, a sentence each.",
});
const count = z.number().int().min(0).meta({ description: "How many there are in `data`." });
const nextCursor = z.string().nullable().meta({
  description: "Ask with it for the next page; null at the end.",
});

/** One thing. */
export function one<S extends z.ZodType>(data: S) {
  return z.object({ success, data, warnings });
}

/** A list that is not paged. */
export function list<S extends z.ZodType>(item: S) {
  return z.object({ success, data: z.array(item), count });
}

/** A list that goes on by a cursor. */
export function cursored<S extends z.ZodType>(item: S) {
  return z.object({ success, data: z.array(item), count, nextCursor });
}

/** A list that goes on by a cursor or by page numbers, and knows how long it is. */
export function paged<S extends z.ZodType>(item: S) {
  return z.object({
    success,
    data: z.array(item),
    count,
    total: z.number().int().min(0),
    totalCapped: z.literal(true).optional().meta({
      description: "There may be more than `total`: no more were counted.",
    }),
    pages: z.number().int().min(0),
    currentPage: z.number().int().min(1),
    nextCursor,
  });
}

/** The same list where `fields` may have been asked for: items whole, or some of their fields. */
export function someFields<S extends z.ZodObject>(item: S) {
  const some = item.partial().meta({ id: `${item.meta()?.id ?? "Some"}Fields` });
  return z.union([item, some]);
}

/** What goes beside `data` when there is something to say. */
export function warned(warnings: readonly string[]): { warnings?: string[] } {
  return warnings.length === 0 ? {} : { warnings: [...warnings] };
}
