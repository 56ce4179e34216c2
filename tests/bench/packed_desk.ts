import { packBytes } from "../../domain/rules/sla_coding.ts";
import type { Measure, Measured } from "../../domain/rules/sla_metrics.ts";
import { addPack, addToPack, type Pack } from "../../domain/rules/sla_pack.ts";
import { hourStart, packStart } from "../../domain/rules/sla_range.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { keys, keyText, type PackName } from "../../domain/store/keys.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { writePack } from "../../domain/store/sla_packs.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { addMeasured } from "../support/measurements.ts";
import { median, say, timeUntil } from "./timing.ts";

/** A desk whose figures are there, though not the tickets they are of. */
export interface Filling {
  readonly tickets: number;
  readonly start: Instant;
  /** The last hour is measured by hand, packed but for its last minutes. */
  readonly now: Instant;
}

const UNPACKED_MS = 10 * MINUTE_MS;
const DEPARTMENTS = ["billing", "cards", "loans", "support", "transfers"];
const CATEGORIES = ["technical", "billing", "general", "urgent"];
const AGENTS = 20;
const ROUNDS = 31;
const PACKS_WRITTEN_AT_ONCE = 10;

/** A question to a desk, by a name. */
export type Question = readonly [what: string, work: (desk: Desk) => Promise<unknown>];

/** Says of each question what it costs, against a bare read of the same packs. */
export async function compareQuestions(desk: Desk, questions: readonly Question[]): Promise<void> {
  const { store } = desk;
  const reads = countReads(desk);
  say(
    `${"milliseconds, the median".padEnd(28)}${"desk".padStart(8)}${
      "bare".padStart(8)
    }  ratio   packs  tickets`,
  );
  for (const [what, work] of questions) {
    const times = { desk: [] as number[], bare: [] as number[] };
    granted(await work(reads.desk));
    const { packs, tickets } = reads.take();
    for (let round = 0; round < ROUNDS; round++) {
      times.desk.push(await timeUntil(() => work(desk)));
      times.bare.push(await timeUntil(() => readBare(store, packs)));
    }
    const [ofDesk, ofBare] = [median(times.desk), median(times.bare)];
    say(
      what.padEnd(28) + ofDesk.toFixed(2).padStart(8) + ofBare.toFixed(2).padStart(8) +
        (ofDesk / ofBare).toFixed(2).padStart(7) + String(packs.length).padStart(8) +
        String(tickets).padStart(9),
    );
  }
}

/** The same entries by their keys, and nothing made of them. */
async function readBare({ reader }: Desk["store"], packs: readonly KvKey[]): Promise<void> {
  const pieces = Array.from(
    { length: Math.ceil(packs.length / 10) },
    (_, index) => packs.slice(index * 10, index * 10 + 10),
  );
  await Promise.all(pieces.map((piece) => reader.getMany(piece)));
}

/** The desk with a reader that notes what is read. */
function countReads(desk: Desk): { desk: Desk; take(): { packs: KvKey[]; tickets: number } } {
  let read: KvKey[] = [];
  const { reader } = desk.store;
  const noting = new Proxy(reader, {
    get(target, name) {
      if (name === "get") return (key: KvKey) => (read.push(key), target.get(key));
      if (name === "getMany") return (keys: KvKey[]) => (read.push(...keys), target.getMany(keys));
      if (name !== "list") return Reflect.get(target, name);
      return async function* (...options: Parameters<Deno.Kv["list"]>) {
        for await (const entry of target.list(...options)) {
          read.push(entry.key);
          yield entry;
        }
      };
    },
  });
  return {
    desk: { ...desk, store: { ...desk.store, reader: noting } },
    take() {
      const packs = read.filter(([name]) => name === "sla_pack");
      const tickets = read.filter(([name]) => String(name).startsWith("ticket")).length;
      read = [];
      return { packs, tickets };
    },
  };
}

/** Writes packs of so many tickets, the last of them by what was measured. */
export async function fill(desk: Desk, { tickets, start, now }: Filling): Promise<void> {
  const { store } = desk;
  const packedUntil = now - UNPACKED_MS;
  const packedHereUntil = hourStart(now);
  const startedAt = performance.now();
  const packs = new Map<string, { readonly name: PackName; readonly pack: Pack }>();
  const open = (name: PackName): Pack => {
    const known = packs.get(keyText(keys.slaPack(name, 0)));
    if (known !== undefined) return known.pack;
    const pack: Pack = new Map();
    packs.set(keyText(keys.slaPack(name, 0)), { name, pack });
    return pack;
  };
  const late: Measured[] = [];
  for (let index = 0; index < tickets; index++) {
    const measured = sampleMeasured(index, start + Math.floor(index / tickets * (now - start)));
    const [first] = measured.counts;
    if (first !== undefined && first.hour >= packedHereUntil) late.push(measured);
    else addHours(open, measured);
  }
  for (const { name, pack } of [...packs.values()]) {
    for (const level of ["day", "third", "month"] as const) {
      addPack(open({ ...name, level, start: packStart(level, name.start) }), pack);
    }
  }
  const all = [...packs.values()];
  for (let from = 0; from < all.length; from += PACKS_WRITTEN_AT_ONCE) {
    granted(
      await transact(store, (tx) => {
        for (const { name, pack } of all.slice(from, from + PACKS_WRITTEN_AT_ONCE)) {
          writePack(tx, name, packBytes(pack));
        }
        return Promise.resolve(true);
      }),
    );
  }
  const unpacked = Math.floor(late.length * (now - packedUntil) / (now - packedHereUntil));
  const packStartedAt = performance.now();
  await addMeasured(store, late.slice(0, -unpacked));
  const packed = await packMeasurements(desk);
  const took = performance.now() - packStartedAt;
  await addMeasured(store, late.slice(-unpacked));
  say(
    `${tickets} tickets in ${all.length} packs, written in ${
      seconds(performance.now() - startedAt)
    };`,
  );
  say(`${packed} measurements packed in ${seconds(took)}, ${unpacked} not yet\n`);
}

function addHours(open: (name: PackName) => Pack, measured: Measured): void {
  const { department, priority, agentId, counts } = measured;
  for (const count of counts) {
    const start = packStart("hours", count.hour);
    const hour = (count.hour - start) / HOUR_MS;
    addToPack(
      open({ scope: "department", level: "hours", start, whose: department, priority }),
      hour,
      measured,
      count,
    );
    if (agentId === null) continue;
    addToPack(
      open({ scope: "agent", level: "hours", start, whose: agentId, priority }),
      hour,
      measured,
      count,
    );
  }
}

/** All that becomes of a ticket, as if it happened in the hour in which it was opened. */
function sampleMeasured(index: number, at: Instant): Measured {
  const hour = hourStart(at);
  const response = Math.round(30 * MINUTE_MS * Math.exp(normal()));
  const resolution = Math.round(240 * MINUTE_MS * Math.exp(1.2 * normal()));
  const counts: [Measure, number | null][] = [
    ["created", null],
    [response > HOUR_MS ? "response_breached" : "response_met", null],
    [resolution > 12 * HOUR_MS ? "resolution_breached" : "resolution_met", null],
    ["response_business", response],
    ["response_wall", Math.round(response * 1.4)],
    ["resolution_business", resolution],
    ["resolution_wall", Math.round(resolution * 2.2)],
  ];
  counts.push(["finished", null]);
  if (index % 12 === 0) counts.push(["reopened", null], ["finished", null]);
  if (index % 3 === 0) counts.push([index % 5 === 0 ? "rated_2" : "rated_5", null]);
  if (index % 4 === 0) {
    counts.push(["next_reply_met", null], ["next_reply_business", response], [
      "next_reply_wall",
      response,
    ]);
  }
  return {
    department: DEPARTMENTS[index % DEPARTMENTS.length] ?? "",
    priority: ([1, 2, 3] as const)[index % 7 % 3] ?? 2,
    category: CATEGORIES[index % 11 % CATEGORIES.length] ?? "",
    agentId: `agent-${index % AGENTS}`,
    counts: counts.map(([measure, milliseconds]) => ({ hour, measure, milliseconds })),
  };
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
