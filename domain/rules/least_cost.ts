import munkres from "munkres";

/**
 * Gives each row a column of its own, or leaves it, at the least cost altogether: the column of each
 * row, null for one that is left. `costs` are by row and column, `Infinity` for what may not be, and
 * `costsOfLeaving` by row. Exact where all of these are integers. Takes rows² · columns steps, or
 * rows · columns² where that is less (Munkres' algorithm), and in one piece: nothing else is done
 * meanwhile.
 */
export function leastCost(
  costs: readonly (readonly number[])[],
  costsOfLeaving: readonly number[],
): (number | null)[] {
  const chosen: (number | null)[] = costs.map(() => null);
  if ((costs[0]?.length ?? 0) === 0) return chosen;
  // What each place costs more than to leave the row. A place that may not be, or does not pay,
  // counts as leaving it: so it is no matter who is thought to have it.
  const matrix = costs.map((row, index) => {
    const costOfLeaving = costsOfLeaving[index] ?? 0;
    // A plain array: small integers are compared faster in it than in one of floating point.
    return row.map((cost) => Math.min(0, cost - costOfLeaving));
  });
  for (const [row, column] of munkres(matrix)) {
    if ((matrix[row]?.[column] ?? 0) < 0) chosen[row] = column;
  }
  return chosen;
}
