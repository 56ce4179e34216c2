/** Lets all that waits in this process go on, in the midst of what takes it up for long. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
