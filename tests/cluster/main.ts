import { examine } from "../../domain/store/doctor.ts";
import type { Store } from "../../domain/store/store.ts";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { type Denokv, startDenokv, WHY_NO_DENOKV } from "../support/denokv.ts";
import { openStoreFile } from "../support/server.ts";
import { type Cast, hire, openTickets } from "./cast.ts";
import { type Done, wrongWith } from "./deeds.ts";
import { makeJobCounts } from "./job_counts.ts";
import { delaysOf, percentiles } from "./figures.ts";
import { makePatient } from "./patient.ts";
import { act, listen, type Pace, settled, silence, standOf } from "./show.ts";
import { deafnessOf, type Ear } from "./truth.ts";

// Three processes and a denokv, some hundred sockets and some thousand changes: first undisturbed,
// then while processes are killed, held still and started again. Prints figures; what the desk
// promises whatever happens must hold, or it ends with 1.

const PROCESSES = 3;
const CAST = { supervisors: 60, agents: 240, customers: 300, departments: 10, ticketsEach: 2 };
const TOPICS_MAX = 20;
const CHANGES = 2_000;
const CALM: Pace = { seed: 1, changes: CHANGES, perSecond: 40, atOnce: 30 };
const DISTURBED: Pace = { seed: 2, changes: CHANGES, perSecond: 20, atOnce: 30 };
/** No client is to wait for an answer any longer. */
const ANSWERED_WITHIN_MS = 10_000;
const SETTLES_WITHIN_MS = 60_000;
const SECOND_MS = 1_000;
const FAULTS_SHOWN_MAX = 50;

const faults: string[] = [];
/** Everything that was done in both shows: history tells of both. */
const allDone: Done[] = [];

if (WHY_NO_DENOKV !== null) {
  say(`Nothing was tried: ${WHY_NO_DENOKV}`);
  Deno.exit(1);
}
await run();
for (const fault of faults.slice(0, FAULTS_SHOWN_MAX)) say(`WRONG: ${fault}`);
say(faults.length === 0 ? "All promises held." : `${faults.length} promises did not hold.`);
Deno.exit(faults.length === 0 ? 0 : 1);

async function run(): Promise<void> {
  await using denokv = await startDenokv();
  const players = await hire(denokv.url, CAST);
  const jobs = makeJobCounts();
  await using cluster = await startCluster(denokv, PROCESSES, { onLine: jobs.hear });
  const cast = { players, tickets: await openTickets(cluster, players, CAST) };
  say(`${cast.tickets.length} tickets opened by ${CAST.customers} customers`);
  using store = await openStoreFile(denokv.url);
  const ears = await listen(cluster, cast, TOPICS_MAX);
  try {
    await show("undisturbed", store, { cluster, cast, ears }, CALM, () => Promise.resolve());
    await show(
      "disturbed",
      store,
      { cluster, cast, ears },
      DISTURBED,
      () => disturb(cluster, denokv),
    );
  } finally {
    await silence(ears);
  }
  const codes = await Promise.all(cluster.members.map((member) => member.stop()));
  if (codes.some((code) => code !== 0)) faults.push(`members ended with ${codes.join(", ")}`);
  for await (const fault of examine(store)) {
    faults.push(`${fault.kind} ${JSON.stringify(fault.key)}: ${fault.message}`);
  }
  for (const line of jobs.report()) say(line);
}

interface Stage {
  readonly cluster: Cluster;
  readonly cast: Cast;
  readonly ears: readonly Ear[];
}

/** Makes changes while something happens, and holds what was heard and kept to what was promised. */
async function show(
  name: string,
  store: Store,
  { cluster, cast, ears }: Stage,
  pace: Pace,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const from = await standOf(store);
  const patient = makePatient(cluster);
  const startedAt = performance.now();
  const [done] = await Promise.all([act(cast, pace, patient.send), meanwhile()]);
  const tookMs = performance.now() - startedAt;
  const told = await settled(store, ears, from, SETTLES_WITHIN_MS);
  const worst = Math.max(...patient.waitsMs);
  allDone.push(...done);
  faults.push(...(await wrongWith(store, allDone)).map((fault) => `${name}: ${fault}`));
  faults.push(...ears.flatMap((ear) => deafnessOf(told, ear)).map((fault) => `${name}: ${fault}`));
  if (worst > ANSWERED_WITHIN_MS) faults.push(`${name}: a client waited ${Math.round(worst)} ms`);

  const delays = delaysOf(ears, told, cast, PROCESSES);
  const closings = ears.flatMap(({ listener }) => listener.closings).length;
  say(
    `${name}: ${ears.length} sockets, ${done.length} changes in ${
      Math.round(tookMs / SECOND_MS)
    } s, ` +
      `${told.length} events, heard ${delays.all.length} times, ${closings} connections lost`,
  );
  say(`  an event arrives, within its process:    ${percentiles(delays.within)}`);
  say(`  an event arrives, from another process:  ${percentiles(delays.across)}`);
  say(`  a change is answered:                    ${percentiles(patient.waitsMs)}`);
  say(`  ${patient.unanswered} requests without an answer, ${patient.unavailable} with 503`);
}

/** First processes are killed and held still, then the store that all of them share. */
async function disturb({ members }: Cluster, denokv: Denokv): Promise<void> {
  await seconds(10);
  say("  a process is killed, and started again after 3 s");
  await members[0]?.kill();
  await seconds(3);
  await members[0]?.restart();
  await seconds(10);
  say("  a process is held still for 20 s");
  members[1]?.pause();
  await seconds(20);
  members[1]?.resume();
  await seconds(15);
  say("  denokv is killed, and started again after 2 s");
  await denokv.kill();
  await seconds(2);
  await denokv.restart();
  await seconds(10);
  say("  denokv is held still for 12 s");
  denokv.pause();
  await seconds(12);
  denokv.resume();
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * SECOND_MS));
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
