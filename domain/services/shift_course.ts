import type { Agent, AgentShifts } from "../rules/agent.ts";
import {
  compareStart,
  countShift,
  earliest,
  shiftCounts,
  shownShift,
} from "../rules/agent_shifts.ts";
import { type Shift, SHIFT_MAX_MS, SHIFT_MIN_MS } from "../rules/shift.ts";
import { advanceShifts, nextEdge, nextShiftInstant } from "../rules/shift_advance.ts";
import { finish, type ShiftHappening } from "../rules/shift_edges.ts";
import { OVERTIME_WITHIN_MS, STARTED_EARLY_MAX_MS } from "../rules/shift_verbs.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { agents } from "../store/kinds.ts";
import { shifts } from "../store/shift_kinds.ts";
import type { Transaction } from "../store/transact.ts";
import { followDeparture } from "./departure.ts";
import type { Desk } from "./desk.ts";
import { type Ahead, dueShifts, lastShifts, shiftsAhead, shiftsStarting } from "./shift_lists.ts";
import { tellShift } from "./shift_messages.ts";

/** Who ended its shift within this time before may go on with it: no shift is longer than a day. */
const ENDED_WITHIN_MS = OVERTIME_WITHIN_MS + SHIFT_MAX_MS;
/** Some of a minute each. */
const ENDED_READ_MAX = (ENDED_WITHIN_MS + STARTED_EARLY_MAX_MS) / SHIFT_MIN_MS;

/** What they tell is to fit into one entry of the feed. */
const HAPPENINGS_AT_ONCE = 50;

/**
 * What one transaction makes of an agent and of those of its shifts that it has to do with. Whoever
 * changes a shift writes its agent too: of two that change an agent's shifts at once one is tried
 * again, and what is read without a check is as good as read with one.
 */
export class ShiftCourse {
  /** The agent as it is by now. */
  agent: Agent;
  /** The instant of the transaction. */
  readonly at: Instant;
  readonly #desk: Desk;
  readonly #tx: Transaction;
  readonly #found: Agent;
  readonly #read = new Map<string, Shift>();
  readonly #changed = new Map<string, Shift>();
  readonly #happened: ShiftHappening[] = [];

  /** `agent` is the record that this transaction has read. */
  constructor(desk: Desk, tx: Transaction, agent: Agent) {
    this.#desk = desk;
    this.#tx = tx;
    this.#found = this.agent = agent;
    this.at = desk.store.now();
  }

  /** How many things have happened. */
  get count(): number {
    return this.#happened.length;
  }

  /** Whether the agent is at work, away, on shift or on a break otherwise than it was. */
  get hasMoved(): boolean {
    const [before, after] = [this.#found, this.agent];
    return before.status !== after.status || before.onBreak !== after.onBreak ||
      before.currentShiftId !== after.currentShiftId;
  }

  /**
   * Lets happen what has become due on at most so many shifts beside the current one: each is a
   * check. False where more is due: it has come as far as can be told without the others.
   */
  async catchUp(shiftsMax: number): Promise<boolean> {
    await this.current();
    if ((this.agent.shifts?.nextAt ?? Infinity) > this.at) return true;
    const due = await dueShifts(this.#desk.store, this.agent.id, this.at, shiftsMax + 2);
    const others = due.filter(({ id }) => !this.#read.has(id));
    for (const { id } of others.slice(0, shiftsMax)) await this.shift(id);
    const unread = others[shiftsMax];
    const until = unread === undefined ? this.at : unread.nextAt - 1;
    const happened = advanceShifts(this.agent, [...this.#read.values()], until);
    // As it is after each of them it may be written.
    this.take(happened.slice(0, HAPPENINGS_AT_ONCE));
    return unread === undefined && happened.length <= HAPPENINGS_AT_ONCE;
  }

  /** The shift in progress ends now, as its agent is leaving for good. */
  async endCurrent(): Promise<void> {
    const current = await this.current();
    if (current === null) return;
    this.take(advanceShifts(this.agent, [current], this.at));
    const shift = await this.current();
    if (shift !== null) this.take(finish({ shift, agent: this.agent }, this.at));
  }

  /** The shift in progress, as it is by now. */
  async current(): Promise<Shift | null> {
    const { currentShiftId } = this.agent;
    return currentShiftId === undefined ? null : await this.shift(currentShiftId);
  }

  /** A shift as it is by now, read with a check; null where the agent has none of this id. */
  async shift(id: string): Promise<Shift | null> {
    const known = this.known(id);
    if (known !== null) return known;
    const shift = await this.#tx.get(shifts, keys.shift(id));
    if (shift === null || shift.agentId !== this.agent.id) return null;
    this.#read.set(id, shift);
    return shift;
  }

  /** The same of a shift that was read or made before. */
  known(id: string): Shift | null {
    return this.#changed.get(id) ?? this.#read.get(id) ?? null;
  }

  /** Of the shifts that may go on as overtime the one that ended last, as it is by now. One read. */
  async ended(): Promise<Shift | null> {
    if (this.agent.shifts === undefined) return null;
    // However many are scheduled: one that was started early may have been planned for later.
    const span = { start: this.at - ENDED_WITHIN_MS, end: this.at + STARTED_EARLY_MAX_MS + 1 };
    const rows = await shiftsStarting(this.#desk.store, this.agent.id, span, ENDED_READ_MAX);
    const [last] = rows.map((row) => this.known(row.id) ?? row)
      .filter(({ status }) => status === "completed")
      .toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || compareStart(b, a));
    return last === undefined ? null : await this.shift(last.id);
  }

  /** The scheduled shift that starts first, as it is by now. */
  async next(): Promise<Shift | null> {
    const next = this.#first(await this.#ahead());
    return next === null ? null : await this.shift(next.id);
  }

  /** Takes down what was decided, the agent where nothing happened to a shift, and what follows at once. */
  decide(happened: readonly ShiftHappening[], agent?: Agent): void {
    this.take(happened);
    if (agent !== undefined) this.agent = agent;
    const known = new Map([...this.#read, ...this.#changed]);
    this.take(advanceShifts(this.agent, [...known.values()], this.at, this.at));
  }

  take(happened: readonly ShiftHappening[]): void {
    for (const happening of happened) {
      const shift = { ...happening.shift, updatedAt: this.at };
      this.#changed.set(shift.id, { ...shift, nextAt: nextShiftInstant(shift) });
      this.agent = happening.agent;
      this.#happened.push(happening);
    }
  }

  /** Writes the agent and its shifts, and whom it concerns is told; nothing where nothing changed. */
  async commit(): Promise<void> {
    if (this.agent === this.#found && this.#changed.size === 0) return;
    const [desk, tx] = [this.#desk, this.#tx];
    for (const shift of this.#changed.values()) {
      if (this.#read.has(shift.id)) tx.put(shifts, shift);
      else tx.add(shifts, shift);
    }
    const known = this.#changed.size === 0 ? {} : { shifts: await this.#summary() };
    this.agent = { ...this.agent, ...known, updatedAt: this.at };
    tx.put(agents, this.agent);
    for (const happening of this.#happened) await tellShift(desk, tx, happening);
    await followDeparture(
      desk,
      tx,
      { found: this.#found, left: this.agent, at: this.at },
      this.#happened,
    );
  }

  async #summary(): Promise<AgentShifts> {
    const changed = [...this.#changed.values()];
    const ahead = await this.#ahead();
    const [current, next] = [await this.current(), this.#first(ahead)];
    const shown = current ?? next ?? await this.#last();
    return {
      ...changed.reduce(
        (counts, shift) => countShift(counts, this.#read.get(shift.id) ?? null, shift),
        shiftCounts(this.#found),
      ),
      nextAt: earliest([ahead.nextAt, ...changed.map(({ nextAt }) => nextAt)]),
      edgeAt: earliest([current, next].map((shift) => shift === null ? null : nextEdge(shift))),
      shown: shown === null ? null : shownShift(shown),
    };
  }

  /** Of shifts that are all over the one that was to start last. */
  async #last(): Promise<Shift | null> {
    const changed = [...this.#changed.values()].filter(({ status }) => status !== "cancelled");
    const rows = await lastShifts(this.#desk.store, this.agent.id, this.#changed.size + 1);
    const others = rows.filter(({ id }) => !this.#changed.has(id));
    return [...changed, ...others].toSorted(compareStart).at(-1) ?? null;
  }

  /** What comes next of the shifts that this transaction does not change. */
  #ahead(): Promise<Ahead> {
    const ids = new Set(this.#changed.keys());
    return shiftsAhead(this.#desk.store, this.agent.id, ids);
  }

  #first({ scheduled }: Ahead): Shift | null {
    const changed = [...this.#changed.values()].filter(({ status }) => status === "scheduled");
    const [first] = [...changed, ...(scheduled === null ? [] : [scheduled])].toSorted(compareStart);
    return first ?? null;
  }
}
