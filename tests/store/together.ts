import type { Committer } from "../../domain/store/commit.ts";
import type { Draft, Mutation } from "../../domain/store/draft.ts";
import type { KvKey } from "../../domain/store/open.ts";

/** A draft that wants nothing. */
export const NOTHING: Draft = { checks: [], mutations: [], events: [] };

export function set(key: KvKey, value: unknown): Mutation {
  return { kind: "set", key, value };
}

/**
 * Submits drafts so that they wait at the same moment: the first one is under way alone. Their
 * outcomes, without the first one's.
 */
export async function together(
  committer: Committer,
  drafts: readonly Draft[],
): Promise<(string | null)[]> {
  const first = committer.submit({ ...NOTHING, mutations: [set(["secret", "under way"], 0)] });
  const outcomes = await Promise.all(drafts.map((draft) => committer.submit(draft)));
  await first;
  return outcomes;
}
