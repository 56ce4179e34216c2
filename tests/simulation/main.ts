import { judge } from "./verdict.ts";

/** Ten weeks of a desk; whoever names a seed, weeks or tickets gets another one. */
const [seed = 1, weeks = 10, tickets = 5_000] = Deno.args.map(Number);

const { counts, differences, explained } = await judge({ seed, weeks, tickets });
for (const each of explained) say(each);
const compared = [...counts].map(([what, count]) => `${count} ${what}`).join(", ");
say(`Seed ${seed}, ${weeks} weeks: ${compared}; ${differences.length} differences`);
if (differences.length > 0) Deno.exit(1);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
