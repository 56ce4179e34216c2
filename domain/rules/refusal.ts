/** Every reason for which the desk says no. The HTTP face of each is in `routes/http/problem.ts`. */
export type RefusalCode =
  | "invalid_input"
  | "unauthenticated"
  | "token_expired"
  | "invalid_credentials"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "invalid_transition"
  | "already_claimed"
  | "at_capacity"
  | "agent_unavailable"
  | "missing_skill"
  | "email_taken"
  | "not_escalated"
  | "not_resolved"
  | "already_rated"
  | "shift_active"
  | "shift_overlap"
  | "request_in_progress"
  | "stale"
  | "too_large"
  | "unsupported_media_type"
  | "idempotency_mismatch"
  | "rate_limited"
  | "locked_out"
  | "internal"
  | "unavailable";

/** One fault of an input, at a path such as `title` or `skills.0`. */
export interface InputFault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/**
 * A no, as a value: rules and services return it, they never throw it. `detail` may be shown to
 * whoever asked; `facts` are extra members of the answer, such as the moves that are allowed.
 */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly detail: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly InputFault[];
}

export function refuse(
  refused: RefusalCode,
  detail: string,
  facts?: Readonly<Record<string, unknown>>,
): Refusal {
  return facts === undefined ? { refused, detail } : { refused, detail, facts };
}

/** A no to an input, with the path of each of its faults. */
export function invalidInput(errors: readonly InputFault[]): Refusal {
  const [first] = errors;
  const detail = first === undefined
    ? "It does not fit."
    : `Invalid ${first.path}: ${first.message}`;
  return { refused: "invalid_input", detail, errors };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value;
}

/** What is unknown and what may not be seen are the same answer, so that ids cannot be probed. */
export function notFound(what: string): Refusal {
  return refuse("not_found", `There is no such ${what}.`);
}
