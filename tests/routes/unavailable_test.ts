import assert from "node:assert/strict";
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { StoreUnavailable } from "../../domain/store/fault.ts";
import { makeStore } from "../../domain/store/store.ts";
import { createApp } from "../../routes/app.ts";
import { answerInTime } from "../../routes/http/answer_in_time.ts";
import type { AppEnv } from "../../routes/http/context.ts";
import { onError } from "../../routes/http/problem.ts";
import { type Answer, openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { overriding } from "../store/fake_remote.ts";

/** The same desk, of whose store every call fails in this way; who is logged in is known. */
function withFault(test: TestDesk, error: Error): TestDesk["desk"] {
  const fail = (): Promise<never> => Promise.reject(error);
  const kv = test.desk.store.reader;
  const broken = overriding(kv, {
    get: fail,
    getMany: fail,
    list: () => ({ next: fail, [Symbol.asyncIterator]: () => ({ next: fail }) }),
    atomic() {
      const atomic = kv.atomic();
      atomic.commit = fail;
      return atomic;
    },
  });
  const connections = { writer: broken, reader: broken, losesAnswers: true, checksMax: 9 };
  return { ...test.desk, store: makeStore(connections, test.desk.store) };
}

async function ask(
  app: TestDesk["app"],
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await app.request(path, {
    method,
    headers: { Authorization: `Bearer ${person.token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  return { status: response.status, headers: response.headers, json: isJson && JSON.parse(text) };
}

type Operations = Record<string, { readonly parameters: readonly { readonly name: string }[] }>;

const TICKET = { title: "My card", description: "It is lost." };

const FAULTS: Readonly<Record<string, Error>> = {
  "that does not answer": new StoreUnavailable("The store does not answer"),
  "whose file another process has locked": new TypeError("database is locked"),
};

for (const [name, error] of Object.entries(FAULTS)) {
  Deno.test(`a store ${name} is a 503 that says when to come back`, async () => {
    await using test = await openDesk();
    const person = await test.join("user");
    const app = createApp({ desk: withFault(test, error), hub: test.live.hub });
    const listed = await ask(app, person, "GET", "/api/tickets");
    assertProblem(listed, 503, "unavailable");
    assert.equal(listed.headers.get("Retry-After"), "1");
    const opened = await ask(app, person, "POST", "/api/tickets", TICKET);
    assertProblem(opened, 503, "unavailable");
    assert.equal(opened.headers.get("Retry-After"), "1");
    await test.assertSound();
  });
}

Deno.test("whoever asked for a change is told that it may have been made", async () => {
  await using test = await openDesk();
  const person = await test.join("user");
  const desk = withFault(test, new StoreUnavailable("The store does not answer"));
  const app = createApp({ desk, hub: test.live.hub });
  const opened = await ask(app, person, "POST", "/api/tickets", TICKET);
  assert.match(opened.json.detail, /not known.*Idempotency-Key/);
  const listed = await ask(app, person, "GET", "/api/tickets");
  assert.doesNotMatch(listed.json.detail, /Idempotency-Key/);
  await test.assertSound();
});

Deno.test("no route breaks over a store that does not answer", async () => {
  await using test = await openDesk();
  const person = await test.join("admin");
  const desk = withFault(test, new StoreUnavailable("The store does not answer"));
  const app = createApp({ desk, hub: test.live.hub });
  const { json: document } = await test.call(null, "GET", "/openapi.json");
  let unavailable = 0;
  for (const [pattern, operations] of Object.entries<object>(document.paths)) {
    const path = pattern.replace(/\{[^}]+\}/g, "0198c0de-0000-7000-8000-000000000001");
    for (const operation of Object.keys(operations)) {
      const method = operation.toUpperCase();
      const { status, headers } = await ask(
        app,
        person,
        method,
        path,
        method === "GET" ? undefined : TICKET,
      );
      assert.ok(status < 500 || status === 503, `${method} ${path}: ${status}`);
      if (status !== 503) continue;
      unavailable += 1;
      assert.equal(headers.get("Retry-After"), "1", `${method} ${path}`);
    }
  }
  assert.ok(unavailable > 40, `${unavailable} routes asked the store`);
  await test.assertSound();
});

Deno.test("a key is advised by the routes that take one, and by no other", async () => {
  await using test = await openDesk();
  const person = await test.join("admin");
  const desk = withFault(test, new StoreUnavailable("The store does not answer"));
  const app = createApp({ desk, hub: test.live.hub });
  const { json: document } = await test.call(null, "GET", "/openapi.json");
  const advised = new Set<boolean>();
  for (const [pattern, operations] of Object.entries<Operations>(document.paths)) {
    const path = pattern.replace(/\{[^}]+\}/g, "0198c0de-0000-7000-8000-000000000001");
    for (const [name, { parameters }] of Object.entries(operations)) {
      const method = name.toUpperCase();
      // The store is asked for the account where nobody is known yet.
      const body = { email: person.email, password: PASSWORD, name: "Ada", refreshToken: "a.b" };
      const { status, json } = await ask(
        app,
        person,
        method,
        path,
        method === "GET" ? undefined : body,
      );
      if (status !== 503 || json.code !== "unavailable") continue;
      const takesKey = parameters.some((parameter) => parameter.name === "Idempotency-Key");
      assert.equal(/Idempotency-Key/.test(json.detail), takesKey, `${method} ${path}`);
      assert.equal(/not known/.test(json.detail), method !== "GET", `${method} ${path}`);
      if (method !== "GET") advised.add(takesKey);
    }
  }
  assert.equal(advised.size, 2, "some routes take one and some do not");
  await test.assertSound();
});

Deno.test("a desk whose store is away is alive, tells its figures, and says that it is not ready", async () => {
  await using test = await openDesk();
  const person = await test.join("admin");
  const desk = withFault(test, new StoreUnavailable("The store does not answer"));
  const app = createApp({ desk, hub: test.live.hub });
  assert.equal((await ask(app, person, "GET", "/health")).status, 200);
  assert.equal((await ask(app, person, "GET", "/metrics")).status, 200);
  assertProblem(await ask(app, person, "GET", "/ready"), 503, "unavailable");
  await test.assertSound();
});

/** Whatever does not wait is answered within this time, on a busy machine too. */
const ANSWER_WITHIN_MS = 250;

Deno.test("nobody waits longer for an answer than a store on another machine may take for it", async () => {
  await using test = await openDesk();
  const connections = {
    writer: test.desk.store.reader,
    reader: test.desk.store.reader,
    losesAnswers: true,
    checksMax: 9,
  };
  const desk = { ...test.desk, store: makeStore(connections, test.desk.store) };
  const slow = Promise.withResolvers<void>();
  const app = new Hono<AppEnv>();
  app.onError(onError);
  app.use(requestId());
  app.use(async (c, next) => {
    c.set("desk", desk);
    await next();
  });
  app.use(answerInTime(ANSWER_WITHIN_MS));
  app.get("/slow", async (c) => {
    await slow.promise;
    return c.text("done");
  });
  app.post("/echo", async (c) => c.json(await c.req.json()));
  const late = await app.request("/slow");
  assert.equal(late.status, 503);
  assert.equal(late.headers.get("Retry-After"), "1");
  slow.resolve();
  assert.equal(await (await app.request("/slow")).text(), "done");
  // A body may take as long as it likes to arrive, and is there for whoever reads it again.
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      await new Promise((resolve) => setTimeout(resolve, 2 * ANSWER_WITHIN_MS));
      controller.enqueue(new TextEncoder().encode('{"a":1}'));
      controller.close();
    },
  });
  const echoed = await app.request("/echo", { method: "POST", body });
  assert.deepEqual(await echoed.json(), { a: 1 });
});
