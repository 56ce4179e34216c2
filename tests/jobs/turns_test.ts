import assert from "node:assert/strict";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { keys } from "../../domain/store/keys.ts";
import { readList } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import type { ScheduledJob } from "../../jobs/job.ts";
import { BALANCING_JOBS, JOBS } from "../../jobs/schedule.ts";
import { stored } from "../support/problem.ts";
import { type Process, Town } from "../support/processes.ts";
import { START } from "../support/time.ts";

const ALL_JOBS = [...JOBS, ...Object.values(BALANCING_JOBS)];

/** Half of this ahead, or behind. */
const SKEW_MS = 4 * SECOND_MS;
const HOUR_OF_MINUTES = 60;
const FIRST_SLOT = START / MINUTE_MS;

/** A job that notes when it begins and when it ends, and is held up in between where a test wants. */
interface Diary {
  jobsOf(process: Process): ScheduledJob[];
  /** How often each job has come so far in each slot. */
  counts(what: "begun" | "ended"): Promise<Record<string, number>>;
  /** Whoever runs jobs in this minute sticks in the middle of them. */
  sticksIn: number | null;
  /** Who that was. */
  victim: Process | null;
  /** What became of what those who stuck wanted committed in the end. */
  readonly late: string[];
}

function keepDiary(town: Town): Diary {
  const diary: Diary = {
    sticksIn: null,
    victim: null,
    late: [],
    async counts(what) {
      const rows = await readList<number>(town.store, ["secret", what], { limit: 10_000 });
      return Object.fromEntries(rows.map(({ key, value }) => [key.slice(2).join(" "), value]));
    },
    jobsOf: (process) =>
      ALL_JOBS.map(({ name, schedule, periodMs }) => ({
        name,
        schedule,
        periodMs,
        async run(desk) {
          const slot = Math.floor((town.now + SKEW_MS) / periodMs);
          await note(desk, "begun", name, slot);
          const isVictim = diary.victim === null || diary.victim === process;
          if (minuteOf(town) !== diary.sticksIn || !isVictim) {
            await note(desk, "ended", name, slot);
            return {};
          }
          diary.victim = process;
          await town.stick(process);
          diary.late.push(await note(desk, "ended", name, slot));
          return {};
        },
      })),
  };
  return diary;
}

async function note(desk: Desk, what: string, name: string, slot: number): Promise<string> {
  const key = [...keys.secret(what), name, slot];
  const outcome = await transact(desk.store, async (tx) => {
    tx.set(key, (await tx.getValue<number>(key) ?? 0) + 1);
    return "noted";
  });
  return isRefusal(outcome) ? outcome.refused : outcome;
}

function minuteOf(town: Town): number {
  return Math.floor((town.now + SKEW_MS) / MINUTE_MS) - FIRST_SLOT;
}

/** Every process has its ticks of a minute, each by its own clock. */
async function passMinute(town: Town, diary: Diary, minute: number): Promise<void> {
  const ticks = town.processes.map((process, index) => {
    // Clocks are put right now and then, each otherwise than the others.
    const skewMs = (minute * 1_777 + index * 2_713) % SKEW_MS - SKEW_MS / 2;
    return { process, skewMs, at: START + minute * MINUTE_MS - skewMs };
  });
  for (const { process, skewMs, at } of ticks.toSorted((a, b) => a.at - b.at)) {
    await town.goTo(at);
    process.skewMs = skewMs;
    const jobs = diary.jobsOf(process)
      .filter(({ periodMs }) => minute * MINUTE_MS % periodMs === 0);
    if (process.isAwake) await town.tick(process, jobs);
    if (diary.victim === process && diary.sticksIn === minute) process.isAwake = false;
  }
}

function slotsOnce(
  minutes: readonly number[],
  ...twiceIn: readonly number[]
): Record<string, number> {
  const rows = ALL_JOBS.flatMap(({ name, periodMs }) =>
    minutes.filter((minute) => minute * MINUTE_MS % periodMs === 0).map((minute) => {
      const slot = (START + minute * MINUTE_MS) / periodMs;
      return [`${name} ${slot}`, twiceIn.includes(minute) ? 2 : 1];
    })
  );
  return Object.fromEntries(rows);
}

Deno.test("in sum over three processes each job runs once a period, though one dies and one sleeps over its lease", async () => {
  await using town = await Town.found(["a", "b", "c"]);
  const diary = keepDiary(town);
  const minutes = Array.from({ length: HOUR_OF_MINUTES }, (_, minute) => minute);
  const [diesIn, sleepsIn, wakesAfter] = [10, 30, 32];
  const slept = ALL_JOBS.filter(({ periodMs }) => sleepsIn * MINUTE_MS % periodMs === 0);
  for (const minute of minutes) {
    diary.sticksIn = minute === diesIn || minute === sleepsIn ? minute : null;
    if (diary.sticksIn !== null) diary.victim = null;
    await passMinute(town, diary, minute);
    if (minute !== wakesAfter) continue;
    await town.goTo(town.now + MINUTE_MS / 2);
    assert.deepEqual(await diary.counts("ended"), slotsOnce(minutes.slice(0, minute + 1)));
    const sleeper: Process | null = diary.victim;
    assert(sleeper !== null);
    const before = await stored(town.store);
    await town.wake(sleeper);
    assert.deepEqual(diary.late, slept.map(() => "unavailable"));
    assert.deepEqual(await stored(town.store), before);
    const metrics = await sleeper.desk.store.meters.render();
    const cutOff = metrics.match(/^desk_job_runs_total{.*outcome="cut_off"} 1$/gm);
    assert.equal(cutOff?.length, slept.length);
  }
  await town.goTo(town.now + MINUTE_MS / 2);
  assert.deepEqual(await diary.counts("ended"), slotsOnce(minutes));
  assert.deepEqual(await diary.counts("begun"), slotsOnce(minutes, diesIn, sleepsIn));
  assert.equal(town.processes.filter(({ isAwake }) => isAwake).length, 2);
});

Deno.test("a process alone whose ticks come late or a little early runs each job once a period", async () => {
  await using town = await Town.found(["a"]);
  const [process] = town.processes;
  assert(process !== undefined);
  const diary = keepDiary(town);
  const lateness = [0, -2_000, 1_500, 40_000, -1, 54_000, 0];
  for (const [minute, late] of lateness.entries()) {
    await town.goTo(START + minute * MINUTE_MS + late);
    await town.tick(
      process,
      diary.jobsOf(process).filter(({ periodMs }) => periodMs === MINUTE_MS),
    );
  }
  const counts = Object.values(await diary.counts("ended"));
  assert.deepEqual(counts, Array(6 * lateness.length).fill(1));
});

Deno.test("a process whose ticks are skipped is as ready as the one that runs the jobs", async () => {
  await using town = await Town.found(["a", "b"]);
  const [first, second] = town.processes;
  assert(first !== undefined && second !== undefined);
  const diary = keepDiary(town);
  for (let minute = 0; minute < 10; minute++) {
    await town.goTo(START + minute * MINUTE_MS);
    await town.tick(first, diary.jobsOf(first));
    await town.tick(second, diary.jobsOf(second));
    assert.ok(first.desk.pulse.isAlive() && second.desk.pulse.isAlive());
  }
  const runs = /^desk_job_runs_total.*$/gm;
  assert.match(await first.desk.store.meters.render(), runs);
  assert.doesNotMatch(await second.desk.store.meters.render(), runs);
});
