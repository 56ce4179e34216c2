/** Sends a signal to a process that may have ended by itself. */
export function signal(child: Deno.ChildProcess, which: Deno.Signal): void {
  try {
    child.kill(which);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
