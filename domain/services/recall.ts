import type { Instant } from "../rules/time.ts";

/** A bounded memory of what was read lately; nothing in it is older than its lifetime. */
export interface Recall<T> {
  get(key: string): T | undefined;
  /** How often something was forgotten: taken before a read, it shows `set` what the read missed. */
  forgotten(): number;
  /** Nothing is kept that was read before something was forgotten: it may be just that. */
  set(key: string, value: T, forgottenBefore: number): void;
  forget(key: string): void;
  /** Forgets everything that `isStale` says yes to. */
  forgetWhere(isStale: (value: T) => boolean): void;
}

export function makeRecall<T>(
  sizeMax: number,
  lifetimeMs: number,
  now: () => Instant,
): Recall<T> {
  // A Map keeps the order of insertion: its first key is the oldest.
  let forgotten = 0;
  const entries = new Map<string, { readonly value: T; readonly since: Instant }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (now() - entry.since < lifetimeMs) return entry.value;
      entries.delete(key);
      return undefined;
    },
    forgotten: () => forgotten,
    set(key, value, forgottenBefore) {
      if (forgottenBefore !== forgotten) return;
      entries.delete(key);
      entries.set(key, { value, since: now() });
      const oldest = entries.keys().next();
      if (entries.size > sizeMax && oldest.done !== true) entries.delete(oldest.value);
    },
    forget(key) {
      forgotten += 1;
      entries.delete(key);
    },
    forgetWhere(isStale) {
      forgotten += 1;
      for (const [key, { value }] of entries) if (isStale(value)) entries.delete(key);
    },
  };
}
