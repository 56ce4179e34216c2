type Json = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const seconds = { type: "integer", minimum: 0 };

/** The headers of answers, as components of the document. */
export const HEADERS: Readonly<Record<string, Json>> = {
  "X-Request-Id": { description: "Names the request, also in the desk's logs.", schema: text },
  "RateLimit": {
    description: 'What is left, by the IETF\'s draft: `"minute";r=599;t=60`.',
    schema: text,
  },
  "RateLimit-Policy": {
    description: 'How much there is, by the IETF\'s draft: `"minute";q=600;w=60`.',
    schema: text,
  },
  "Location": { description: "Where the thing made is.", schema: text },
  "ETag": { description: "The version of what is answered.", schema: text },
  "Retry-After": { description: "Seconds after which to try again.", schema: seconds },
  "WWW-Authenticate": { description: "How to authenticate.", schema: text },
  "Idempotent-Replayed": {
    description: "`true`: this is the answer to the same request before.",
    schema: text,
  },
};

/** What a route does beside its work, which the headers of its answers tell of. */
export interface Headed {
  /** A GET has an `ETag`, and `If-None-Match` is answered with 304. */
  readonly isTagged: boolean;
  /** The answer to a write has an `ETag`. */
  readonly isRetagged: boolean;
  /** Takes an `Idempotency-Key`. */
  readonly isKeyed: boolean;
  /** Counts requests. */
  readonly isLimited: boolean;
}

/** The headers that an answer of this status may have. */
export function headersOf(status: number, headed: Headed): Json {
  const { isTagged, isRetagged, isKeyed, isLimited } = headed;
  const names = ["X-Request-Id"];
  if (isLimited) names.push("RateLimit", "RateLimit-Policy");
  if (status === 201) names.push("Location");
  if (isKeyed && status < 300) names.push("Idempotent-Replayed");
  if (isTagged || (isRetagged && status < 300)) names.push("ETag");
  if (status === 401) names.push("WWW-Authenticate");
  if (status === 429 || status === 503) names.push("Retry-After");
  // While the same request is under way.
  if (isKeyed && status === 409) names.push("Retry-After");
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
