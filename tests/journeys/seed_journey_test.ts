import assert from "node:assert/strict";
import { startServer, temporaryStorePath } from "../support/server.ts";

const ENDS_WITHIN_MS = 120_000;

async function seed(path: string): Promise<string> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts", "seed"],
    env: { APP_ENV: "production", KV_PATH: path, NO_COLOR: "1" },
    stderr: "inherit",
    signal: AbortSignal.timeout(ENDS_WITHIN_MS),
  }).output();
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout);
}

Deno.test("whoever seeds a desk and serves it can look at forecasts, and at what administrators see, at once", async () => {
  await using file = await temporaryStorePath();
  const told = await seed(file.path);
  const administrator = /: (\S+@\S+), with the password (\S+), which is shown/.exec(told);
  const supervisor = /supervisor (\S+@\S+)/.exec(told);
  const password = /with the password "(.*)"/.exec(told)?.[1];
  await using server = await startServer(file.path);
  const look = async (email?: string, password?: string, path = ""): Promise<number> => {
    const login = await fetch(`${server.url}/api/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    const { token } = await login.json();
    const headers = { Authorization: `Bearer ${token}` };
    const { status, body } = await fetch(`${server.url}${path}`, { headers });
    await body?.cancel();
    return status;
  };
  assert.equal(await look(supervisor?.[1], password, "/api/workload/predictions"), 200);
  assert.equal(await look(administrator?.[1], administrator?.[2], "/api/classification"), 200);
  assert.equal(await server.stop(), 0);
  assert.equal(await seed(file.path), "The demonstration desk is there already.\n");
});
