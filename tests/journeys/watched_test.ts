import assert from "node:assert/strict";
import { listeningPort } from "../support/server.ts";
import { signal } from "../support/signal.ts";

/** What a shell says of a process that SIGINT ended. */
const ENDED_BY_SIGINT = 130;

Deno.test("a desk that is watched for changes ends on Ctrl-C, and calls that no defect", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--watch", "-A", "--no-prompt", "main.ts"],
    env: {
      APP_ENV: "production",
      PORT: "0",
      HOST: "127.0.0.1",
      KV_PATH: ":memory:",
      NO_COLOR: "1",
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    const [log, untilListening] = child.stdout.tee();
    const said = Promise.all([log, child.stderr].map((stream) => new Response(stream).text()));
    await listeningPort(untilListening);
    signal(child, "SIGINT");
    // Which of them the signal ends first, the watcher or what it watches, is the platform's affair.
    const { code } = await child.status;
    assert([0, ENDED_BY_SIGINT].includes(code), `ended with ${code}`);
    for (const words of await said) assert.doesNotMatch(words, /defect/);
  } finally {
    signal(child, "SIGKILL");
  }
});
