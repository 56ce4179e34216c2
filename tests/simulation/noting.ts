import type { Desk } from "../../domain/services/desk.ts";

/** A desk that notes where among all that happens its last commit stands. */
export interface NotingDesk {
  readonly desk: Desk;
  /** The place of the last commit; null when there was none. */
  place(): number | null;
}

/** The same desk, which takes the next place for each of its commits. */
export function noting(desk: Desk, next: () => number): NotingDesk {
  const { committer } = desk.store;
  let last: number | null = null;
  const submit: typeof committer.submit = async (draft) => {
    const versionstamp = await committer.submit(draft);
    // Commits are told of in their order.
    if (versionstamp !== null) last = next();
    return versionstamp;
  };
  return {
    desk: { ...desk, store: { ...desk.store, committer: { ...committer, submit } } },
    place: () => last,
  };
}
