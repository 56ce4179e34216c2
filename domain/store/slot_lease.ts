import { type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import type { Check } from "./draft.ts";
import { keys } from "./keys.ts";
import type { KvKey } from "./open.ts";
import type { Fence, Store } from "./store.ts";

/**
 * Who does the work of a slot of time, or did it last. It stays for good, so that everybody knows
 * which slot has been done; there are as many as there are jobs.
 */
export interface SlotLease {
  /** Named anew with each taking. */
  readonly holder: string;
  /** One more with each taking. */
  readonly token: number;
  /** The slot that it was taken for, counted from the epoch. */
  readonly slot: number;
  readonly expiresAt: Instant;
  /** Whether its holder came to the end of the work. */
  readonly done: boolean;
}

export interface SlotTerms {
  /** Nobody waits longer than this for one who died. */
  readonly forMs: number;
  /** With less left than this it is renewed. */
  readonly leftMs: number;
}

/** Why a lease was not taken: the slot's work is done, or somebody is at it. */
export type NotTaken =
  | { readonly why: "done" }
  | { readonly why: "held"; readonly until: Instant };

/** Somebody else wrote so often just then, or the file was locked. */
const TRIES_MAX = 5;
/** A clock may be so far ahead; what one says that is further ahead keeps nobody from anything. */
const SLOTS_AHEAD_MAX = 1;
/** Of a lease that nobody has ever taken for a slot. */
const NO_SLOT = -1;

const LOST = refuse("unavailable", "Its lease ended, and another has begun.");
const OVER = refuse("unavailable", "Its lease was given back.");
const GIVEN_UP = refuse("unavailable", "It was told to stop.");

/**
 * Takes the lease of this name for a slot, unless the work of this slot is done or somebody is at
 * work who has not died. Slot null asks for no slot: for work that is due whatever was done. Two
 * processes whose clocks differ by less than a slot agree on what was done; who died, and whose
 * clock was far off, holds nobody up for longer than two leases. One read, and one write to take it.
 */
export async function takeSlot(
  store: Store,
  name: string,
  slot: number | null,
  terms: SlotTerms,
): Promise<HeldSlot | NotTaken> {
  const key = keys.lease(name);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { value, versionstamp } = await store.reader.get<SlotLease>(key);
    const now = store.now();
    const inTheWay = value === null ? null : hindrance(value, slot, now, terms);
    if (inTheWay !== null) return inTheWay;
    const lease: SlotLease = {
      holder: store.newId(),
      token: (value?.token ?? 0) + 1,
      slot: slot ?? value?.slot ?? NO_SLOT,
      expiresAt: now + terms.forMs,
      done: false,
    };
    const taken = await write(store, { key, versionstamp }, lease);
    if (taken !== null) return new HeldSlot(store, { key, versionstamp: taken }, lease, terms);
  }
  return { why: "held", until: store.now() + SECOND_MS };
}

function hindrance(
  lease: SlotLease,
  slot: number | null,
  now: Instant,
  { forMs }: SlotTerms,
): NotTaken | null {
  const { expiresAt } = lease;
  if (lease.done) {
    const isDone = slot !== null && slot <= lease.slot && lease.slot <= slot + SLOTS_AHEAD_MAX;
    return isDone ? { why: "done" } : null;
  }
  const isHeld = expiresAt > now && expiresAt <= now + 2 * forMs;
  return isHeld ? { why: "held", until: expiresAt } : null;
}

/** Its version, or null when something else stood there. */
function write(store: Store, check: Check, lease: SlotLease): Promise<string | null> {
  const mutation = { kind: "set", key: check.key, value: lease } as const;
  return store.committer.submit({ checks: [check], mutations: [mutation], events: [] });
}

/** A lease that was taken, as the fence of what is done under it. */
export class HeldSlot implements Fence {
  readonly #store: Store;
  readonly #key: KvKey;
  readonly #terms: SlotTerms;
  #versionstamp: string;
  #lease: SlotLease;
  #refusal: Refusal | null = null;
  #renewal: Promise<void> | null = null;

  constructor(
    store: Store,
    at: { readonly key: KvKey; readonly versionstamp: string },
    lease: SlotLease,
    terms: SlotTerms,
  ) {
    [this.#store, this.#lease, this.#terms] = [store, lease, terms];
    [this.#key, this.#versionstamp] = [at.key, at.versionstamp];
  }

  get token(): number {
    return this.#lease.token;
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** With the version that its last renewal gave it: what runs at once shares the check. */
  async check(): Promise<Check> {
    await this.keep();
    return { key: this.#key, versionstamp: this.#versionstamp };
  }

  /**
   * Renews it where little of it is left: one write, for all who ask at once. What nobody has taken
   * meanwhile may be renewed after its end too.
   */
  async keep(): Promise<void> {
    if (this.#refusal !== null) return;
    const leftMs = this.#lease.expiresAt - this.#store.now();
    if (this.#renewal === null && leftMs < this.#terms.leftMs) {
      this.#renewal = this.#renew().finally(() => this.#renewal = null);
    }
    await this.#renewal;
  }

  async review(): Promise<void> {
    const { value, versionstamp } = await this.#store.reader.get<SlotLease>(this.#key);
    const { holder, token } = this.#lease;
    if (value === null || value.holder !== holder || value.token !== token) {
      this.#refusal = LOST;
    } else if (versionstamp !== null && versionstamp > this.#versionstamp) {
      // Written by a renewal of whose end nobody heard.
      [this.#lease, this.#versionstamp] = [value, versionstamp];
    }
  }

  /** From now on nothing is committed under it; the work is left to whoever takes it next. */
  giveUp(): void {
    this.#refusal ??= GIVEN_UP;
  }

  /**
   * Gives it back, as done where nothing has kept its holder from the end: the next taker need not
   * wait. What its holder has left running commits nothing any more.
   */
  async end(): Promise<void> {
    await this.#renewal?.catch(() => null);
    const done = this.#refusal === null;
    for (let tries = 0; tries < TRIES_MAX && this.#refusal !== LOST; tries++) {
      const lease = { ...this.#lease, done, expiresAt: this.#store.now() };
      this.#refusal ??= OVER;
      const check = { key: this.#key, versionstamp: this.#versionstamp };
      if (await write(this.#store, check, lease) !== null) break;
      await this.review();
    }
  }

  async #renew(): Promise<void> {
    const lease = { ...this.#lease, expiresAt: this.#store.now() + this.#terms.forMs };
    const check = { key: this.#key, versionstamp: this.#versionstamp };
    const versionstamp = await write(this.#store, check, lease);
    if (versionstamp === null) await this.review();
    else [this.#lease, this.#versionstamp] = [lease, versionstamp];
  }
}
