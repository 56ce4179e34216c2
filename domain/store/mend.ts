import { isRefusal } from "../rules/refusal.ts";
import { examine } from "./doctor.ts";
import type { Fault } from "./doctor_indexes.ts";
import type { Store } from "./store.ts";
import { transact } from "./transact.ts";

const MENDED_MAX = 1_000_000;

/** Mends what follows from the records; how many faults it mended. */
export async function mend(store: Store): Promise<number> {
  const faults: Fault[] = [];
  for await (const fault of examine(store)) {
    if (fault.remedy !== undefined && faults.length < MENDED_MAX) faults.push(fault);
  }
  let mended = 0;
  for (const { key, remedy } of faults) {
    const outcome = await transact(store, (tx) => {
      if (remedy === null || remedy === undefined) tx.delete(key);
      else tx.set(key, remedy.value);
      return Promise.resolve();
    });
    if (!isRefusal(outcome)) mended += 1;
  }
  return mended;
}
