import assert from "node:assert/strict";
import { makeMeters } from "../../domain/meters.ts";
import { makeCommitter } from "../../domain/store/commit.ts";
import { memoryStore } from "./samples.ts";

const NOTHING = { checks: [], mutations: [], events: [] };

Deno.test("a commit whose answer got lost is not made again, for any of its group", async () => {
  using memory = await memoryStore();
  const { kv } = memory;
  let answers = 0;
  const writer = new Proxy(kv, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== "atomic") return typeof member === "function" ? member.bind(target) : member;
      return () => {
        const atomic = target.atomic();
        const commit = atomic.commit.bind(atomic);
        atomic.commit = async () => {
          const result = await commit();
          answers += 1;
          // The first is alone, under way while the others gather.
          if (answers === 2) throw new Error("connection reset");
          return result;
        };
        return atomic;
      };
    },
  });
  const committer = makeCommitter(
    { writer, reader: kv, losesAnswers: true, checksMax: 10 },
    makeMeters(),
    Date.now,
  );
  const counting = { ...NOTHING, mutations: [{ kind: "sum", key: ["sum"], by: 1n } as const] };
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => committer.submit(counting)));
  assert.deepEqual(outcomes.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "rejected",
    "rejected",
  ]);
  assert.equal((await kv.get<Deno.KvU64>(["sum"])).value?.value, 4n);
});
