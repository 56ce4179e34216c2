import assert from "node:assert/strict";
import { slaSweep } from "../../jobs/sla_sweep.ts";
import { anAfternoon, type AnalyticsScene, setScene } from "../support/analytics.ts";
import { cellsOf } from "../support/tables.ts";
import type { View } from "../support/work.ts";

async function tableOf({ desk, boss }: AnalyticsScene, path: string): Promise<string[][]> {
  const headers = { Authorization: `Bearer ${boss.token}` };
  const response = await desk.app.request(`/api/analytics/${path}&format=csv`, { headers });
  assert.equal(response.status, 200);
  return cellsOf(await response.text());
}

/** What a column shows of a row: the value at its path as text, and nothing for null. */
function shown(row: View, column: string): string {
  const value = column.split(".").reduce((view: View, name) => view[name], row);
  if (value === null) return "";
  return value === "=Amira" ? "'=Amira" : String(value);
}

/** How many values a row has, those in objects too. */
function countValues(row: View): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === "object" && value !== null ? countValues(value) : 1),
    0,
  );
}

Deno.test("a table has every figure that is told otherwise, and the same", async () => {
  await using scene = await setScene();
  await scene.assigned({ priority: 1 });
  scene.pass(2);
  await slaSweep(scene.desk.desk);
  await anAfternoon(scene);
  const paths = [
    "tickets?interval=hour",
    "tickets?interval=hour&department=billing&startDate=2026-01-05",
    "tickets?interval=week&timezone=America/St_Johns",
    "tickets?interval=day&category=general",
    "sla?interval=hour",
    "sla?interval=day&timezone=Asia/Kathmandu&priority=1",
    "agents?startDate=2026-01-01",
    "agents?priority=3",
  ];
  for (const path of paths) {
    const { intervals, agents } = await scene.told(path);
    const rows: View[] = intervals ?? agents;
    const [header = [], ...lines] = await tableOf(scene, path);
    assert.deepEqual(lines, rows.map((row) => header.map((column) => shown(row, column))), path);
    for (const row of rows) assert.equal(countValues(row), header.length, path);
  }
});

Deno.test("the totals of a time are the sums of its rows", async () => {
  await using scene = await setScene();
  await anAfternoon(scene);
  const { intervals, totals } = await scene.told("tickets?interval=hour");
  const sum = (of: (row: View) => number): number =>
    intervals.reduce((so: number, row: View) => so + of(row), 0);
  for (const name of ["opened", "resolved", "finished", "reopened"]) {
    assert.equal(totals[name], sum((row) => row[name]), name);
  }
  for (const name of ["count", "score1", "score2", "score3", "score4", "score5"]) {
    assert.equal(totals.ratings[name], sum(({ ratings }) => ratings[name]), name);
  }
  const sla = await scene.told("sla?interval=hour");
  const ofSla = (row: View): number => row.totalTickets;
  assert.equal(
    sla.totals.totalTickets,
    sla.intervals.map(ofSla).reduce((a: number, b: number) => a + b),
  );
});
