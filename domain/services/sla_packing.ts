import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { packBytes } from "../rules/sla_coding.ts";
import type { Measurement } from "../rules/sla_metrics.ts";
import { addToPack, type Pack, parsePack } from "../rules/sla_pack.ts";
import { PACK_LEVELS, packStart } from "../rules/sla_range.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { keys, keyText, type PackName } from "../store/keys.ts";
import { measurements } from "../store/kinds.ts";
import { holdLease, releaseLease } from "../store/lease.ts";
import { decode } from "../store/records.ts";
import { readPacks, writePack } from "../store/sla_packs.ts";
import { readList, type Store } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

const LEASE = "packing";
const LEASE_TERMS = { forMs: MINUTE_MS, leftMs: MINUTE_MS / 2 };

/** One commit looks at so many, and takes of them what its limits allow. */
const LOOKED_AT = 1_000;
const PACKED_AT_ONCE = 300;
const PACKS_AT_ONCE = 40;
const PACK_BYTES_AT_ONCE = 400_000;

/** What is left beyond this many commits is left to the next run. */
const COMMITS_MAX = 1_000;

/**
 * Moves what was measured into packs of a day with its hours, of a day and of a month, each for its
 * department and for whoever had the ticket; how many measurements it moved. Each commit checks the
 * guard of the packs before it looks for something to move, and changes it: of several runs at once,
 * or after one that was cut off, each measurement still counts once. A lease saves the double work.
 */
export async function packMeasurements({ store }: Pick<Desk, "store">): Promise<number> {
  const [first] = await readList(store, keys.measurements(), { limit: 1 });
  if (first === undefined) return 0;
  const holder = store.newId();
  let packed = 0;
  try {
    for (let commits = 0; commits < COMMITS_MAX; commits++) {
      if (!await holdLease(store, LEASE, holder, LEASE_TERMS)) break;
      const moved = await packSome(store);
      // What could not be packed now is still there at the next run.
      if (isRefusal(moved) || moved === 0) break;
      packed += moved;
    }
  } finally {
    await releaseLease(store, LEASE, holder);
  }
  return packed;
}

/** One check; at most 300 deletions, and 40 packs or 400 KB of them are written anew. */
function packSome(store: Store): Promise<number | Refusal> {
  return transact(store, async (tx) => {
    await tx.getValue(keys.packing());
    const found = await readList<Measurement>(store, keys.measurements(), { limit: LOOKED_AT });
    const waiting = found.map(({ value }) => decode(measurements, value)).sort(byOwner);
    const packs = openPacks(store);
    let packed = 0;
    for (const measurement of waiting) {
      if (packed === PACKED_AT_ONCE) break;
      await packs.open(measurement);
      if (packed > 0 && packs.areFull()) break;
      packs.add(measurement);
      tx.delete(keys.measurement(measurement.id));
      packed += 1;
    }
    if (packed === 0) return 0;
    packs.write(tx);
    tx.set(keys.packing(), store.newId());
    return packed;
  });
}

/** Those that go into the same packs next to each other. */
function byOwner(a: Measurement, b: Measurement): number {
  const [first, second] = [ownerOf(a), ownerOf(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

function ownerOf({ department, agentId }: Measurement): string {
  return `${department}\n${agentId}`;
}

/** The packs that one commit writes, read as they are needed. */
interface OpenPacks {
  /** Reads the packs of the measurement. */
  open(measurement: Measurement): Promise<void>;
  /** Whether one commit can take no more. */
  areFull(): boolean;
  /** Adds to the packs of the measurement, which must have been opened. */
  add(measurement: Measurement): void;
  write(tx: Transaction): void;
}

interface OpenPack {
  readonly name: PackName;
  readonly pack: Pack;
  isChanged: boolean;
}

function openPacks(store: Store): OpenPacks {
  const packs = new Map<string, OpenPack>();
  let bytesRead = 0;
  return {
    async open(measurement) {
      const hours = new Set(measurement.counts.map(({ hour }) => hour));
      const names = [...hours].flatMap((hour) => packNames(measurement, hour));
      // Two hours of one day go into the same packs.
      const distinct = [...new Map(names.map((name) => [textOf(name), name])).values()];
      const missing = distinct.filter((name) => !packs.has(textOf(name)));
      const stored = await readPacks(store, missing);
      for (const [index, name] of missing.entries()) {
        const bytes = stored[index] ?? null;
        bytesRead += bytes?.length ?? 0;
        const pack = bytes === null ? new Map() : parsePack(bytes);
        packs.set(textOf(name), { name, pack, isChanged: false });
      }
    },
    areFull: () => packs.size > PACKS_AT_ONCE || bytesRead > PACK_BYTES_AT_ONCE,
    add(measurement) {
      for (const [hour, counts] of Map.groupBy(measurement.counts, ({ hour }) => hour)) {
        for (const name of packNames(measurement, hour)) {
          const open = packs.get(textOf(name));
          if (open === undefined) throw new Error("Cannot add to a pack that was not opened");
          const hourOfDay = name.level === "hours" ? (hour - name.start) / HOUR_MS : 0;
          for (const count of counts) addToPack(open.pack, hourOfDay, measurement, count);
          open.isChanged = true;
        }
      }
    },
    write(tx) {
      for (const { name, pack, isChanged } of packs.values()) {
        if (isChanged) writePack(tx, name, packBytes(pack));
      }
    },
  };
}

function textOf(name: PackName): string {
  return keyText(keys.slaPack(name, 0));
}

/** Where an hour of a measurement counts: three levels each for its department and its agent. */
function packNames({ department, agentId }: Measurement, hour: Instant): PackName[] {
  return PACK_LEVELS.flatMap((level): PackName[] => {
    const start = packStart(level, hour);
    const ofDepartment = { scope: "department", level, start, whose: department } as const;
    if (agentId === null) return [ofDepartment];
    return [ofDepartment, { scope: "agent", level, start, whose: agentId }];
  });
}
