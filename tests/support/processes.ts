import assert from "node:assert/strict";
import type { Instant } from "../../domain/rules/time.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { type Connections, openConnections } from "../../domain/store/open.ts";
import { makeStore, type Sources, type Store } from "../../domain/store/store.ts";
import { runJobInTurn, type ScheduledJob } from "../../jobs/job.ts";
import { testConfig } from "./desk.ts";
import { countedSources, fakeClock } from "./time.ts";

/** One of several processes, with a clock that differs from the others'. */
export interface Process {
  readonly name: string;
  readonly desk: Desk;
  /** By how much its clock is ahead; it may be put right. */
  skewMs: number;
  /** One that is not commits nothing until it is awake again. */
  isAwake: boolean;
}

interface Stuck {
  readonly process: Process;
  readonly isTick: boolean;
  readonly end: (error?: Error) => void;
}

/** Several processes on one store, in one time that passes as it is told. */
export class Town implements AsyncDisposable {
  readonly processes: Process[] = [];
  readonly store: Store;
  readonly #clock = fakeClock();
  readonly #sources: Sources = countedSources(this.#clock);
  readonly #stopping = new AbortController();
  readonly #ticks = new Set<Promise<void>>();
  /** Ticks that are neither over, nor asleep, nor stuck. */
  #busy = 0;
  #sleepers: { readonly at: Instant; readonly wake: () => void }[] = [];
  #stuck: Stuck[] = [];

  private constructor(connections: Connections) {
    this.store = makeStore(connections, this.#sources);
  }

  static async found(names: readonly string[]): Promise<Town> {
    const connections = await openConnections(":memory:");
    const town = new Town(connections);
    for (const name of names) town.processes.push(await town.#begin(name, connections));
    return town;
  }

  get now(): Instant {
    return this.#clock.now();
  }

  /** Lets a process have a tick of each job, and everybody do what can be done at this instant. */
  async tick(process: Process, jobs: readonly ScheduledJob[]): Promise<void> {
    const pause = (milliseconds: number): Promise<void> => this.#sleep(milliseconds);
    const patience = { pause, signal: this.#stopping.signal };
    for (const job of jobs) {
      this.#busy += 1;
      const tick = runJobInTurn(job, process.desk, patience).finally(() => {
        this.#busy -= 1;
        this.#ticks.delete(tick);
      });
      this.#ticks.add(tick);
    }
    await this.#rest();
  }

  /** Time passes up to an instant; who waits for one on the way goes on then. */
  async goTo(until: Instant): Promise<void> {
    while (true) {
      const [next] = this.#sleepers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#clock.advance(Math.max(0, next.at - this.now));
      this.#busy += 1;
      next.wake();
      await this.#rest();
    }
    this.#clock.advance(Math.max(0, until - this.now));
  }

  /** What a tick of this process waits for that is stopped, or dies, at this point. */
  stick(process: Process): Promise<void> {
    this.#busy -= 1;
    return this.#stick(process, true);
  }

  async wake(process: Process): Promise<void> {
    process.isAwake = true;
    this.#release((stuck) => stuck.process === process);
    await this.#rest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#busy += this.#sleepers.length;
    for (const { wake } of this.#sleepers.splice(0)) wake();
    for (const process of this.processes) process.isAwake = true;
    this.#release(() => true, new Error("The process died"));
    await Promise.all(this.#ticks);
    this.store.close();
  }

  async #begin(name: string, connections: Connections): Promise<Process> {
    const now = (): Instant => this.now + process.skewMs;
    const store = makeStore(connections, { now, newId: this.#sources.newId });
    const { committer } = store;
    const submit: typeof committer.submit = async (draft) => {
      if (!process.isAwake) await this.#stick(process, false);
      return await committer.submit(draft);
    };
    const halting = { ...store, committer: { ...committer, submit } };
    const process = { name, skewMs: 0, isAwake: true } as {
      -readonly [K in keyof Process]: Process[K];
    };
    process.desk = await makeDesk(halting, testConfig(), makePasswords(4));
    return process;
  }

  #sleep(milliseconds: number): Promise<void> {
    this.#busy -= 1;
    return new Promise((wake) => this.#sleepers.push({ at: this.now + milliseconds, wake }));
  }

  #stick(process: Process, isTick: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => error === undefined ? resolve() : reject(error);
      this.#stuck.push({ process, isTick, end });
    });
  }

  #release(which: (stuck: Stuck) => boolean, error?: Error): void {
    const released = this.#stuck.filter(which);
    this.#stuck = this.#stuck.filter((stuck) => !which(stuck));
    this.#busy += released.filter(({ isTick }) => isTick).length;
    for (const { end } of released) end(error);
  }

  /** Waits until nothing more is done at this instant. */
  async #rest(): Promise<void> {
    for (let turn = 0; this.#busy > 0; turn++) {
      assert.ok(turn < 100_000, "It does not come to rest");
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
}
