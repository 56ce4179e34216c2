import assert from "node:assert/strict";
import fc from "fast-check";
import { INTERVALS } from "../../domain/rules/intervals.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { open, type View } from "../support/work.ts";

const REFUSED: readonly (readonly [query: string, path: string])[] = [
  ["startDate=2026-01-05&endDate=2026-01-04", "startDate"],
  ["startDate=2023-12-01&endDate=2026-01-01", "startDate"],
  ["endDate=2026-02-30", "endDate"],
  ["timezone=Mars/Base", "timezone"],
  ["agentId=somebody", "agentId"],
  ["priority=4", "priority"],
  ["format=xml", "format"],
  ["format=csv&fields=opened", "fields.0"],
  [`department=${"x".repeat(61)}`, "department"],
];

Deno.test("what cannot be asked is refused with the path of what is wrong", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const refused = async (route: string, query: string, path: string): Promise<void> => {
    const answer = await desk.call(boss, "GET", `/api/analytics/${route}?${query}`);
    assertProblem(answer, 400, "invalid_input");
    assert.deepEqual(answer.json.errors.map((fault: View) => fault.path), [path], query);
  };
  for (const route of ["tickets", "sla", "agents"]) {
    for (const [query, path] of REFUSED) await refused(route, query, path);
  }
  for (const route of ["tickets", "sla"]) {
    await refused(route, "interval=month", "interval");
    await refused(route, "interval=hour&startDate=2025-11-01", "startDate");
  }
  await refused("agents", "limit=501", "limit");
  await desk.assertSound();
});

Deno.test("whatever is asked of analytics, it never breaks", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  await open(desk, boss);
  desk.clock.advance(5 * HOUR_MS + 17 * MINUTE_MS);
  const names = ["startDate", "endDate", "timezone", "department", "priority", "category"];
  const value = fc.oneof(
    fc.constantFrom("2026-01-05", "2026-01-05T09:30", "1970-01-01", "9998-12-31", "Asia/Kathmandu"),
    fc.constantFrom("1", "general", "csv", "json", ...INTERVALS),
    fc.string({ unit: "grapheme" }),
  );
  const query = fc.dictionary(
    fc.constantFrom(...names, "agentId", "interval", "format", "limit", "__proto__"),
    value,
    { maxKeys: 5 },
  );
  const property = fc.asyncProperty(
    fc.constantFrom("tickets", "sla", "agents"),
    query,
    async (what, asked) => {
      const path = `/api/analytics/${what}?${new URLSearchParams(asked)}`;
      const headers = { Authorization: `Bearer ${boss.token}` };
      const response = await desk.app.request(path, { headers });
      assert.ok(response.status === 200 || response.status === 400, `${path} ${response.status}`);
      await response.body?.cancel();
    },
  );
  await fc.assert(property, { numRuns: 300 });
  await desk.assertSound();
});
