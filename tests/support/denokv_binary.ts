/** What the tests start for a store on another machine; the tests that need it are ignored without. */
export interface DenokvBinary {
  readonly path: string;
  /** Null when it is there, else what to do for it to be. */
  readonly whyMissing: string | null;
}

/** Looks for denokv where `DENOKV_BIN` says, on the `PATH`, and where `.ci/run` installs it. */
export function findDenokv(): DenokvBinary {
  const named = Deno.env.get("DENOKV_BIN");
  if (named !== undefined && named !== "") {
    return {
      path: named,
      whyMissing: isFile(named) ? null : `DENOKV_BIN is ${named}: no such file`,
    };
  }
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  const installed = `${cacheFolder()}/smart-ticketing/denokv/bin/denokv`;
  const path = [...folders.map((folder) => `${folder}/denokv`), installed].find(isFile);
  if (path !== undefined) return { path, whyMissing: null };
  return { path: installed, whyMissing: "denokv is not at hand: .ci/run installs it with cargo" };
}

function cacheFolder(): string {
  const named = Deno.env.get("XDG_CACHE_HOME");
  return named === undefined || named === "" ? `${Deno.env.get("HOME") ?? ""}/.cache` : named;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    // A folder on the PATH need not be there, nor be open to everybody.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

// The tasks allow the tests to run it, and nothing else but Deno: they ask here for its place.
if (import.meta.main) {
  Deno.stdout.writeSync(new TextEncoder().encode(findDenokv().path));
}
