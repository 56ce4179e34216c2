import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { prepare } from "../support/scene.ts";
import { ROWS } from "./roles/rows.ts";

const ASKING = ["nobody", "user", "agent", "supervisor", "admin"] as const;

Deno.test("every role gets on every route what the tables of the specification say", async () => {
  await using desk = await openDesk();
  const wrong: string[] = [];
  for (const [route, whose, expected, { body: given, query = "", ...input } = {}] of ROWS) {
    for (const [column, role] of ASKING.entries()) {
      const [method = "", pattern = ""] = route.split(" ");
      const place = await prepare(desk, { role, whose, given: input.given, pattern });
      const body = typeof given === "function" ? given(place) : given;
      const { status, json } = await desk.call(place.person, method, place.path + query, body);
      if (status === expected[column]) continue;
      const asked = [route, query, "of", whose, input.given, JSON.stringify(body), "as", role];
      wrong.push(`${asked.join(" ")}: ${status}, not ${expected[column]}: ${json.detail}`);
    }
  }
  assert.deepEqual(wrong, []);
  await desk.assertSound();
});

Deno.test("no route is without a row in the table of roles", async () => {
  await using desk = await openDesk();
  const handlers = desk.app.routes.filter(({ method }) => method !== "ALL");
  const routes = new Set(handlers.map(({ method, path }) => `${method} ${path}`));
  const rows = new Set(ROWS.map(([route]) => route));
  assert.deepEqual([...routes].filter((route) => !rows.has(route)), []);
  assert.deepEqual([...rows].filter((route) => !routes.has(route)), []);
  await desk.assertSound();
});
