import assert from "node:assert/strict";
import fc from "fast-check";
import { type Page, readPage } from "../../domain/store/page.ts";
import { memoryStore } from "./samples.ts";

interface Item {
  readonly id: string;
  readonly isSecret: boolean;
}

Deno.test("a walk page by page keeps all that is kept, in order, and ends without an empty page", async () => {
  const shape = fc.record({
    secrets: fc.array(fc.boolean(), { maxLength: 20 }),
    limit: fc.integer({ min: 1, max: 7 }),
    reverse: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ secrets, limit, reverse }) => {
      using memory = await memoryStore();
      const { kv, store } = memory;
      const all = secrets.map((isSecret): Item => ({ id: store.newId(), isSecret }));
      for (const item of all) await kv.set(["item", "owner", item.id], item);
      await kv.set(["item", "other", store.newId()], { id: "x", isSecret: false });
      const kept = all.filter(({ isSecret }) => !isSecret);
      const walked: Item[] = [];
      let place: string | null = null;
      for (let turn = 0; turn <= kept.length; turn++) {
        const keeps = ({ isSecret }: Item): boolean => !isSecret;
        const asked: Parameters<typeof readPage<Item>>[2] = { place, limit, reverse, keeps };
        const page: Page<Item> = await readPage(store, ["item", "owner"], asked);
        assert.ok(page.items.length > 0 || kept.length === 0);
        assert.ok(page.next === null || page.next === page.items.at(-1)?.id);
        walked.push(...page.items);
        place = page.next;
        if (place === null) break;
      }
      assert.equal(place, null);
      assert.deepEqual(walked, reverse ? kept.toReversed() : kept);
    }),
    { numRuns: 60 },
  );
});
