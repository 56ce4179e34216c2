import assert from "node:assert/strict";
import { makeMeters } from "../../domain/meters.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { makeCommitter } from "../../domain/store/commit.ts";
import { openConnections } from "../../domain/store/open.ts";
import { type Denokv, REMOTE_ENV, startDenokv, WHY_NO_DENOKV } from "../support/denokv.ts";
import { faultsOf } from "../support/desk.ts";
import { openStoreFile, type StartedServer, startServer } from "../support/server.ts";
import { staffStore } from "../support/staffed_store.ts";
import { layWire, type Wire } from "../support/wire.ts";

// One process and a store on another machine that fails in every way.

/** Specified: no client waits for an answer any longer. */
const ANSWERED_WITHIN_MS = 10_000;
const STOPPED_WITHIN_MS = 5_500;
const CUSTOMERS = 6;
/** Twenty seconds of looking whether a desk has found its store again. */
const LOOKS_MAX = 100;
const ENV = { ...REMOTE_ENV, LOG_LEVEL: "error" };

function onDenokv(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: WHY_NO_DENOKV === null ? name : `${name} (ignored: ${WHY_NO_DENOKV})`,
    ignore: WHY_NO_DENOKV !== null,
    fn,
  });
}

onDenokv(
  "whatever becomes of the store, nothing acknowledged is lost, nothing is done twice, and everybody is answered",
  async () => {
    await using denokv = await startDenokv();
    await using wire = layWire(denokv.url);
    const customers = await staffStore(denokv.url, Array(CUSTOMERS).fill({ role: "user" }));
    const asked: Asked[] = [];
    {
      await using server = await startServer(wire.url, ENV);
      let isOver = false;
      const busy = Promise.all(customers.map(async ({ token }, index) => {
        for (let round = 0; !isOver; round++) {
          asked.push(await openOne(server, token, `ticket ${index}.${round}`, round % 2 === 0));
        }
      }));
      await disturb(denokv, wire);
      // It finds the way back by itself.
      for (let look = 0; look < LOOKS_MAX; look++) {
        if (await ask(`${server.url}/ready`, {}) === 200) break;
        await milliseconds(200);
      }
      assert.equal(await ask(`${server.url}/ready`, {}), 200);
      isOver = true;
      await busy;
      assert.equal(await server.stop(), 0, "it has lived through all of it");
    }
    const opened = new Map<string, number>();
    using store = await openStoreFile(denokv.url);
    for await (const { value } of store.reader.list<Ticket>({ prefix: ["ticket"] })) {
      opened.set(value.title, (opened.get(value.title) ?? 0) + 1);
    }
    assert.ok(asked.some(({ wasRefused }) => wasRefused), "the store was missed");
    for (const { title, isGranted } of asked) {
      const count = opened.get(title) ?? 0;
      // What was asked for once, and not acknowledged, may have been done or not.
      assert.ok(isGranted ? count === 1 : count <= 1, `${title}: ${count}, granted: ${isGranted}`);
    }
    assert.deepEqual(await faultsOf(store), []);
  },
);

interface Asked {
  readonly title: string;
  readonly isGranted: boolean;
  readonly wasRefused: boolean;
}

/** Opens a ticket and looks at the list; with a key it is sent again until it is granted. */
async function openOne(
  { url }: StartedServer,
  token: string,
  title: string,
  hasKey: boolean,
): Promise<Asked> {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    ...(hasKey ? { "Idempotency-Key": title } : {}),
  };
  const body = JSON.stringify({ title, description: "It broke." });
  let wasRefused = false;
  for (;;) {
    const status = await ask(`${url}/api/tickets`, { method: "POST", headers, body });
    await ask(`${url}/api/tickets`, { headers });
    if (status === 201) return { title, isGranted: true, wasRefused };
    wasRefused = true;
    if (!hasKey) return { title, isGranted: false, wasRefused };
    await milliseconds(200);
  }
}

/** The status of an answer, which must be what was asked for or 503, in time. */
async function ask(url: string, init: RequestInit): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url, init);
  const text = await response.text();
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < ANSWERED_WITHIN_MS, `${init.method} took ${tookMs} ms`);
  const { status } = response;
  assert.ok(status < 300 || status === 503, `${status}: ${text}`);
  if (status === 503) assert.match(response.headers.get("Retry-After") ?? "", /^[1-9]\d*$/);
  return status;
}

/** All that can happen to a store and to the way there, with time to work in between. */
async function disturb(denokv: Denokv, wire: Wire): Promise<void> {
  await milliseconds(1_000);
  for (let round = 0; round < 5; round++) {
    wire.loseAnswers();
    await milliseconds(300);
    wire.cut();
    await milliseconds(500);
  }
  denokv.pause();
  await milliseconds(2_000);
  denokv.resume();
  await milliseconds(1_000);
  denokv.pause();
  await milliseconds(6_000);
  denokv.resume();
  await milliseconds(1_000);
  for (const awayMs of [0, 1_000]) {
    await denokv.kill();
    await milliseconds(awayMs);
    await denokv.restart();
    await milliseconds(1_500);
  }
  // A connection that breaks without a word, for good; a new one would be sound.
  wire.fallSilent();
  await milliseconds(500);
  wire.mend();
}

onDenokv("a process that is stopped while the store is away ends well and soon", async () => {
  await using denokv = await startDenokv();
  for (const leave of [denokv.pause, denokv.kill]) {
    await denokv.restart();
    await using server = await startServer(denokv.url, ENV);
    await leave();
    for (const path of ["/health", "/metrics"]) {
      assert.equal(await ask(`${server.url}${path}`, {}), 200, path);
    }
    assert.equal(await ask(`${server.url}/ready`, {}), 503);
    const startedAt = performance.now();
    assert.equal(await server.stop(), 0);
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs < STOPPED_WITHIN_MS, `It took ${tookMs} ms to stop`);
  }
});

onDenokv("a process that is started before its store waits for it", async () => {
  await using denokv = await startDenokv();
  await denokv.kill();
  const starting = startServer(denokv.url, ENV);
  await milliseconds(1_000);
  await denokv.restart();
  await using server = await starting;
  assert.equal(await ask(`${server.url}/ready`, {}), 200);
});

onDenokv("a process that the store does not let in ends with a sentence that says so", async () => {
  await using denokv = await startDenokv();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts", "doctor"],
    env: { KV_PATH: denokv.url, DENO_KV_ACCESS_TOKEN: "of somebody else" },
  }).output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /^KV_PATH is ".*": it cannot be opened: .*401/m);
});

onDenokv("a commit whose answer the wire loses is made once and told as made", async () => {
  await using denokv = await startDenokv();
  await using wire = layWire(denokv.url);
  const connections = await openConnections(wire.url);
  const committer = makeCommitter(connections, makeMeters(), Date.now);
  const sum = {
    checks: [],
    mutations: [{ kind: "sum", key: ["sum"], by: 1n } as const],
    events: [],
  };
  const once = {
    checks: [{ key: ["once"], versionstamp: null }],
    mutations: [{ kind: "set", key: ["once"], value: 1 } as const],
    events: [],
  };
  assert.equal(typeof await committer.submit(sum), "string");
  for (const draft of [sum, once]) {
    wire.loseAnswers();
    const outcome = committer.submit(draft);
    await milliseconds(500);
    wire.cut();
    assert.equal(typeof await outcome, "string");
  }
  assert.equal(await committer.submit(once), null);
  const { value } = await connections.reader.get<Deno.KvU64>(["sum"]);
  assert.equal(value?.value, 2n);
  connections.writer.close();
});

function milliseconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count));
}
