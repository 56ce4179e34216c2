import assert from "node:assert/strict";
import { openDesk, type TestDesk } from "../support/desk.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { prepare } from "../support/scene.ts";
import { ROWS } from "./roles/rows.ts";
import type { Row } from "./roles/row.ts";

const ROLES = ["nobody", "user", "agent", "supervisor", "admin"] as const;

/** A write that is granted, of which the scene is set, to be sent as often as one likes. */
interface Write {
  readonly route: string;
  readonly path: string;
  send(headers?: Readonly<Record<string, string>>, more?: object): ReturnType<typeof callRaw>;
  read(): ReturnType<typeof callRaw>;
}

/** The write of a row, as the highest role to which it is granted. */
async function writeOf(desk: TestDesk, row: Row): Promise<Write> {
  const [route, whose, expected, { body: given, query = "", ...input } = {}] = row;
  const [method = "", pattern = ""] = route.split(" ");
  const role = ROLES[expected.findLastIndex(isGranted)];
  if (role === undefined) throw new Error(`${route} is granted to nobody`);
  const place = await prepare(desk, { role, whose, given: input.given, pattern });
  const asked = typeof given === "function" ? given(place) : given;
  await desk.background.idle();
  return {
    route,
    path: place.path,
    send: (headers = {}, more) => {
      const body = asked === undefined && more === undefined
        ? {}
        : { body: JSON.stringify({ ...asked, ...more }) };
      return callRaw(desk, place.person, place.path + query, { method, headers, ...body });
    },
    read: () => callRaw(desk, place.person, place.path, { method: "GET" }),
  };
}

function isGranted(status: number): boolean {
  return status === 200 || status === 201;
}

/** One row for each write that takes a key. */
function keyedWrites(): Row[] {
  const rows = ROWS.filter(([route, , expected]) =>
    !/^GET | \/api\/auth\//.test(route) && expected.some(isGranted)
  );
  return [...new Map(rows.map((row) => [row[0], row])).values()];
}

Deno.test("every write that is sent again with its key is answered again, and changes nothing more", async () => {
  await using desk = await openDesk();
  const all = new Set(
    desk.app.routes.filter(({ method, path }) =>
      !["ALL", "GET"].includes(method) && path.startsWith("/api/") && !path.startsWith("/api/auth/")
    ).map(({ method, path }) => `${method} ${path}`),
  );
  const rows = keyedWrites();
  assert.deepEqual([...all].filter((route) => !rows.some(([row]) => row === route)), []);
  for (const row of rows) {
    const { route, send } = await writeOf(desk, row);
    const key = { "Idempotency-Key": `once ${route}` };
    const first = await send(key);
    assert.ok(isGranted(first.status), `${route}: ${JSON.stringify(first.json)}`);
    assert.equal(first.headers.has("Idempotent-Replayed"), false, route);
    await desk.background.idle();
    const before = await stored(desk.desk.store);
    const again = await send(key);
    assert.equal(again.headers.get("Idempotent-Replayed"), "true", route);
    assert.deepEqual([again.status, again.json], [first.status, first.json], route);
    // Of the version that it was answered then, though there may be a later one.
    assert.equal(again.headers.get("ETag"), first.headers.get("ETag"), route);
    assertProblem(await send(key, { another: "body" }), 422, "idempotency_mismatch");
    await desk.background.idle();
    assert.deepEqual(await stored(desk.desk.store), before, route);
  }
  await desk.assertSound();
});

Deno.test("of many at once with one key one write is done, and all get its answer or come again", async () => {
  await using desk = await openDesk();
  for (const row of keyedWrites().filter(([route]) => /^(PATCH|PUT|DELETE)/.test(route))) {
    const { route, send } = await writeOf(desk, row);
    const key = { "Idempotency-Key": `many ${route}` };
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(key)));
    const done = answers.filter(({ status }) => isGranted(status));
    const fresh = done.filter(({ headers }) => !headers.has("Idempotent-Replayed"));
    assert.equal(fresh.length, 1, route);
    for (const { status, json } of answers) {
      if (isGranted(status)) assert.deepEqual(json, fresh[0]?.json, route);
      else assert.equal(json.code, "request_in_progress", `${route}: ${json.detail}`);
    }
  }
  await desk.assertSound();
});

Deno.test("what a PUT or PATCH answers has the tag that a GET of it has, and the next write can hold to it", async () => {
  await using desk = await openDesk();
  const { json: document } = await desk.call(null, "GET", "/openapi.json");
  const tagged = ROWS.filter(([route, , expected]) => {
    const [method = "", path = ""] = route.split(" ");
    const operations = document.paths[path.replace(/:(\w+)/g, "{$1}")];
    const headers = operations[method.toLowerCase()].responses["200"]?.headers ?? {};
    return /^(PUT|PATCH)/.test(route) && "ETag" in headers && expected.some(isGranted);
  });
  const rows = [...new Map(tagged.map((row) => [row[0], row])).values()];
  assert.ok(rows.length >= 15, `${rows.length} routes`);
  let sameViews = 0;
  for (const row of rows) {
    const { route, send, read } = await writeOf(desk, row);
    const written = await send();
    const tag = written.headers.get("ETag") ?? "";
    assert.match(tag, /^"[0-9a-f]{20}\.[\w-]+"$/, route);
    await desk.background.idle();
    const shown = await read();
    if (shown.status === 200 && shown.headers.has("ETag")) {
      const isSame = JSON.stringify(shown.json) === JSON.stringify(written.json);
      if (isSame) sameViews += 1;
      const length = isSame ? tag.length : 21;
      assert.equal(shown.headers.get("ETag")?.slice(0, length), tag.slice(0, length), route);
    }
    const next = await send({ "If-Match": tag });
    assert.notEqual(next.status, 412, `${route}: ${JSON.stringify(next.json)}`);
    if (next.status !== 200) continue;
    const isUnchanged = next.headers.get("ETag")?.slice(0, 21) === tag.slice(0, 21);
    if (!isUnchanged) assertProblem(await send({ "If-Match": tag }), 412, "stale");
  }
  assert.ok(sameViews >= 5, `${sameViews} are shown as they were answered`);
  await desk.assertSound();
});
