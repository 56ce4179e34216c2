import { judge } from "./verdict.ts";

/** A month of shifts in six time zones; whoever names a seed, days or agents gets another one. */
const [seed = 1, days = 31, agents = 60] = Deno.args.map(Number);
/** America, Europe and Lord Howe change their clocks within the month. */
const FROM = "2026-03-05";

const { counts, differences, explained } = await judge({ seed, days, agents, from: FROM });
for (const each of explained) say(each);
const compared = [...counts].map(([what, count]) => `${count} ${what}`).join(", ");
say(`Seed ${seed}, ${days} days: ${compared}; ${differences.length} differences`);
if (differences.length > 0) Deno.exit(1);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
