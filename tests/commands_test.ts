import assert from "node:assert/strict";

/** What a command of the desk says, and how it ends. */
async function run(args: readonly string[], path: string): Promise<[code: number, said: string]> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts", ...args],
    env: { KV_PATH: path, PORT: "0", HOST: "127.0.0.1", NO_COLOR: "1" },
    signal: AbortSignal.timeout(30_000),
  }).output();
  return [code, new TextDecoder().decode(stderr).trim()];
}

Deno.test("a command that is not known, or takes no such flag, does nothing and says what there is", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/store.db`;
  try {
    const only = "only doctor takes --fix.";
    const cases: [args: string[], said: string][] = [
      [["seed", "--help"], `seed does not take --help; ${only}`],
      [["doctor", "--fxi"], `doctor does not take --fxi; ${only}`],
      [["serve", "--fix"], `serve does not take --fix; ${only}`],
      [["sede"], "Use one of serve, seed, doctor, export, import."],
    ];
    for (const [args, said] of cases) assert.deepEqual(await run(args, path), [1, said]);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
