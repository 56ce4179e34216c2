import assert from "node:assert/strict";

/** Before the program, a defect is put in its way: a failure that nobody looks after. */
const DEFECT = `data:application/javascript,
  const serve = Deno.serve;
  Deno.serve = (...options) => {
    Promise.reject(new Error("nobody looks after this"));
    return serve(...options);
  };`;

Deno.test("a process in which something fails that nobody looks after says so, and ends with 1", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--preload", DEFECT.replaceAll("\n", ""), "main.ts"],
    env: {
      APP_ENV: "production",
      PORT: "0",
      HOST: "127.0.0.1",
      KV_PATH: ":memory:",
      NO_COLOR: "1",
    },
  }).output();
  assert.equal(code, 1);
  const lines = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr])).split("\n");
  const [line = ""] = lines.filter((line) => line.includes("Ended by a defect"));
  const { level, error } = JSON.parse(line);
  assert.equal(level, "FATAL");
  assert.equal(error.message, "nobody looks after this");
});
