import assert from "node:assert/strict";
import { listeningPort } from "../support/server.ts";
import { signal } from "../support/signal.ts";

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
    assert.equal((await child.status).code, 0);
    const [words = "", complaints = ""] = await said;
    assert.match(words, /"message":"Stopped"/);
    assert.doesNotMatch(complaints, /defect/);
  } finally {
    signal(child, "SIGKILL");
  }
});
