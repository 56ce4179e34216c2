import { type Refusal, refuse } from "../rules/refusal.ts";
import { isStoreFault } from "../store/fault.ts";

/**
 * What to say to whoever asked for something that the store did not answer; null for an error that is
 * no fault of the store. A change may have been made all the same: nobody knows.
 */
export function refusalOfFault(error: unknown, wasReading: boolean): Refusal | null {
  return isStoreFault(error) ? notAnswered(wasReading) : null;
}

/** The same for an answer that has been waited for long enough. */
export function notAnswered(wasReading: boolean): Refusal {
  const advice = wasReading
    ? "try again."
    : "whether anything was changed is not known. With an Idempotency-Key it is safe to try again.";
  return refuse("unavailable", `The store does not answer: ${advice}`);
}
