import { type Refusal, refuse } from "../rules/refusal.ts";
import { isStoreFault } from "../store/fault.ts";

/**
 * What to say to whoever asked for something that the store did not answer; null for an error that is
 * no fault of the store. A change may have been made all the same: nobody knows.
 */
export function refusalOfFault(error: unknown, request: RequestKind): Refusal | null {
  return isStoreFault(error) ? notAnswered(request) : null;
}

/** The same for an answer that has been waited for long enough. */
export function notAnswered(request: RequestKind): Refusal {
  return refuse("unavailable", `The store does not answer: ${ADVICE[request]}`);
}

/** What may be done about it: a write either takes an `Idempotency-Key` or it does not. */
export type RequestKind = "read" | "keyed write" | "write";

const ADVICE: Readonly<Record<RequestKind, string>> = {
  "read": "try again.",
  "keyed write":
    "whether anything was changed is not known. With an Idempotency-Key it is safe to try again.",
  "write": "whether anything was changed is not known. Look at what there is before you try again.",
};
