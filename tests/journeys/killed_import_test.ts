import assert from "node:assert/strict";
import { v7 } from "uuid";
import { exportLines } from "../../domain/store/backup.ts";
import { users } from "../../domain/store/kinds.ts";
import { openStore } from "../../domain/store/store.ts";
import { add, entriesOf, memoryStore, sampleUser } from "../store/samples.ts";
import { REMOTE_ENV, startDenokv, WHY_NO_DENOKV } from "../support/denokv.ts";
import { temporaryStorePath } from "../support/server.ts";
import { signal } from "../support/signal.ts";

const ENDS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 20;
const PART =
  /^KV_PATH is ".*": it holds a part of a backup.*import it again.* or delete the store/m;

Deno.test("a store whose import was killed is not served, read or seeded, until it is imported again", async () => {
  await using file = await temporaryStorePath();
  await assertImportedAnew(file.path, ["serve", "doctor", "export", "seed"]);
});

const ON_SERVER = "a store on a server, too, is not served while it holds a part of a backup";

Deno.test({
  name: WHY_NO_DENOKV === null ? ON_SERVER : `${ON_SERVER} (ignored: ${WHY_NO_DENOKV})`,
  ignore: WHY_NO_DENOKV !== null,
  fn: async () => {
    await using denokv = await startDenokv();
    await assertImportedAnew(denokv.url, ["serve"]);
  },
});

/** Kills an import halfway, is refused by the commands, and imports again. */
async function assertImportedAnew(path: string, commands: readonly string[]): Promise<void> {
  const { lines, entries } = await backup();
  await importAndKill(path, lines.slice(0, entries.length / 2));
  for (const command of commands) {
    const { code, stdout, stderr } = await run(command, path).output();
    assert.equal(code, 1, command);
    assert.match(text(stderr), PART, command);
    assert.equal(text(stdout), "", command);
  }
  const again = run("import", path);
  await ReadableStream.from(lines).pipeThrough(new TextEncoderStream()).pipeTo(again.stdin);
  assert.equal(text((await again.output()).stdout), `${entries.length} entries imported\n`);
  const { code, stdout } = await run("doctor", path).output();
  assert.deepEqual([code, text(stdout)], [0, "The store is sound.\n"]);
}

async function backup(): Promise<{ lines: string[]; entries: unknown[] }> {
  using memory = await memoryStore();
  for (let turn = 0; turn < 150; turn++) await add(memory.store, users, sampleUser(memory.store));
  const lines = await Array.fromAsync(exportLines(memory.store));
  return { lines, entries: await entriesOf(memory.kv) };
}

/** Kills the import once some of the lines stand in the store, while it waits for more. */
async function importAndKill(path: string, lines: readonly string[]): Promise<void> {
  const child = run("import", path);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(lines.join("")));
  const store = await openStore(path, { now: Date.now, newId: v7 });
  const startedAt = performance.now();
  while ((await entriesOf(store.reader)).length < lines.length / 2) {
    assert.ok(performance.now() - startedAt < ENDS_WITHIN_MS, "nothing is imported");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  store.close();
  signal(child, "SIGKILL");
  await Promise.all([writer.abort().catch(() => {}), child.output()]);
}

function run(command: string, path: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts", command],
    env: { KV_PATH: path, PORT: "0", HOST: "127.0.0.1", NO_COLOR: "1", ...REMOTE_ENV },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(ENDS_WITHIN_MS),
  }).spawn();
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
