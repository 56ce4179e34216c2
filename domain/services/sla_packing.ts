import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { packBytes } from "../rules/sla_coding.ts";
import { type Measurement, WHOLE_DESK } from "../rules/sla_metrics.ts";
import { addToPack, type Pack, parsePack } from "../rules/sla_pack.ts";
import { PACK_LEVELS, packStart } from "../rules/sla_range.ts";
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../rules/time.ts";
import { keys, keyText, type PackName } from "../store/keys.ts";
import { measurements } from "../store/kinds.ts";
import { holdLease, releaseLease } from "../store/lease.ts";
import { decode } from "../store/records.ts";
import { deskPackName, readPacks, writePack } from "../store/sla_packs.ts";
import { readList, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { areDeskPacksBuilt, buildDeskPacks } from "./desk_packs.ts";

/** From one run of the job to the next, each at a multiple of it. */
export const PACKED_EVERY_MS = 10 * MINUTE_MS;
/** By then a run has packed what waited for it. */
const PACKED_WITHIN_MS = 30 * SECOND_MS;

const LEASE = "packing";
/** Shorter than the job's own: whoever takes over from one that died does not find this in the way. */
const LEASE_TERMS = { forMs: 10 * SECOND_MS, leftMs: 5 * SECOND_MS };

/** One commit looks at so many, and takes of them what its limits allow. */
const LOOKED_AT = 1_000;
const PACKED_AT_ONCE = 300;
const PACKS_AT_ONCE = 100;
const PACK_BYTES_AT_ONCE = 400_000;
/** They grow by what is added; one commit may hold no more of them. */
const PACK_BYTES_MAX = 700_000;

/** What is left beyond this many commits is left to the next run. */
const COMMITS_MAX = 1_000;

/**
 * Moves what was measured into packs of hours, days, thirds and months, those of the whole desk, of
 * its department and of whoever had the ticket; how many measurements it moved. Each commit checks
 * the guard of the packs before it looks for something to move, and changes it: of several runs at
 * once, or after one that was cut off, each measurement still counts once. A lease saves the double
 * work.
 */
export async function packMeasurements({ store }: Pick<Desk, "store">): Promise<number> {
  const [first] = await readList(store, keys.measurements(), { limit: 1 });
  if (first === undefined) return 0;
  const holder = store.newId();
  let packed = 0;
  try {
    // A store from before there were packs of the whole desk gets them first.
    let isBuilt = await areDeskPacksBuilt(store);
    let atOnce = PACKED_AT_ONCE;
    for (let commits = 0; commits < COMMITS_MAX; commits++) {
      if (!await holdLease(store, LEASE, holder, LEASE_TERMS)) break;
      if (!isBuilt) {
        const built = await buildDeskPacks(store);
        if (isRefusal(built)) break;
        isBuilt = built;
        continue;
      }
      const moved = await packSome(store, atOnce);
      // What could not be packed now is still there at the next run.
      if (isRefusal(moved) || moved === 0) break;
      if (moved === "too_much") atOnce = Math.ceil(atOnce / 2);
      else packed += moved;
    }
  } finally {
    await releaseLease(store, LEASE, holder);
  }
  return packed;
}

/** What is refused until the job has packed what was measured, and in how many seconds it will have. */
export function notPackedYet(now: Instant): Refusal {
  const waitMs = PACKED_EVERY_MS - (now - PACKED_WITHIN_MS) % PACKED_EVERY_MS;
  const retryAfter = Math.ceil(waitMs / SECOND_MS);
  return refuse("unavailable", "Too much has not been packed yet; try again later.", {
    retryAfter,
  });
}

/** One check; at most 300 deletions, and some 100 packs or 400 KB of them are written anew. */
function packSome(store: Store, atOnce: number): Promise<number | "too_much" | Refusal> {
  return transact(store, async (tx) => {
    await tx.getValue(keys.packing());
    const found = await readList<Measurement>(store, keys.measurements(), { limit: LOOKED_AT });
    const waiting = found.map(({ value }) => decode(measurements, value)).sort(byOwner);
    const packs = openPacks(store);
    const taken: Measurement[] = [];
    for (const measurement of waiting) {
      if (taken.length === atOnce) break;
      await packs.open(measurement);
      if (taken.length > 0 && packs.areFull()) break;
      packs.add(measurement);
      taken.push(measurement);
    }
    if (taken.length === 0) return 0;
    const written = packs.written();
    const bytes = written.reduce((sum, pack) => sum + pack.bytes.length, 0);
    if (taken.length > 1 && bytes > PACK_BYTES_MAX) return "too_much";
    for (const { name, bytes } of written) writePack(tx, name, bytes);
    for (const { id } of taken) tx.delete(keys.measurement(id));
    tx.set(keys.packing(), store.newId());
    return taken.length;
  });
}

/** Those that go into the same packs next to each other. */
function byOwner(a: Measurement, b: Measurement): number {
  const [first, second] = [ownerOf(a), ownerOf(b)];
  return first === second ? 0 : first < second ? -1 : 1;
}

function ownerOf({ department, priority, agentId }: Measurement): string {
  return `${department}\n${priority}\n${agentId}`;
}

/** The packs that one commit writes, read as they are needed. */
interface OpenPacks {
  /** Reads the packs of the measurement. */
  open(measurement: Measurement): Promise<void>;
  /** Whether one commit can take no more. */
  areFull(): boolean;
  /** Adds to the packs of the measurement, which must have been opened. */
  add(measurement: Measurement): void;
  /** What has changed, as it is to be stored. */
  written(): { readonly name: PackName; readonly bytes: Uint8Array }[];
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
          const group = name.scope === "desk" ? WHOLE_DESK : measurement;
          for (const count of counts) addToPack(open.pack, hourOfDay, group, count);
          open.isChanged = true;
        }
      }
    },
    written: () =>
      [...packs.values()]
        .filter(({ isChanged }) => isChanged)
        .map(({ name, pack }) => ({ name, bytes: packBytes(pack) })),
  };
}

function textOf(name: PackName): string {
  return keyText(keys.slaPack(name, 0));
}

/** Where an hour of a measurement counts: packs of each level, of the desk, department and agent. */
function packNames({ department, priority, agentId }: Measurement, hour: Instant): PackName[] {
  return PACK_LEVELS.flatMap((level): PackName[] => {
    const start = packStart(level, hour);
    const at = { level, start, priority };
    return [
      deskPackName(level, start),
      { ...at, scope: "department", whose: department },
      ...(agentId === null ? [] : [{ ...at, scope: "agent", whose: agentId } as const]),
    ];
  });
}
