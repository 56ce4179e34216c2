import { getLogger } from "@logtape/logtape";
import { SECOND_MS } from "../rules/time.ts";
import { StoreUnavailable, within } from "./fault.ts";
import { keys } from "./keys.ts";
import type { Kv } from "./open.ts";
import { openWithin } from "./opening.ts";

export interface GuardTimes {
  /** No call is waited for any longer. */
  readonly callMs: number;
  /** How long to wait before a new connection is tried, and again before it is made use of. */
  readonly reconnectMs: number;
}

const TIMES: GuardTimes = { callMs: 4 * SECOND_MS, reconnectMs: SECOND_MS };

const log = getLogger(["desk", "store"]);

/**
 * A connection to a store on another machine, of which the platform would wait for ever: it repeats
 * each call until it is answered. Here each read, each step of a list and each commit ends within a
 * few seconds, with `StoreUnavailable` when there was no answer; it may be answered, and a commit
 * made, all the same. From then until the store is heard of again calls end so at once, and nothing
 * is asked: whoever waits for a store need not wait in a row, nor does it come back to a crowd.
 */
export function guarded(first: Kv, open: () => Promise<Kv>, times: GuardTimes = TIMES): Kv {
  let kv = first;
  let isAway = false;
  let isClosed = false;

  async function call<T>(ask: () => Promise<T>): Promise<T> {
    if (isAway) throw new StoreUnavailable("The store does not answer");
    try {
      return await within(times.callMs, ask());
    } catch (error) {
      if (error instanceof StoreUnavailable) lose();
      throw faultOf(error);
    }
  }

  function lose(): void {
    if (isAway || isClosed) return;
    isAway = true;
    log.error("The store does not answer");
    // The platform repeats it until it is answered: a store that was only slow is back at once.
    kv.get(keys.bell()).then(find, () => {});
    reconnect();
  }

  function find(): void {
    if (isAway && !isClosed) log.warn("The store answers again");
    isAway = false;
  }

  /** Nothing ever comes through a connection that broke unnoticed: a new one may take its place. */
  async function reconnect(): Promise<void> {
    while (isAway && !isClosed) {
      await pause(times.reconnectMs);
      const fresh = await openWithin(times.callMs, open).catch(() => null);
      if (fresh === null) continue;
      // A store that was restarted answers on the old one too, where others may be listening.
      await pause(times.reconnectMs);
      if (!isAway || isClosed) return fresh.close();
      kv.close();
      kv = fresh;
      find();
    }
  }

  const guards: Partial<Record<string | symbol, unknown>> = {
    get: (...asked: Parameters<Kv["get"]>) => call(() => kv.get(...asked)),
    getMany: (...asked: Parameters<Kv["getMany"]>) => call(() => kv.getMany(...asked)),
    list(...asked: Parameters<Kv["list"]>) {
      const entries = kv.list(...asked);
      const next = entries.next.bind(entries);
      entries.next = () => call(next);
      return entries;
    },
    atomic() {
      const atomic = kv.atomic();
      const commit = atomic.commit.bind(atomic);
      atomic.commit = () => call(commit);
      return atomic;
    },
    close() {
      isClosed = true;
      kv.close();
    },
  };
  // All else goes to whichever connection is the one of now.
  return new Proxy(first, {
    get(_, name) {
      const member: unknown = guards[name] ?? Reflect.get(kv, name);
      return typeof member === "function" ? member.bind(kv) : member;
    },
  });
}

/** What the platform throws for an argument, or the store for a request, is a defect of ours. */
function faultOf(error: unknown): unknown {
  const isOurs = error instanceof TypeError || error instanceof StoreUnavailable ||
    /status=400\b/.test(String(error));
  return isOurs ? error : new StoreUnavailable(String(error), { cause: error });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
