import { DAY_MS } from "../rules/time.ts";
import { StoreUnavailable } from "./fault.ts";
import { keys } from "./keys.ts";
import type { Kv } from "./open.ts";

export type Atomic = ReturnType<Kv["atomic"]>;

/**
 * Makes one commit of what `fill` puts into it; its versionstamp, or null when a check failed.
 * `StoreUnavailable` says that nobody knows whether it was made: if it turns out that it was, `found`
 * hears of it before the next one. No two at once.
 */
export type Commit = (
  fill: (atomic: Atomic) => void,
  found: (versionstamp: string) => void,
) => Promise<string | null>;

/** For stores whose answers cannot get lost. */
export function plainCommits(kv: Kv): Commit {
  return async (fill) => {
    const atomic = kv.atomic();
    fill(atomic);
    const result = await atomic.commit();
    return result.ok ? result.versionstamp : null;
  };
}

/** Longer than any commit is repeated; whoever commits nothing for so long begins anew. */
const MARKER_KEPT_MS = 7 * DAY_MS;

interface Doubt {
  readonly id: string;
  readonly found: (versionstamp: string) => void;
}

/**
 * For stores on other machines. The platform sends a commit again until it is answered, for as long
 * as the process lives: what was made, and its answer lost, would be made twice, or be told as a
 * failed check. Therefore each commit of this process moves one marker of its own on, from the
 * version that the last one gave it: none can be made twice, or after a later one, and what stands
 * in the marker tells which was made. Costs a check and a write, and a read where a check failed.
 */
export function markedCommits(kv: Kv): Commit {
  const key = keys.commitMarker(crypto.randomUUID());
  /** The marker's version; null as long as there is none. */
  let place: string | null = null;
  let doubt: Doubt | null = null;

  async function send(id: string, fill: (atomic: Atomic) => void): Promise<string | null> {
    const atomic = kv.atomic();
    atomic.check({ key, versionstamp: place });
    fill(atomic);
    atomic.set(key, id, { expireIn: MARKER_KEPT_MS });
    const result = await atomic.commit();
    return result.ok ? result.versionstamp : null;
  }

  /** The version that a commit gave the marker; null when it was not made. */
  async function settle(doubtful: Doubt, mayBeUnderWay: boolean): Promise<string | null> {
    doubt = doubtful;
    try {
      // Once this was made it cannot be made any more.
      if (mayBeUnderWay) await send(crypto.randomUUID(), () => {});
      const { value, versionstamp } = await kv.get<string>(key);
      place = versionstamp;
      doubt = null;
      return value === doubtful.id ? versionstamp : null;
    } catch (error) {
      throw new StoreUnavailable("Nobody knows whether a commit was made", { cause: error });
    }
  }

  return async (fill, found) => {
    if (doubt !== null) {
      const { found } = doubt;
      const versionstamp = await settle(doubt, true);
      if (versionstamp !== null) found(versionstamp);
    }
    const sent = { id: crypto.randomUUID(), found };
    try {
      const versionstamp = await send(sent.id, fill);
      if (versionstamp !== null) return place = versionstamp;
    } catch (error) {
      const versionstamp = await settle(sent, true);
      if (versionstamp !== null) return versionstamp;
      // As good as a lost race: nothing was done, and it may be tried again.
      if (error instanceof StoreUnavailable) return null;
      throw error;
    }
    // Perhaps it had been made by then, and this was the answer to its repetition.
    return await settle(sent, false);
  };
}
