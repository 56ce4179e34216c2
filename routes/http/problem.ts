import { getLogger } from "@logtape/logtape";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import {
  isRefusal,
  notFound,
  type Refusal,
  type RefusalCode,
  refuse,
} from "../../domain/rules/refusal.ts";
import { refusalOfFault } from "../../domain/services/store_fault.ts";
import type { AppEnv } from "./context.ts";
import { kindOf } from "./request_kind.ts";

/** Status and title of every refusal: the one place where a no becomes HTTP. */
export const PROBLEMS: Readonly<Record<RefusalCode, readonly [ContentfulStatusCode, string]>> = {
  invalid_input: [400, "Invalid input"],
  unauthenticated: [401, "Not authenticated"],
  token_expired: [401, "Token expired"],
  invalid_credentials: [401, "Invalid credentials"],
  forbidden: [403, "Not allowed"],
  not_found: [404, "Not found"],
  method_not_allowed: [405, "Method not allowed"],
  conflict: [409, "Conflict"],
  invalid_transition: [409, "Invalid change of status"],
  already_claimed: [409, "Ticket already claimed"],
  at_capacity: [409, "Agent at capacity"],
  agent_unavailable: [409, "Agent unavailable"],
  missing_skill: [409, "Skill missing"],
  email_taken: [409, "E-mail address taken"],
  not_escalated: [409, "Ticket not escalated"],
  not_resolved: [409, "Ticket not resolved"],
  already_rated: [409, "Ticket already rated"],
  shift_active: [409, "Shift in progress"],
  shift_overlap: [409, "Shifts overlap"],
  request_in_progress: [409, "Request in progress"],
  stale: [412, "Changed meanwhile"],
  too_large: [413, "Body too large"],
  unsupported_media_type: [415, "Unsupported media type"],
  idempotency_mismatch: [422, "Idempotency key used for another request"],
  rate_limited: [429, "Too many requests"],
  locked_out: [429, "Account locked for a while"],
  internal: [500, "Internal error"],
  unavailable: [503, "Unavailable"],
};

export const CODES = Object.keys(PROBLEMS) as [RefusalCode, ...RefusalCode[]]; // the table's own keys

/** A problem document of RFC 9457, with the predecessor's `success` and `message`. */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(CODES),
  instance: z.string(),
  requestId: z.string(),
  success: z.literal(false),
  message: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional()
    .meta({ description: "Each fault of an input." }),
  stack: z.string().optional().meta({ description: "In development alone." }),
  allowed: z.array(z.string()).optional().meta({ description: "What is possible instead." }),
  currentStatus: z.string().optional(),
  missing: z.array(z.string()).optional().meta({ description: "Skills that are lacking." }),
  openTickets: z.number().int().optional().meta({ description: "How many the agent has." }),
  maxTickets: z.number().int().optional().meta({ description: "How many it may have." }),
  retryAfter: z.number().int().optional().meta({ description: "Seconds." }),
}).meta({ id: "Problem" });

const RETRY_AFTER_SECONDS = 1;
/** What is refused with these is to be asked again, also where nothing is known of when. */
const COMES_AGAIN: readonly number[] = [429, 503];
const log = getLogger(["desk", "http"]);

/** A refusal on its way to `onError`: handlers stay straight, and no answer is shaped twice. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/** The value of a verb that was not refused; a refusal ends the request with its problem. */
export function granted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Refused(outcome);
  return outcome;
}

export function reject(refusal: Refusal): never {
  throw new Refused(refusal);
}

export function onError(error: Error, c: Context<AppEnv>): Response {
  if (error instanceof Refused) return problem(c, error.refusal);
  // Thrown by the framework for a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400) {
    return problem(c, refuse("invalid_input", "The body is not valid JSON."));
  }
  const requestId = c.get("requestId");
  const fault = refusalOfFault(error, kindOf(c));
  if (fault !== null) {
    log.warn("Request {requestId} was not answered: {error}", { requestId, error: String(error) });
    return problem(c, fault);
  }
  log.error("Request {requestId} failed: {error}", { requestId, error });
  const facts = c.get("desk").config.appEnv === "development" ? { stack: error.stack } : undefined;
  return problem(c, refuse("internal", `Something broke; its id is ${requestId}.`, facts));
}

export function onNotFound(c: Context<AppEnv>): Response {
  return problem(c, notFound("route"));
}

/** An RFC 9457 problem document, with the predecessor's `success` and `message`. */
function problem(c: Context<AppEnv>, refusal: Refusal): Response {
  const { refused, detail, facts, errors } = refusal;
  const [status, title] = PROBLEMS[refused];
  if (status === 401) c.header("WWW-Authenticate", challenge(refused));
  const retryAfter = facts?.["retryAfter"] ??
    (COMES_AGAIN.includes(status) ? RETRY_AFTER_SECONDS : null);
  if (retryAfter !== null) c.header("Retry-After", String(retryAfter));
  if (refused === "method_not_allowed") {
    c.header("Allow", [facts?.["allowed"] ?? []].flat().join(", "));
  }
  const body = {
    type: `/problems/${refused}`,
    title,
    status,
    detail,
    code: refused,
    instance: c.req.path,
    requestId: c.get("requestId"),
    success: false,
    message: detail,
    ...(errors === undefined ? {} : { errors }),
    ...facts,
  };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

function challenge(code: RefusalCode): string {
  const realm = 'Bearer realm="smart-ticketing"';
  return code === "token_expired" ? `${realm}, error="invalid_token"` : realm;
}
