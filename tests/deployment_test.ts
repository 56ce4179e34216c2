import assert from "node:assert/strict";
import { parseConfig } from "../domain/config.ts";
import { CONFIG_NAMES } from "../domain/environment.ts";

const ROOT = new URL("../", import.meta.url);
const read = (path: string): Promise<string> => Deno.readTextFile(new URL(path, ROOT));

const dockerfile = await read("Dockerfile");
const compose = await read("compose.yaml");
const { tasks, deploy } = JSON.parse(await read("deno.json"));

/** What `deno task start` runs, of which the shell makes the path of the data. */
const START: string[] = tasks.start.command
  .replaceAll(`"$(deno eval -p "Deno.env.get('KV_PATH') || '.data'")"`, "/data").split(" ");

Deno.test("the image serves as `deno task start` does, with the same permissions", () => {
  const [run] = /^CMD (\[.*\])$/m.exec(dockerfile)?.slice(1) ?? [];
  assert.ok(run !== undefined, "CMD stands in its exec form, so that signals reach the process");
  const command: string[] = JSON.parse(run);
  const ours = command.filter((word) => !["--cached-only", "--no-prompt"].includes(word));
  assert.deepEqual(ours, START);
});

Deno.test("the image has the version of Deno that is tested, and does not serve as root", async () => {
  const tested = /^version=(\S+)$/m.exec(await read(".ci/run"))?.[1];
  assert.deepEqual(dockerfile.match(/^FROM .*$/gm), [`FROM denoland/deno:${tested}`]);
  const user = dockerfile.lastIndexOf("\nUSER deno\n");
  assert.ok(user > 0 && user < dockerfile.indexOf("\nCMD "));
});

Deno.test("the image is given all that main.ts imports, and no tests", async () => {
  const given = (await read(".dockerignore")).match(/^!.*$/gm)?.map((line) => line.slice(1)) ?? [];
  const copied = [...dockerfile.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, from = ""]) =>
    from.split(" ")
  );
  assert.deepEqual(copied.sort(), given.sort());
  const used = ["deno.json", "deno.lock", "main.ts", "domain", "jobs", "routes"];
  assert.deepEqual(given, used.sort());
});

Deno.test("Deno Deploy runs the same command", () => {
  const { install, runtime } = deploy;
  assert.ok(dockerfile.includes(`RUN ${install} `));
  assert.deepEqual([runtime.entrypoint, ...runtime.args], START.slice(-2));
});

Deno.test("compose sets nothing that the desk does not know, and the proxy counts as one", () => {
  const [block = ""] = /^x-desk:[\s\S]*?^\S/m.exec(compose.slice(compose.indexOf("x-desk:"))) ?? [];
  const [environment = ""] = / {2}environment:\n((?: {4}.*\n)+)/.exec(block)?.slice(1) ?? [];
  const set = new Map(
    [...environment.matchAll(/^ {4}(\w+): (.*)$/gm)].map((
      [, name = "", value = ""],
    ) => [name, value]),
  );
  const known = [...CONFIG_NAMES, "DENO_KV_ACCESS_TOKEN"];
  for (const name of set.keys()) assert.ok(known.some((each) => each === name), name);
  assert.equal(set.get("TRUST_PROXY"), '"1"');
  assert.equal(set.get("KV_PATH"), "http://kv:4512");
});

Deno.test("the proxy and the health check look for the desk where it listens", () => {
  const config = parseConfig({});
  assert.ok("port" in config);
  const processes = [...compose.matchAll(/^ {2}(desk-\d): \*desk$/gm)].map(([, name]) => name);
  assert.equal(processes.length, 2);
  const upstreams = /reverse_proxy (.*) \{/.exec(compose)?.[1];
  assert.equal(upstreams, processes.map((name) => `${name}:${config.port}`).join(" "));
  assert.ok(dockerfile.includes(`\nEXPOSE ${config.port}\n`));
  assert.ok(dockerfile.includes(`|| ${config.port}}/health`));
});
