import type { Cast } from "./cast.ts";
import type { Ear, Told } from "./truth.ts";

/** Milliseconds from the decision that made an event, its `at`, to its arrival at a socket. */
export interface Delays {
  readonly all: readonly number[];
  /** Of events that somebody made through the process that told of them. */
  readonly within: readonly number[];
  /** Of those that somebody made through another. */
  readonly across: readonly number[];
}

/** How long events of this part of the feed took. */
export function delaysOf(
  ears: readonly Ear[],
  told: readonly Told[],
  { players }: Cast,
  processes: number,
): Delays {
  const homes = new Map(players.map(({ who, member }) => [who.userId, member % processes]));
  const [first, last] = [told[0]?.cursor ?? "", told.at(-1)?.cursor ?? ""];
  const delays = { all: [] as number[], within: [] as number[], across: [] as number[] };
  for (const { listener } of ears) {
    for (const { cursor, frame, at, member } of listener.heard) {
      if (cursor < first || cursor > last) continue;
      const { data } = frame;
      const delay = at - Date.parse(data.at ?? data.createdAt);
      delays.all.push(delay);
      const home = homes.get(data.performedBy);
      if (home !== undefined) delays[home === member % processes ? "within" : "across"].push(delay);
    }
  }
  return delays;
}

export function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => {
    const value = sorted[Math.ceil(sorted.length * share) - 1];
    return value === undefined ? "-" : `${Math.round(value)} ms`;
  };
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, worst ${at(1)} (${sorted.length})`;
}
