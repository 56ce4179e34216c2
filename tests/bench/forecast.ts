import { v7 } from "uuid";
import { forecastHours, HOURS_A_WEEK } from "../../domain/rules/forecast.ts";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import { addToPack, type Pack } from "../../domain/rules/sla_pack.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { readCreated } from "../../domain/services/creation_counts.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { readPrediction } from "../../domain/services/predictions.ts";
import { keys } from "../../domain/store/keys.ts";
import { writePack } from "../../domain/store/sla_packs.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { chanceOf } from "../simulation/chance.ts";
import { granted, testConfig } from "../support/desk.ts";
import { MADE_UP, madeUpHours } from "../support/series.ts";
import { temporaryStorePath } from "../support/server.ts";
import { median, say, timeOf, timeUntil } from "./timing.ts";

/** What a forecast costs from a year of hours, against sorting as many numbers a hundred times. */
const ROUNDS = 15;
const SORTED_TIMES = 100;
const WEEKS = 52;
/** And what it costs to read them, against a bare read of the same packs. */
const NOW = Date.UTC(2026, 10, 23, 10);
const DEPARTMENTS = ["billing", "cards", "loans", "support", "transfers"];
const CATEGORIES = ["technical", "billing", "general", "urgent"] as const;
const TICKETS_A_DAY = 6_600;
const READ_ROUNDS = 5;

say(`${"milliseconds, the median".padEnd(34)}${"desk".padStart(8)}${"beside".padStart(8)}  ratio`);
for (const desk of MADE_UP) {
  const hours = madeUpHours({ ...desk, weeks: WEEKS });
  const times = { desk: [] as number[], beside: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.desk.push(timeOf(() => forecastHours(hours, HOURS_A_WEEK)));
    times.beside.push(timeOf(() => {
      for (let time = 0; time < SORTED_TIMES; time++) hours.toSorted();
    }));
  }
  tell(`a year, ${desk.name}`, times);
}

await using file = await temporaryStorePath();
const store = await openStore(file.path, { now: () => NOW, newId: v7 });
await fill(store);
const desk = await makeDesk(store, testConfig(), makePasswords(4));
const reads = { desk: [] as number[], beside: [] as number[] };
const whole = { desk: [] as number[], beside: [] as number[] };
for (let round = 0; round < READ_ROUNDS; round++) {
  reads.desk.push(await timeUntil(() => readCreated(store)));
  const bare = await timeUntil(() =>
    Array.fromAsync(
      store.reader.list({ prefix: ["sla_pack", "department", "hours"] }, { batchSize: 50 }),
    )
  );
  reads.beside.push(bare);
  await store.reader.delete(keys.prediction());
  whole.desk.push(await timeUntil(async () => granted(await readPrediction(desk, true))));
  whole.beside.push(bare);
}
tell("read a year's packs", reads);
tell("the whole prediction", whole);
store.close();

/** Every day has the same packs: what they hold does not matter. */
async function fill(store: Store): Promise<void> {
  const days = DEPARTMENTS.flatMap((department) =>
    ([1, 2, 3] as const).map((priority) => {
      const bytes = packBytes(dayOf(department, priority));
      return { department, priority, bytes };
    })
  );
  const today = Math.floor(NOW / DAY_MS) * DAY_MS;
  for (let start = today - WEEKS * 7 * DAY_MS; start < today; start += DAY_MS) {
    granted(
      await transact(store, (tx) => {
        for (const { department, priority, bytes } of days) {
          const name = { level: "hours", start, whose: department, priority } as const;
          writePack(tx, { scope: "department", ...name }, bytes);
        }
        return Promise.resolve(true);
      }),
    );
  }
  const bytes = days.reduce((sum, day) => sum + day.bytes.length, 0);
  say(`\n${WEEKS * 7 * days.length} packs of ${(bytes / days.length / 1_024).toFixed(1)} KiB`);
}

function dayOf(department: string, priority: 1 | 2 | 3): Pack {
  const pack: Pack = new Map();
  const chance = chanceOf(priority);
  for (let index = 0; index < TICKETS_A_DAY / DEPARTMENTS.length / 3; index++) {
    const group = { department, priority, category: chance.pick(CATEGORIES) };
    const hour = chance.between(0, 23);
    addToPack(pack, hour, group, { hour: 0, measure: "created", milliseconds: null });
    for (const measure of ["response_business", "resolution_business"] as const) {
      const milliseconds = chance.between(MINUTE_MS, 9 * HOUR_MS);
      addToPack(pack, hour, group, { hour: 0, measure, milliseconds });
    }
  }
  return pack;
}

function tell(
  what: string,
  times: { readonly desk: readonly number[]; readonly beside: readonly number[] },
): void {
  const [desk, beside] = [median(times.desk), median(times.beside)];
  say(
    what.padEnd(34) + desk.toFixed(1).padStart(8) + beside.toFixed(1).padStart(8) +
      (desk / beside).toFixed(2).padStart(7),
  );
}
