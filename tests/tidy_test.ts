import assert from "node:assert/strict";
import { CONFIG_NAMES } from "../domain/environment.ts";

/** Who may import whom, by the first folders of a file's path. Whatever is not named here may not. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["domain", "routes", "jobs"],
  "domain/meters.ts": [],
  "domain/logs.ts": ["domain/config.ts"],
  "routes": ["routes", "domain/services", "domain/rules", "domain/config.ts", "domain/meters.ts"],
  "routes/live.ts": ["routes", "domain/services", "domain/rules", "domain/live"],
  "routes/app.ts": ["routes", "domain/services", "domain/live/hub.ts"],
  "jobs": ["jobs", "domain/services", "domain/rules"],
  "domain/config.ts": ["domain/rules", "domain/environment.ts"],
  "domain/environment.ts": [],
  "domain/rules": ["domain/rules"],
  "domain/store": ["domain/store", "domain/rules", "domain/meters.ts"],
  "domain/live": ["domain/live", "domain/store", "domain/rules", "domain/meters.ts"],
  "domain/services": ["domain/services", "domain/store", "domain/rules", "domain/config.ts"],
};

/** Where the platform may be touched; everything else is handed what it needs. */
const TOUCHES_DENO = ["main.ts", "domain/store/open.ts", "routes/live.ts", "jobs/schedule.ts"];

const LINES_MAX = 270;
const TOP_LEVEL = [
  "Dockerfile",
  "LICENSE",
  "README.md",
  "compose.yaml",
  "deno.json",
  "deno.lock",
  "domain",
  "jobs",
  "main.ts",
  "routes",
  "tests",
];
const ROOT = new URL("../", import.meta.url);

interface Source {
  readonly path: string;
  readonly text: string;
}

const sources = [
  { path: "main.ts", text: await Deno.readTextFile(new URL("main.ts", ROOT)) },
  ...await readSources("domain"),
  ...await readSources("routes"),
  ...await readSources("jobs"),
];

Deno.test("a file imports only what its place in the layout allows", () => {
  for (const { path, text } of sources) {
    const allowed = allowedFor(path);
    for (const target of importsOf(path, text)) {
      const fits = allowed.some((prefix) => target === prefix || target.startsWith(`${prefix}/`));
      assert.ok(fits, `${path} imports ${target}`);
    }
  }
});

Deno.test("only routes know the web framework", () => {
  for (const { path, text } of sources) {
    if (path.startsWith("routes/")) continue;
    assert.doesNotMatch(text, /from "(hono|@hono)/, path);
  }
});

Deno.test("only a few named files touch the platform", () => {
  for (const { path, text } of sources) {
    if (!TOUCHES_DENO.includes(path)) assert.doesNotMatch(text, /\bDeno\./, path);
  }
});

Deno.test("rules are pure: they have no clock, no chance, no waiting", () => {
  const impure = /\b(await|async|Date\.now|new Date\(\)|Math\.random|crypto|setTimeout|Promise)\b/;
  for (const { path, text } of sources) {
    if (path.startsWith("domain/rules/")) assert.doesNotMatch(withoutComments(text), impure, path);
  }
});

Deno.test("every task that opens the store may read every name of the configuration", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  // The platform reads this one itself when the store is on another machine.
  const names = [...CONFIG_NAMES, "DENO_KV_ACCESS_TOKEN"].sort();
  for (const task of ["dev", "start", "seed", "doctor", "export", "import"]) {
    const allowed = /--allow-env=(\S+)/.exec(tasks[task].command)?.[1]?.split(",").sort();
    assert.deepEqual(allowed, names, task);
  }
});

Deno.test("a file stays small enough to be read in one go", async () => {
  for (const { path, text } of [...sources, ...await readSources("tests")]) {
    const lines = text.split("\n").length;
    assert.ok(lines <= LINES_MAX, `${path} has ${lines} lines`);
  }
});

Deno.test("nothing stands at the top level but what belongs there", async () => {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(ROOT)) {
    // Dot files are the tools' own; a coverage report comes and goes.
    if (!name.startsWith(".") && name !== "coverage") found.push(name);
  }
  assert.deepEqual(found.sort(), TOP_LEVEL);
});

Deno.test("nothing is left half done in the code", async () => {
  const marks = new RegExp(["TO" + "DO", "FIX" + "ME", "X" + "XX", "test\\.on" + "ly"].join("|"));
  for (const { path, text } of [...sources, ...await readSources("tests")]) {
    assert.doesNotMatch(text, marks, path);
  }
});

/** The law of the longest matching place: a file's own line before its folder's. */
function allowedFor(path: string): readonly string[] {
  const places = Object.keys(MAY_IMPORT).filter((place) =>
    path === place || path.startsWith(`${place}/`)
  );
  const [nearest] = places.sort((a, b) => b.length - a.length);
  assert.ok(nearest !== undefined, `${path} has no place in the layout`);
  return MAY_IMPORT[nearest] ?? [];
}

/** The project's own files that a file imports, as paths from the root. */
function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map(([, specifier = ""]) => {
    const url = new URL(specifier, new URL(path, "file:///"));
    return url.pathname.slice(1);
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

async function readSources(folder: string): Promise<Source[]> {
  const found: Source[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await readSources(path));
    else if (name.endsWith(".ts")) {
      found.push({ path, text: await Deno.readTextFile(new URL(path, ROOT)) });
    }
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}
