import { createHash } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";

interface Asset {
  readonly type: "text/css" | "text/javascript";
  /** Loaded when somebody first asks: nobody else should wait or hold memory for it. */
  read(): Promise<string>;
}

/** Swagger UI as its package brings it, so that the page needs no other host and no network. */
const ASSETS = {
  "swagger-ui.css": {
    type: "text/css",
    read: async () =>
      (await import("swagger-ui-dist/swagger-ui.css", { with: { type: "text" } })).default,
  },
  "swagger-ui-bundle.js": {
    type: "text/javascript",
    read: async () =>
      (await import("swagger-ui-dist/swagger-ui-bundle.js", { with: { type: "text" } })).default,
  },
  "start.js": { type: "text/javascript", read: () => Promise.resolve(START) },
} as const satisfies Record<string, Asset>;

type AssetName = keyof typeof ASSETS;
const NAMES: readonly AssetName[] = ["swagger-ui.css", "swagger-ui-bundle.js", "start.js"];

/** In a file of its own, for the page's policy runs no script that stands in it. */
const START = `SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("docs"),
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  // Else the document would be sent to a validator on another host.
  validatorUrl: null,
});
`;

const FOR_A_YEAR = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

/** A page to read and try the API, made from `/openapi.json`, with all that it needs. */
// deno-lint-ignore explicit-module-boundary-types
export function docsRoutes() {
  const tags = new Map<AssetName, Promise<string>>();

  function tagOf(name: AssetName): Promise<string> {
    const tag = tags.get(name) ?? ASSETS[name].read().then(tagFor);
    tags.set(name, tag);
    return tag;
  }

  async function send(c: Context<AppEnv>, name: AssetName): Promise<Response> {
    const { type, read } = ASSETS[name];
    const tag = await tagOf(name);
    c.header("ETag", `"${tag}"`);
    // What is asked for by its tag never changes; anything else may, with the next release.
    c.header("Cache-Control", c.req.query("v") === tag ? FOR_A_YEAR : ASK_AGAIN);
    return c.body(await read(), 200, { "Content-Type": `${type}; charset=utf-8` });
  }

  return new Hono<AppEnv>()
    .get(
      "/docs",
      describe({
        summary: "A page to read and try the API",
        answers: { 200: { contentType: "text/html" } },
      }),
      async (c) => {
        const paths = NAMES.map(async (name) => `/docs/${name}?v=${await tagOf(name)}`);
        c.header("Cache-Control", ASK_AGAIN);
        return c.html(page(await Promise.all(paths)), 200);
      },
    )
    .get("/docs/swagger-ui.css", ...asset("swagger-ui.css"), (c) => send(c, "swagger-ui.css"))
    .get(
      "/docs/swagger-ui-bundle.js",
      ...asset("swagger-ui-bundle.js"),
      (c) => send(c, "swagger-ui-bundle.js"),
    )
    .get("/docs/start.js", ...asset("start.js"), (c) => send(c, "start.js"));
}

/** What stands before the handler of an asset. */
function asset(name: AssetName): [MiddlewareHandler<AppEnv>, MiddlewareHandler] {
  const about = describe({
    summary: "What the page about the API is made of",
    answers: { 200: { contentType: ASSETS[name].type } },
    isTagged: true,
  });
  return [about, etag()];
}

function tagFor(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function page([style, bundle, start]: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Smart Ticketing API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="docs"></div>
<noscript>This page needs JavaScript; <a href="/openapi.json">the document</a> does not.</noscript>
<script src="${bundle}"></script>
<script src="${start}"></script>
</body>
</html>
`;
}
