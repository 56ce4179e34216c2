import type { Desk } from "../../domain/services/desk.ts";

/** The same desk, as a process that dies: after so many commits no more of its work is done. */
export function dyingAfter(desk: Desk, commits: number): Desk {
  const { committer } = desk.store;
  const done: Promise<unknown>[] = [];
  const submit: typeof committer.submit = async (draft) => {
    if (done.length < commits) {
      const commit = committer.submit(draft);
      done.push(commit);
      return await commit;
    }
    // Whoever waits for the end finds all that was committed before it.
    await Promise.allSettled(done);
    throw new Error("The process died");
  };
  return { ...desk, store: { ...desk.store, committer: { ...committer, submit } } };
}

/** What a run of the job that resumes says of a desk where nothing was cut off. */
export const NOTHING_RESUMED = {
  announced: 0,
  read: 0,
  applied: 0,
  loggedOut: 0,
  left: 0,
  handedOver: 0,
};
