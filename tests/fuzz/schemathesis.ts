/** The tool is written in Python; this is the version that the rules below were tried with. */
const PACKAGE = "schemathesis==4.32.5";

export interface Fuzzer {
  run(pass: Pass): Promise<Outcome>;
}

/** One run of the tool over the whole document. */
export interface Pass {
  readonly url: string;
  /** Null for somebody who has not logged in. */
  readonly token: string | null;
  readonly options: readonly string[];
  /** The tool's configuration, as TOML. */
  readonly settings: string;
}

export interface Outcome {
  readonly cases: number;
  readonly passed: boolean;
  readonly output: string;
}

/** A pass that takes longer is ended, and has failed. */
const PASS_WITHIN_MS = 15 * 60_000;

/**
 * Makes the tool ready in a folder of its own below the user's cache. Null where there is no Python
 * that could run it.
 */
export async function findFuzzer(): Promise<Fuzzer | null> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? ""}/.cache`;
  const folder = `${cache}/smart-ticketing/${PACKAGE.replace("==", "-")}`;
  const tool = `${folder}/bin/schemathesis`;
  if (!await works(tool, "--version")) {
    if (!await works("python3", "-m", "venv", folder)) return null;
    if (!await works(`${folder}/bin/pip`, "install", "--quiet", PACKAGE)) return null;
  }
  return { run: (pass) => run(tool, pass) };
}

async function works(command: string, ...args: string[]): Promise<boolean> {
  try {
    const quiet = { stdin: "null", stdout: "null", stderr: "inherit" } as const;
    return (await new Deno.Command(command, { args, ...quiet }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(tool: string, { url, token, options, settings }: Pass): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "fuzz-" });
  try {
    const settingsFile = `${folder}/schemathesis.toml`;
    await Deno.writeTextFile(settingsFile, settings);
    const { success, stdout, stderr } = await new Deno.Command(tool, {
      args: [
        `--config-file=${settingsFile}`,
        "--no-color",
        "run",
        `${url}/openapi.json`,
        ...(token === null ? [] : ["--header", `Authorization: Bearer ${token}`]),
        ...options,
      ],
      // It keeps its database of examples where it stands.
      cwd: folder,
      stdin: "null",
      signal: AbortSignal.timeout(PASS_WITHIN_MS),
    }).output();
    const decoder = new TextDecoder();
    const output = decoder.decode(stdout) + decoder.decode(stderr);
    const cases = Number(/Test cases:\s*\n?\s*([\d,]+) generated/.exec(output)?.[1] ?? 0);
    return { cases, passed: success, output };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
