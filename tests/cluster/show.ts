import type { Store } from "../../domain/store/store.ts";
import { chanceOf } from "../simulation/chance.ts";
import type { Cluster } from "../support/cluster.ts";
import { type Cast, type Player, topicsOf } from "./cast.ts";
import { chooseDeed, type Deed, type Done } from "./deeds.ts";
import { startListener } from "./listener.ts";
import { CURSOR_START, lastCursor, newestEntry } from "../../domain/store/feed.ts";
import { type Ear, missingAt, readTruth, type Told } from "./truth.ts";

/** A desk that opens does not have everybody in at the same moment. */
const JOINING_AT_ONCE = 100;
const JOINS_WITHIN_MS = 60_000;

/** Puts every player behind a socket at a member, and waits until all of them listen. */
export async function listen(cluster: Cluster, cast: Cast, topicsMax: number): Promise<Ear[]> {
  const ears: Ear[] = [];
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(whyDeaf(ears))), JOINS_WITHIN_MS);
  try {
    for (let from = 0; from < cast.players.length; from += JOINING_AT_ONCE) {
      const some = cast.players.slice(from, from + JOINING_AT_ONCE).map((player) =>
        earOf(cluster, player, topicsOf(player, cast.tickets, topicsMax))
      );
      ears.push(...some);
      await Promise.race([Promise.all(some.map(({ listener }) => listener.joined)), late.promise]);
    }
  } catch (error) {
    await silence(ears);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return ears;
}

/** Takes everybody from their sockets. */
export async function silence(ears: readonly Ear[]): Promise<void> {
  await Promise.all(ears.map(({ listener }) => listener[Symbol.asyncDispose]()));
}

function earOf(cluster: Cluster, { name, who, token, member }: Player, topics: string[]): Ear {
  // Of the others, too, some are at every member.
  const isWatchful = member % 2 === 0;
  const listener = startListener(cluster, { token, topics, member, isWatchful });
  return { name, who, topics: new Set(topics), listener };
}

function whyDeaf(ears: readonly Ear[]): string {
  const said = ears.flatMap(({ listener }) => listener.complaints.map(({ message }) => message));
  const closings = ears.flatMap(({ listener }) => listener.closings);
  return `Not everybody listens: ${[...new Set([...said, ...closings])].join(" ")}`;
}

/** Where the feed stands: everybody who listens already hears all that comes behind it. */
export async function standOf(store: Store): Promise<string> {
  const newest = await newestEntry(store);
  return newest === null ? CURSOR_START : lastCursor(newest);
}

export interface Pace {
  readonly seed: number;
  readonly changes: number;
  readonly perSecond: number;
  readonly atOnce: number;
}

/** Makes so many changes, each begun at its time as far as others are done by then. */
export async function act(
  cast: Cast,
  { seed, changes, perSecond, atOnce }: Pace,
  send: (deed: Deed) => Promise<Done>,
): Promise<Done[]> {
  const chance = chanceOf(seed);
  const deeds = Array.from(
    { length: changes },
    (_, number) => chooseDeed(chance, cast, seed * 1_000_000 + number),
  );
  const done: Done[] = [];
  const startedAt = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < deeds.length) {
      const number = next++;
      const early = startedAt + number * 1_000 / perSecond - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const deed = deeds[number];
      if (deed !== undefined) done.push(await send(deed));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return done;
}

const LOOK_EVERY_MS = 250;

/**
 * What the feed holds behind a cursor, as soon as everybody has heard of it, or once this time has
 * passed and somebody has not.
 */
export async function settled(
  store: Store,
  ears: readonly Ear[],
  after: string,
  withinMs: number,
): Promise<Told[]> {
  const startedAt = performance.now();
  for (;;) {
    const told = await readTruth(store, after);
    const complete = ears.every((ear) => missingAt(told, ear).length === 0);
    if (complete || performance.now() - startedAt > withinMs) return told;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
