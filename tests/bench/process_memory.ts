/** Memory of another process over time. */
export interface WatchedMemory extends Disposable {
  /** Mebibytes that are resident; null where the system does not tell. */
  nowMiB(): number | null;
  /** The highest that was seen since the last reset. */
  highestMiB(): number | null;
  reset(): void;
}

const LOOK_EVERY_MS = 50;
const KIB_A_MIB = 1_024;

export function watchMemory(pid: number): WatchedMemory {
  const nowMiB = (): number | null => {
    const kib = lineOf(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m);
    return kib === null ? null : kib / KIB_A_MIB;
  };
  let highest: number | null = null;
  const look = (): void => {
    const now = nowMiB();
    if (now !== null) highest = Math.max(highest ?? 0, now);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    nowMiB,
    highestMiB: () => highest,
    reset() {
      highest = null;
      look();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** How many files, and so sockets, this process and those it starts may open; null if unknown. */
export function openFilesMax(): number | null {
  return lineOf("/proc/self/limits", /^Max open files\s+(\d+)/m);
}

function lineOf(path: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(Deno.readTextFileSync(path))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    // Another system, or the process has ended.
    return null;
  }
}
