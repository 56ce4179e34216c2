import { Hono } from "hono";
import { v7 } from "uuid";
import type { Draft, Mutation } from "../../domain/store/draft.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { recordDrafts } from "./drafts.ts";

/**
 * What the desk is measured against: the same framework and the same storage with nothing in
 * between. It gets one value, lists twenty, and commits the very mutations of opening a ticket and of
 * claiming one, without checking, deciding or validating anything.
 */
const kv = await Deno.openKv(Deno.args[0]);
const { opening, claiming } = await recordDrafts();
const ROWS = 2_000;
for (let row = 0; row < ROWS; row++) await commit(opening, v7());

const app = new Hono()
  .get("/get/:id", async (c) => c.json((await kv.get(["ticket", c.req.param("id")])).value))
  .get("/first", async (c) => {
    for await (const { key } of kv.list({ prefix: ["ticket"] }, { limit: 1 })) {
      return c.json({ id: key[1] });
    }
    return c.notFound();
  })
  .get("/list", async (c) => {
    const rows: unknown[] = [];
    const options = { limit: 20, reverse: true, batchSize: 20 };
    for await (const { value } of kv.list({ prefix: ["ticket"] }, options)) rows.push(value);
    return c.json(rows);
  })
  .post("/open", async (c) => {
    await c.req.json();
    const id = v7();
    await commit(opening, id);
    return c.json({ id }, 201);
  })
  .post("/claim", async (c) => {
    const id = v7();
    await commit(claiming, id);
    return c.json({ id });
  });

const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
Deno.stdout.writeSync(
  new TextEncoder().encode(`{"address":"http://127.0.0.1:${server.addr.port}"}\n`),
);

function commit({ draft, ticketId }: { draft: Draft; ticketId: string }, id: string) {
  const atomic = kv.atomic();
  const renamed = (key: KvKey): KvKey => key.map((part) => part === ticketId ? id : part);
  for (const { key } of draft.checks) {
    // As many checks as the desk makes, of keys that nobody writes.
    atomic.check({ key: ["unwritten", ...key], versionstamp: null });
  }
  for (const mutation of draft.mutations) apply(atomic, mutation, renamed(mutation.key));
  atomic.set(["feed", kv.commitVersionstamp()], { events: draft.events }, { expireIn: 3_600_000 });
  atomic.set(["bell"], draft.events.length);
  return atomic.commit();
}

function apply(atomic: Deno.AtomicOperation, mutation: Mutation, key: KvKey): void {
  if (mutation.kind === "set") atomic.set(key, mutation.value);
  else if (mutation.kind === "delete") atomic.delete(key);
  else atomic.sum(key, BigInt.asUintN(64, mutation.by));
}
