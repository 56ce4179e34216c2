import assert from "node:assert/strict";
import { createApp } from "../../routes/app.ts";
import { type Answer, openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, look, open } from "../support/work.ts";

const ORIGIN = "https://desk.example.com";

Deno.test("browsers may call from the configured origins, and from all where that is said", async () => {
  const cases: [env: Record<string, string>, origin: string, allowed: string | null][] = [
    [{ CLIENT_URL: "*" }, ORIGIN, "*"],
    [{ CLIENT_URL: `${ORIGIN},https://other.example.com` }, ORIGIN, ORIGIN],
    [{ CLIENT_URL: ORIGIN }, "https://evil.example.com", null],
    [{ APP_ENV: "production" }, ORIGIN, null],
  ];
  for (const [env, origin, allowed] of cases) {
    await using desk = await openDesk(env);
    const preflight = await desk.app.request("/api/tickets", {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
      },
    });
    const asked = await desk.app.request("/api/tickets", { headers: { Origin: origin } });
    assert.equal(preflight.status, 204);
    // An error is of no use to a page that may not read it.
    assert.equal(asked.status, 401);
    for (const { headers } of [preflight, asked]) {
      assert.equal(headers.get("Access-Control-Allow-Origin"), allowed, JSON.stringify(env));
    }
    await desk.assertSound();
  }
});

Deno.test("every answer, errors too, has the security headers and a request id", async () => {
  await using desk = await openDesk();
  for (const path of ["/", "/health", "/nothing", "/api/tickets", "/api/tickets/%00"]) {
    const { headers } = await desk.app.request(path);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
    assert.equal(headers.get("X-Frame-Options"), "SAMEORIGIN", path);
    assert.match(headers.get("X-Request-Id") ?? "", /^[\w-]{10,}$/, path);
    const policy = "default-src 'none'; frame-ancestors 'none'";
    assert.equal(headers.get("Content-Security-Policy"), policy, path);
  }
  await desk.assertSound();
});

Deno.test("a sane request id is taken over, any other is replaced", async () => {
  await using desk = await openDesk();
  const idOf = async (id: string): Promise<string | null> => {
    const response = await desk.app.request("/nothing", { headers: { "X-Request-Id": id } });
    const { requestId } = await response.json();
    assert.equal(response.headers.get("X-Request-Id"), requestId);
    return requestId;
  };
  assert.equal(await idOf("my-request_7"), "my-request_7");
  for (const id of ["x".repeat(300), "a b", '"><script>', "ä"]) {
    assert.notEqual(await idOf(id), id);
  }
  await desk.assertSound();
});

Deno.test("the type of every problem leads to a page about it", async () => {
  await using desk = await openDesk();
  const { json } = await desk.call(null, "GET", "/nothing");
  const about = await desk.call(null, "GET", new URL(json.type, "http://desk").pathname);
  const { meaning, ...named } = about.json;
  assert.deepEqual(named, { code: "not_found", status: 404, title: json.title });
  assert.match(meaning, /^There is no such thing/);
  for (const code of ["constructor", "__proto__", "unknown", "%00"]) {
    assertProblem(await desk.call(null, "GET", `/problems/${code}`), 404, "not_found");
  }
  await desk.assertSound();
});

Deno.test("every code that the document names has a page with a meaning of its own", async () => {
  await using desk = await openDesk();
  const { components } = (await desk.call(null, "GET", "/openapi.json")).json;
  const codes: string[] = components.schemas.Problem.properties.code.enum;
  assert.ok(codes.length > 20);
  const meanings = new Set<string>();
  for (const code of codes) {
    const { status, json } = await desk.call(null, "GET", `/problems/${code}`);
    assert.deepEqual([status, json.code], [200, code]);
    assert.match(json.meaning, /^[A-Z].{15,}\.$/, code);
    assert.ok(!json.meaning.startsWith(json.title), code);
    meanings.add(json.meaning);
  }
  assert.equal(meanings.size, codes.length);
  await desk.assertSound();
});

Deno.test("HEAD is answered as GET, without the body", async () => {
  await using desk = await openDesk();
  const body = await (await desk.app.request("/health")).text();
  const response = await desk.app.request("/health", { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Length"), String(body.length));
  assert.equal(await response.text(), "");
  await desk.assertSound();
});

Deno.test("a defect is told by its id, with a stack in development alone; a refusal has none", async () => {
  for (const APP_ENV of ["production", "development"]) {
    await using desk = await openDesk({ APP_ENV, CLIENT_URL: ORIGIN });
    assertProblem(await desk.call(null, "GET", "/api/tickets"), 401, "unauthenticated");
    const principals = {
      ...desk.desk.principals,
      authenticate: () => Promise.reject(new TypeError("a secret of the inside")),
    };
    const broken = createApp({ desk: { ...desk.desk, principals }, hub: desk.live.hub });
    const headers = { Authorization: "Bearer token" };
    const response = await broken.request("/api/tickets", { headers });
    const json = await response.json();
    assert.deepEqual([response.status, json.code], [500, "internal"]);
    assert.ok(json.detail.includes(json.requestId));
    assert.equal("stack" in json, APP_ENV === "development");
    assert.equal(JSON.stringify(json).includes("secret"), APP_ENV === "development");
    await desk.assertSound();
  }
});

Deno.test("in development an answer tells how long it took", async () => {
  for (const [APP_ENV, shown] of [["production", false], ["development", true]] as const) {
    await using desk = await openDesk({ APP_ENV, CLIENT_URL: ORIGIN });
    for (const path of ["/health", "/nothing"]) {
      const { headers } = await desk.call(null, "GET", path);
      assert.equal(/^total;dur=\d/.test(headers.get("Server-Timing") ?? ""), shown, path);
    }
    await desk.assertSound();
  }
});

Deno.test("a route that needs no body needs none, nor a word about it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const headers = { Authorization: `Bearer ${customer.token}` };
  const routes = { "/api/notifications/mark-all-read": "PUT", "/api/auth/logout": "POST" };
  for (const [path, method] of Object.entries(routes)) {
    // A stream without a word, as the platform hands a request over that came with no body.
    const body = new ReadableStream({ start: (controller) => controller.close() });
    const request = new Request(`http://desk${path}`, { method, headers, body });
    assert.equal((await desk.app.fetch(request)).status, 200, path);
  }
  await desk.assertSound();
});

Deno.test("a body that is not UTF-8, or says so, is refused", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const send = (type: string, title: number[]): Promise<Response> =>
    Promise.resolve(desk.app.request("/api/tickets", {
      method: "POST",
      headers: { Authorization: `Bearer ${customer.token}`, "Content-Type": type },
      body: new Uint8Array([
        ...new TextEncoder().encode('{"description":"It broke.","title":"'),
        ...title,
        ...new TextEncoder().encode('"}'),
      ]),
    }));
  assert.equal((await send("application/json", [0x61, 0xff, 0xfe])).status, 400);
  assert.equal((await send("application/json; charset=iso-8859-1", [0x61])).status, 415);
  assert.equal((await send("application/json; charset=UTF-8", [0x61])).status, 201);
  await desk.assertSound();
});

Deno.test("an encoded body is refused, for it is read as it comes", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const body = JSON.stringify({ title: "A ticket", description: "It does not work." });
  const send = (encoding: string): Promise<Answer> =>
    callRaw(desk, customer, "/api/tickets", { body, headers: { "Content-Encoding": encoding } });
  assertProblem(await send("gzip"), 415, "unsupported_media_type");
  assert.equal((await send("identity")).status, 201);
  await desk.assertSound();
});

Deno.test("an id is found however it is spelt", async () => {
  await using desk = await openDesk();
  const [customer, agent] = [await desk.join("user"), await desk.join("agent")];
  const admin = await desk.join("admin");
  const { id } = await open(desk, customer);
  const ids = [`tickets/${id}`, `agents/${agentId(agent)}`, `users/${customer.actor.userId}`];
  for (const path of ids) {
    const [noun = "", name = ""] = path.split("/");
    const { json } = await desk.call(admin, "GET", `/api/${noun}/${name.toUpperCase()}`);
    assert.equal(json.data?.id, name, JSON.stringify(json));
  }
  const found = await look(
    desk,
    admin,
    `/api/tickets?createdBy=${customer.actor.userId.toUpperCase()}`,
  );
  assert.equal(found.length, 1);
});
