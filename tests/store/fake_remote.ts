import type { Kv } from "../../domain/store/open.ts";

/** What becomes of one call to a store on another machine. */
export type Fate =
  | "answered"
  /** It never reaches the store. */
  | "unheard"
  /** It is done, and the answer gets lost. */
  | "lost"
  /** It is done, the answer gets lost, and it is sent again, as the platform does. */
  | "repeated"
  /** Nobody hears of it, and it is done when the store comes back. */
  | "late";

/** A connection of whose calls each has a fate; what is late is done once it is let through. */
export interface FakeRemote {
  readonly kv: Kv;
  /** Lets through what was held up. */
  letThrough(): Promise<void>;
}

/** The commits that go through a connection have these fates, one after the other, then `answered`. */
export function fakeRemote(target: Deno.Kv, fates: Iterable<Fate>): FakeRemote {
  const left = [...fates];
  const held: (() => Promise<unknown>)[] = [];

  async function meet<T>(commit: () => Promise<T>): Promise<T> {
    const fate = left.shift() ?? "answered";
    if (fate === "unheard") throw new Error("connection refused");
    if (fate === "late") {
      held.push(commit);
      throw new Error("connection reset, and sent again later");
    }
    const answer = await commit();
    if (fate === "lost") throw new Error("connection reset");
    return fate === "repeated" ? await commit() : answer;
  }

  const kv = overriding(target, {
    atomic() {
      const atomic = target.atomic();
      const commit = atomic.commit.bind(atomic);
      atomic.commit = () => meet(commit);
      return atomic;
    },
  });
  return {
    kv,
    async letThrough() {
      for (const commit of held.splice(0)) await commit();
    },
  };
}

/** The same connection with some other members. */
export function overriding(target: Deno.Kv, members: Partial<Record<keyof Kv, unknown>>): Kv {
  return new Proxy(target, {
    get(_, name) {
      const own: unknown = Reflect.get(members, name);
      const member: unknown = own ?? Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
