import type { RefusalCode } from "../../domain/rules/refusal.ts";

/** What each refusal means, and what to do about it: where the `type` of a problem leads. */
export const MEANINGS: Readonly<Record<RefusalCode, string>> = {
  invalid_input:
    "What was sent cannot be taken; `errors`, where it is there, has the path and the " +
    "message of each fault. Nothing was changed.",
  unauthenticated: "No valid token came with the request: log in, and send the access token.",
  token_expired:
    "The access token has ended, or tells of a role that you have no more: get a new " +
    "one by `POST /api/auth/refresh`.",
  invalid_credentials: "The e-mail address or the password is wrong; which of them is not told.",
  forbidden: "You may see it, and may not do this to it.",
  not_found: "There is no such thing, or it is not for you to see.",
  method_not_allowed:
    "There is something at this path, but not for this method; `Allow` has those " +
    "that there are.",
  conflict: "As things stand now this cannot be done; `detail` says what is in the way.",
  invalid_transition: "A ticket does not go from its status to this one; `allowed` has those to " +
    "which it goes.",
  already_claimed: "The ticket does not wait for an agent: another one has it, or it is done with.",
  at_capacity:
    "The agent has as many open tickets as it may have; a supervisor may force it where " +
    "the route takes `force`.",
  agent_unavailable: "The agent takes no tickets now: offline, on a break, or not the one for it.",
  missing_skill: "The agent lacks skills that the ticket requires; `missing` has them.",
  email_taken: "There is an account with this e-mail address already.",
  not_escalated: "Only the escalation of a ticket that is escalated can be ended.",
  not_resolved: "Only a ticket that was resolved can be rated.",
  already_rated: "A ticket is rated once.",
  shift_active: "The agent's shift has begun already, which is done once and not moved afterwards.",
  shift_overlap: "The agent has another shift at that time.",
  request_in_progress: "A request with this `Idempotency-Key` is being worked on: send it again " +
    "after `Retry-After`, and get its answer.",
  stale:
    "What `If-Match` or `If-None-Match` asks of the record does not hold: it has changed since " +
    "you read it, or is there, or is not. Nothing was changed; read it again and decide anew.",
  too_large: "The body is longer than the limit.",
  unsupported_media_type:
    "Bodies are JSON in UTF-8, sent as `application/json` and without another " +
    "encoding.",
  idempotency_mismatch:
    "This `Idempotency-Key` was used for another request within a day: take a " +
    "new one.",
  rate_limited: "You have sent too many requests: go on after `Retry-After`.",
  locked_out:
    "Too many logins to this account failed from your address, or from all that have not " +
    "logged in before: until `Retry-After` the right password does not help either.",
  internal:
    "The desk is broken here, not the request; `requestId` names it to whoever runs the desk.",
  unavailable: "The desk cannot do it at the moment: send it again after `Retry-After`.",
};
