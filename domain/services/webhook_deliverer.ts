import { getLogger } from "@logtape/logtape";
import { SECOND_MS } from "../rules/time.ts";
import { feedEnd } from "../store/feed.ts";
import { type Gatherer, makeGatherer } from "../store/gather.ts";
import { releaseLease } from "../store/lease.ts";
import type { Desk } from "./desk.ts";
import {
  type Courier,
  deliverDue,
  DELIVERIES_AT_ONCE,
  isPlaceOld,
  leaseName,
} from "./webhook_delivery.ts";
import { listWebhooks, type Supervised } from "./webhooks.ts";
import { faultLevel } from "./fault_level.ts";

/** Delivers to all webhooks, each in its own order, none waiting for another. */
export interface Round {
  /**
   * Sets going every webhook for which there may be something to do: 2 reads, and a third where
   * there are webhooks. None where webhooks are not called; what is due to them waits.
   */
  look(): Promise<void>;
  /** Resolves once nothing is under way; how much has been delivered or given up until then. */
  idle(): Promise<number>;
  /** Breaks off what is under way and gives back what this round held. */
  stop(): Promise<void>;
}

const log = getLogger(["desk", "webhooks"]);

function makeRound(desk: Desk): Round {
  const { store } = desk;
  const stopping = new AbortController();
  const courier: Courier = { id: store.newId(), signal: stopping.signal, passed: new Map() };
  const lanes = new Map<string, Gatherer>();
  let delivered = 0;

  function laneOf(id: string): Gatherer {
    const lane = lanes.get(id) ?? makeGatherer(() => work(id), 0);
    lanes.set(id, lane);
    return lane;
  }

  async function work(id: string): Promise<void> {
    try {
      const done = await deliverDue(desk, courier, id);
      delivered += done;
      if (done === DELIVERIES_AT_ONCE) laneOf(id).ring();
    } catch (error) {
      // The next look tries again from the same place.
      log[faultLevel(error)]("Cannot deliver to webhook {id}: {error}", { id, error });
    }
  }

  function mayHaveWork({ webhook, progress }: Supervised, end: string): boolean {
    if (webhook.state.status !== "active" || progress.nextTryAt > store.now()) return false;
    const passed = courier.passed.get(webhook.id);
    if (isPlaceOld(progress, store.now())) return true;
    return passed?.place !== progress.place || passed.end < end;
  }

  async function idle(): Promise<number> {
    await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    return delivered;
  }

  return {
    idle,
    async look() {
      if (!desk.config.callsWebhooks) return;
      const found = await listWebhooks(desk);
      const end = found.length === 0 ? "" : await feedEnd(store);
      const ids = new Set(found.map(({ webhook }) => webhook.id));
      for (const id of courier.passed.keys()) if (!ids.has(id)) courier.passed.delete(id);
      for (const id of lanes.keys()) if (!ids.has(id)) lanes.delete(id);
      for (const each of found) {
        if (mayHaveWork(each, end)) laneOf(each.webhook.id).ring();
      }
    },
    async stop() {
      stopping.abort();
      await idle();
      const ids = [...lanes.keys()];
      await Promise.all(ids.map((id) => releaseLease(store, leaseName(id), courier.id)));
    },
  };
}

export interface Deliverer {
  /** Resolves once all is delivered that was committed so far and can be. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What other processes commit, and what is to be tried again, is noticed after this long. */
const LOOK_EVERY_MS = SECOND_MS;
/** A busy desk commits all the time: what comes within this time of a look is looked at together. */
const GATHER_MS = 10;

/**
 * Delivers for as long as the process lives, woken by its own commits and every second. No lease of a
 * job fences it: each webhook has one of its own, and what came of a try is only written down where
 * the webhook's place has not moved since.
 */
export function startDeliverer(desk: Desk): Deliverer {
  const round = makeRound(desk);
  const gatherer = makeGatherer(async () => {
    try {
      await round.look();
    } catch (error) {
      log[faultLevel(error)]("Cannot look for webhooks: {error}", { error });
    }
  }, GATHER_MS);
  const unsubscribe = desk.store.committer.onCommit(gatherer.ring);
  const timer = setInterval(gatherer.ring, LOOK_EVERY_MS);
  return {
    async idle() {
      await gatherer.idle();
      await round.idle();
    },
    async stop() {
      clearInterval(timer);
      unsubscribe();
      await gatherer.idle();
      await round.stop();
    },
  };
}

/**
 * One round to its end, for whoever comes by when the process that delivered has died. Nothing of it
 * goes on afterwards: it may be given a fenced desk.
 */
export async function deliverOnce(desk: Desk): Promise<number> {
  const round = makeRound(desk);
  try {
    await round.look();
    return await round.idle();
  } finally {
    await round.stop();
  }
}
