import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import type { RefusalCode } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";

/**
 * What one middleware of a route says about it. Whoever validates a body, asks for a token or may
 * refuse says so itself; the document is what all of a route's middleware say together.
 */
export interface Description {
  /** One line: what the route is for. */
  readonly summary?: string;
  /** What is not obvious from the line. */
  readonly details?: string;
  readonly security?: "required" | "optional";
  /** Objects whose properties are the parameters. */
  readonly path?: z.ZodType;
  readonly query?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  /** Examples of the body by their names. */
  readonly examples?: Readonly<Record<string, unknown>>;
  readonly answers?: Readonly<Record<number, DescribedAnswer>>;
  readonly refusals?: readonly RefusalCode[];
  /** It takes an `Idempotency-Key`. */
  readonly isKeyed?: boolean;
  /** The answer has an `ETag`. */
  readonly isTagged?: boolean;
  /** The answer to a write has an `ETag`. */
  readonly isRetagged?: boolean;
  /** What is written may be made by it, and only that where `If-None-Match` says so. */
  readonly mayBeNew?: boolean;
  /** What is written is one record, to which `If-Match` can be held. */
  readonly isVersioned?: boolean;
}

/**
 * A JSON body by its schema; another type of content, by its name, or either of both; null for no
 * content.
 */
export type DescribedAnswer =
  | z.ZodType
  | { readonly contentType: string; readonly orJson?: z.ZodType }
  | null;

const descriptions = new WeakMap<object, Description>();

/** The middleware, with what it says about every route that it stands in. */
export function described<M extends object>(middleware: M, description: Description): M {
  descriptions.set(middleware, description);
  return middleware;
}

/** Does nothing but describe: what a route is for, what it answers, and why it may refuse. */
export function describe(description: Description): MiddlewareHandler<AppEnv> {
  return described<MiddlewareHandler<AppEnv>>((_c, next) => next(), description);
}

export function descriptionOf(middleware: object): Description | undefined {
  return descriptions.get(middleware);
}
