import assert from "node:assert/strict";
import { judge } from "./verdict.ts";

/** `deno task simulate:shifts` runs a month of sixty agents. */
const AGENTS = 12;
const DAYS = 6;
/** The clocks change in America, in Europe and on Lord Howe. */
const DESKS = [
  { seed: 1, from: "2026-03-05" },
  { seed: 2, from: "2026-03-26" },
  { seed: 3, from: "2026-04-01" },
] as const;

const HAPPENED = [
  "shift.started",
  "shift.ended",
  "break.started",
  "break.ended",
  "shift_starting",
  "shift_ending 30",
  "shift_ending 5",
  "break_reminder",
  "overdue",
  "told available",
  "given by the router",
  "claimed",
  "taken from who had left",
  "handovers told",
  "minutes worked",
] as const;

for (const { seed, from } of DESKS) {
  Deno.test(`at every minute from ${from} who is available is who should be, and all is told once`, async () => {
    const { counts, differences, explained } = await judge({
      seed,
      agents: AGENTS,
      days: DAYS,
      from,
    });
    assert.equal(differences.length, 0, explained.join("\n\n"));
    assert.equal(counts.get("agent minutes"), AGENTS * (DAYS * 24 * 60 + 1));
    for (const what of HAPPENED) assert.ok((counts.get(what) ?? 0) > 0, `nothing of ${what}`);
  });
}
