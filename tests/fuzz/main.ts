import { faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { ADMIN, hire } from "./cast.ts";
import { findFuzzer, type Outcome } from "./schemathesis.ts";
import { settingsFor } from "./settings.ts";

/**
 * Sends thousands of made-up requests to a started desk, as everybody from a stranger to an
 * administrator, and holds every answer to the document: `deno task fuzz [seed]`. In the end the
 * store must be sound.
 */
const CASES_MIN = 5_000;
/** For each operation, phase and person; the tool adds those at the edges of every schema. */
const EXAMPLES = 5;
/** Where every request finds what it is about, more of them are worth their time. */
const EXAMPLES_KNOWN = 20;
/** With more of them its Python fails now and then at describing what it made up. */
const WORKERS = 1;

const fuzzer = await findFuzzer();
if (fuzzer === null) {
  say("Python 3 with venv and pip is needed to run schemathesis: nothing was tried.");
  Deno.exit(0);
}

const seed = Deno.args[0] ?? String(Math.floor(Math.random() * 2 ** 31));
say(`Seed ${seed}`);
await using place = await temporaryStorePath();
const outcomes: Outcome[] = [];
{
  await using server = await startServer(place.path, {
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMIT_PER_MINUTE: "0",
    AUTH_RATE_LIMIT_PER_MINUTE: "0",
    LOG_LEVEL: "error",
  });
  const { people, ids } = await hire(server.url);
  const document = await (await fetch(`${server.url}/openapi.json`)).json();
  for (const [name, { token }] of Object.entries(people)) {
    for (const [path, known] of [["any id", null], ["known ids", ids]] as const) {
      const outcome = await fuzzer.run({
        url: server.url,
        token,
        settings: settingsFor(document, known),
        options: [
          "--phases=" +
          (known === null ? "examples,coverage,fuzzing,stateful" : "fuzzing"),
          `--max-examples=${known === null ? EXAMPLES : EXAMPLES_KNOWN}`,
          `--workers=${WORKERS}`,
          `--seed=${seed}`,
          "--suppress-health-check=all",
          "--warnings=off",
        ],
      });
      const verdict = outcome.passed ? "as described" : "not as described";
      say(`${name}, ${path}: ${outcome.cases} cases, ${verdict}`);
      if (!outcome.passed) say(outcome.output);
      outcomes.push(outcome);
    }
  }
  await server.stop();
}

using store = await openStoreFile(place.path);
const faults = await faultsOf(store);
for (const { kind, key, message } of faults) say(`${kind} ${JSON.stringify(key)}: ${message}`);
const cases = outcomes.reduce((total, outcome) => total + outcome.cases, 0);
const failed = outcomes.filter(({ passed }) => !passed).length;
say(`${cases} cases, ${failed} of ${outcomes.length} passes failed, ${faults.length} faults`);
if (cases < CASES_MIN) say(`These are fewer than ${CASES_MIN}.`);
if (failed > 0 || faults.length > 0 || cases < CASES_MIN) Deno.exit(1);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
