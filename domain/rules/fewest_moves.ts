/** Who holds how many open tickets, and how many it may hold in the end. */
export interface Holder {
  readonly open: number;
  readonly bound: number;
  /** It may get tickets, up to its bound. */
  readonly takes: boolean;
}

/** A ticket that may move, once: from the holder of this index to those who may get it. */
export interface Movable {
  readonly home: number;
  /** The indexes of all others who may get it, whoever should come first. */
  readonly takers: readonly number[];
}

/** A ticket goes to a holder, both by their indexes. */
export interface Step {
  readonly ticket: number;
  readonly to: number;
}

/**
 * The fewest moves, `movesMax` at most, after which nobody holds more than its bound; null where
 * there are none. Each pass relieves one holder of one ticket along the path that needs the fewest
 * moves more, which may send on, or back, what was moved before: the method of successive shortest
 * paths for flows of least cost, by which no set of fewer moves does the same. Where one
 * move will do it is that of the first such ticket to the first of its takers.
 */
export function fewestMoves(
  holders: readonly Holder[],
  tickets: readonly Movable[],
  movesMax: number,
): Step[] | null {
  const loads = holders.map(({ open }) => open);
  const at = tickets.map(({ home }) => home);
  const bounds = holders.map(({ bound }) => bound);
  const excess = loads.reduce(
    (sum, load, index) => sum + Math.max(0, load - (bounds[index] ?? 0)),
    0,
  );
  // Each ticket too many is a move at least.
  if (excess > movesMax) return null;
  for (let relieved = 0; relieved < excess; relieved++) {
    const path = directMove() ?? shortestPath();
    if (path === null) return null;
    for (const { ticket, to } of path) {
      const from = at[ticket] ?? to;
      loads[from] = (loads[from] ?? 0) - 1;
      loads[to] = (loads[to] ?? 0) + 1;
      at[ticket] = to;
    }
    if (moves().length > movesMax) return null;
  }
  return moves();

  function moves(): Step[] {
    return at.flatMap((to, ticket) => to === tickets[ticket]?.home ? [] : [{ ticket, to }]);
  }

  /** No path needs less than one move, so that none need be looked for where this finds one. */
  function directMove(): Step[] | null {
    for (const [ticket, { home, takers }] of tickets.entries()) {
      if (at[ticket] !== home || !isOver(home)) continue;
      const to = takers.find(hasRoom);
      if (to !== undefined) return [{ ticket, to }];
    }
    return null;
  }

  /** Among those who hold too much and those who have room; by Bellman and Ford's method. */
  function shortestPath(): Step[] | null {
    const costs = holders.map((_, index) => isOver(index) ? 0 : Infinity);
    const reachedBy: (number | null)[] = holders.map(() => null);
    const comesFrom: (number | null)[] = holders.map(() => null);
    for (let round = 0; round < holders.length; round++) {
      let isChanged = false;
      for (const [ticket, { home, takers }] of tickets.entries()) {
        const from = at[ticket] ?? home;
        const base = (costs[from] ?? Infinity) - (from === home ? 0 : 1);
        if (base === Infinity) continue;
        for (const to of from === home ? takers : [home, ...takers]) {
          const cost = base + (to === home ? 0 : 1);
          if (to === from || holders[to]?.takes !== true || cost >= (costs[to] ?? 0)) continue;
          [costs[to], reachedBy[to], comesFrom[to], isChanged] = [cost, ticket, from, true];
        }
      }
      if (!isChanged) break;
    }
    let end: number | null = null;
    for (let index = 0; index < holders.length; index++) {
      const cost = hasRoom(index) ? costs[index] ?? Infinity : Infinity;
      if (cost !== Infinity && (end === null || cost < (costs[end] ?? Infinity))) end = index;
    }
    const path: Step[] = [];
    for (let to = end; to !== null && path.length <= holders.length; to = comesFrom[to] ?? null) {
      const ticket = reachedBy[to] ?? null;
      if (ticket !== null) path.unshift({ ticket, to });
    }
    return end === null ? null : path;
  }

  function isOver(index: number): boolean {
    return (loads[index] ?? 0) > (bounds[index] ?? 0);
  }

  function hasRoom(index: number): boolean {
    return holders[index]?.takes === true && (loads[index] ?? 0) < (bounds[index] ?? 0);
  }
}
