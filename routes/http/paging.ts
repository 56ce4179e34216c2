import { refuse } from "../../domain/rules/refusal.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { reject } from "./problem.ts";
import { PAGE_OFFSET_MAX } from "./schemas.ts";

/** Which page of a list is asked for: by a cursor, or by its number. */
interface Turn {
  readonly limit: number;
  readonly page?: number | undefined;
  readonly cursor?: string | undefined;
}

/** How many items to pass over for a page's number; none behind a cursor, which is a place itself. */
export function skipFor({ limit, page = 1, cursor }: Turn): number {
  const skip = cursor === undefined ? (page - 1) * limit : 0;
  if (skip <= PAGE_OFFSET_MAX) return skip;
  return reject(refuse("invalid_input", `Pages end at ${PAGE_OFFSET_MAX} items: use the cursor.`));
}

interface Length {
  readonly total: number;
  readonly totalCapped: boolean;
}

/** What stands beside the items of a page: how long the list is, and where in it the page is. */
// deno-lint-ignore explicit-module-boundary-types
export function pageFacts({ limit, page = 1 }: Turn, { total, totalCapped }: Length) {
  const capped = totalCapped ? { totalCapped } : {};
  return { total, ...capped, pages: Math.ceil(total / limit), currentPage: page };
}

/** A place in a list, sealed together with the question it belongs to. */
export function sealCursor(desk: Desk, place: string | null, question: unknown): string | null {
  return place === null ? null : `${place}.${desk.tokens.seal(sealed(place, question))}`;
}

/** The place in a cursor; refuses one that was not given for this question. */
export function openCursor(
  desk: Desk,
  cursor: string | undefined,
  question: unknown,
): string | null {
  if (cursor === undefined) return null;
  const [place = "", seal = ""] = cursor.split(".");
  if (desk.tokens.isSealed(sealed(place, question), seal)) return place;
  return reject({
    ...refuse("invalid_input", "Invalid cursor: it does not belong to this list."),
    errors: [{ path: "cursor", code: "custom", message: "Must be a nextCursor of this list" }],
  });
}

function sealed(place: string, question: unknown): string {
  return `cursor ${place} ${JSON.stringify(question)}`;
}
