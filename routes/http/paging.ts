import { refuse } from "../../domain/rules/refusal.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { reject } from "./problem.ts";

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
