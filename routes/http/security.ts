import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "./context.ts";

const NOTHING = ["'none'"];
const OWN = ["'self'"];

/** An answer is data: should a browser take it for a page, the page may do nothing. */
const forData = secureHeaders({
  contentSecurityPolicy: { defaultSrc: NOTHING, frameAncestors: NOTHING },
});

/** The page about the API runs its own scripts and calls its own host, and that is all. */
const forDocs = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NOTHING,
    scriptSrc: OWN,
    styleSrc: OWN,
    // Its icons stand in its style sheet.
    imgSrc: [...OWN, "data:"],
    connectSrc: OWN,
    baseUri: NOTHING,
    formAction: NOTHING,
    frameAncestors: NOTHING,
  },
});

/** Tells a browser what it may do with an answer. */
export const secure = createMiddleware<AppEnv>((c, next) =>
  c.req.path === "/docs" ? forDocs(c, next) : forData(c, next)
);
