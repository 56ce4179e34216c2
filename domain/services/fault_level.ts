import { StoreUnavailable } from "../store/fault.ts";

/** That a remote store is away is said once, by its guard, and not by everybody who asks it. */
export function faultLevel(error: unknown): "debug" | "error" {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.every((each) => each instanceof StoreUnavailable) ? "debug" : "error";
}
