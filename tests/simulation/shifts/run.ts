import { isRefusal } from "../../../domain/rules/refusal.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import { shiftsStarting } from "../../../domain/services/shift_lists.ts";
import { tickets } from "../../../domain/store/kinds.ts";
import { keys } from "../../../domain/store/keys.ts";
import { read } from "../../../domain/store/store.ts";
import type { TestDesk } from "../../support/desk.ts";
import type { Chance } from "../chance.ts";
import { carryOut as carryOutErrand, open } from "../deeds.ts";
import { noting } from "../noting.ts";
import { Plan } from "../plan.ts";
import type { Cast, Worker } from "./cast.ts";
import { type Attempt, carryOut } from "./deeds.ts";
import type { ShiftEntry } from "./diary.ts";
import { anyKind, nextErrand, nextLook } from "./errands.ts";
import { Jobs, type Turn } from "./jobs.ts";
import { Observer } from "./observer.ts";
import { nextAttempt, nextMoment, type Scene } from "./story.ts";
import { Watch } from "./watch.ts";

/** So often somebody looks at a ticket at most; then everybody forgets it. */
const ERRANDS_MAX = 40;
/** Of a hundred times somebody does something, so often somebody else does at the same instant. */
const AT_ONCE_PERCENT = 7;
const SHIFTS_READ_MAX = 500;

/** What can be done while something else is: each of these is one commit. */
const AT_ONCE: ReadonlySet<Attempt["verb"]> = new Set([
  "schedule",
  "start",
  "end",
  "cancel",
  "add_break",
  "start_break",
  "end_break",
  "cancel_break",
  "status",
  "prefer",
]);

/** A desk under way, and what has been noted of it so far. */
export class Run {
  readonly watch: Watch;
  readonly jobs: Jobs;
  readonly observer: Observer;
  readonly entries = new Map<string, ShiftEntry[]>();
  /** Of two at once that wanted something, one was refused: it has no place. */
  unplaced = 0;
  opened = 0;
  /** When the queue was gone through while somebody changed shifts. */
  readonly besideAt = new Set<Instant>();
  readonly #deeds = new Plan();
  readonly #errands = new Plan();
  readonly #patternIds = new Map<string, string[]>();
  #places = 0;

  constructor(
    readonly test: TestDesk,
    readonly cast: Cast,
    readonly chance: Chance,
    readonly beginsAt: Instant,
    readonly endsAt: Instant,
  ) {
    this.watch = new Watch(test.desk);
    this.watch.look(cast.workers.map(({ agentId }) => agentId));
    this.jobs = new Jobs(this.watch.desk, test.clock, chance);
    const minutes = (endsAt - beginsAt) / MINUTE_MS + 1;
    this.observer = new Observer(this.watch, cast.workers, { beginsAt, minutes });
    for (const worker of cast.workers) {
      this.entries.set(worker.agentId, []);
      for (let count = 0; count < 2; count++) {
        this.#deeds.add(beginsAt + chance.between(0, 60) * MINUTE_MS, () => this.#act(worker));
      }
    }
  }

  /** A ticket is opened at an instant. */
  planTicket(at: Instant): void {
    this.#errands.add(at, () => this.#open());
  }

  /** Lives through the time minute by minute. */
  async live(): Promise<void> {
    for (let at = this.beginsAt; at < this.endsAt; at += MINUTE_MS) {
      this.#goTo(at);
      const turn = this.jobs.nextTurn();
      await this.#deedsOf(at, turn);
      const isOut = this.jobs.isOut;
      await this.observer.look(!isOut && (turn !== "later" || this.chance.percent(50)));
      if (at % HOUR_MS === 0) {
        await this.observer.lookAtTickets(!isOut && turn !== "later");
        await this.jobs.resume();
      }
      this.#planJobs(at, turn);
      await this.#errandsUntil(at + MINUTE_MS);
    }
    this.#goTo(this.endsAt);
    await this.jobs.finish();
    await this.observer.look(true);
    await this.observer.lookAtTickets(true);
  }

  #goTo(at: Instant): void {
    const { clock } = this.test;
    clock.advance(Math.max(0, at - clock.now()));
  }

  /** What people do to shifts in this minute, with the rollover before, beside or behind it. */
  async #deedsOf(at: Instant, turn: Turn): Promise<void> {
    if (turn === "before") await this.jobs.rollOver();
    const beside = turn === "beside" ? this.#besideDeeds(at) : null;
    while (this.#deeds.nextAt() <= at) await this.#deeds.next();
    await beside;
    if (turn === "after") await this.jobs.rollOver();
  }

  async #besideDeeds(at: Instant): Promise<void> {
    if (this.chance.percent(50)) return await this.jobs.rollOver();
    this.besideAt.add(at);
    await Promise.all([this.jobs.rollOver(), this.jobs.route()]);
  }

  #planJobs(at: Instant, turn: Turn): void {
    const { chance, jobs } = this;
    const later = (): Instant => at + chance.between(1, MINUTE_MS - 1);
    if (turn === "later") this.#errands.add(later(), () => jobs.rollOver());
    if (turn !== "out") this.#errands.add(chance.percent(30) ? at : later(), () => jobs.route());
  }

  async #errandsUntil(until: Instant): Promise<void> {
    for (let at = this.#errands.nextAt(); at < until; at = this.#errands.nextAt()) {
      this.#goTo(at);
      await this.#errands.next();
    }
  }

  /** Somebody does something, alone or not; then they see to when the next thing is done. */
  async #act(worker: Worker): Promise<void> {
    const { chance } = this;
    const scene = await this.#sceneOf(worker);
    const attempts = [nextAttempt(chance, scene)];
    if (chance.percent(AT_ONCE_PERCENT)) attempts.push(nextAttempt(chance, scene));
    if (attempts.every(({ verb }) => AT_ONCE.has(verb))) {
      const isAlone = attempts.length === 1;
      await Promise.all(attempts.map((attempt) => this.#do(worker, attempt, isAlone)));
    } else for (const attempt of attempts) await this.#do(worker, attempt, true);
    const at = nextMoment(chance, await this.#sceneOf(worker), this.test.clock.now());
    this.#deeds.add(at, () => this.#act(worker));
  }

  async #do(worker: Worker, attempt: Attempt, isAlone: boolean): Promise<void> {
    const { cast, chance } = this;
    const at = this.test.clock.now();
    const { desk, place } = noting(this.watch.desk, () => this.#places++);
    const isOfUsers = attempt.verb === "deactivate" || attempt.verb === "reactivate";
    const by = isOfUsers ? cast.admin : chance.percent(60) ? worker.who : cast.supervisors[0];
    const actor = cast.actorOf(by ?? cast.admin);
    const { deed, refusal } = await carryOut(desk, actor, worker, attempt);
    const committed = place();
    if (!isAlone && (refusal !== null || committed === null)) {
      this.unplaced += 1;
      return;
    }
    const answer = refusal?.refused ?? "granted";
    this.entries.get(worker.agentId)?.push({
      place: committed ?? this.#places++,
      at,
      by: actor.role === "agent" ? "agent" : "supervisor",
      deed,
      answer,
    });
    if (refusal !== null) return;
    const patterns = this.#patternIds.get(worker.agentId) ?? [];
    if (deed.verb === "recur") this.#patternIds.set(worker.agentId, [...patterns, deed.patternId]);
    if (deed.verb === "stop_recurring") {
      this.#patternIds.set(worker.agentId, patterns.filter((id) => id !== deed.patternId));
    }
  }

  async #sceneOf(worker: Worker): Promise<Scene> {
    const { agentId } = worker;
    const now = this.test.clock.now();
    const agent = (await this.watch.agents()).get(agentId);
    if (agent === undefined) throw new Error(`Cannot find agent ${agentId}`);
    const span = { start: now - 26 * HOUR_MS, end: now + 11 * DAY_MS };
    const { store } = this.watch.desk;
    const shifts = await shiftsStarting(store, agentId, span, SHIFTS_READ_MAX);
    const patternIds = this.#patternIds.get(agentId) ?? [];
    return { worker, agent, shifts, patternIds, now };
  }

  async #open(): Promise<void> {
    const { cast, chance } = this;
    const kind = anyKind(chance);
    const opened = await open(this.watch.desk, cast.actorOf(chance.pick(cast.customers)), kind);
    if (isRefusal(opened)) throw new Error(`Cannot open a ticket: ${opened.detail}`);
    this.opened += 1;
    this.#planErrand(opened.id, ERRANDS_MAX);
  }

  #planErrand(ticketId: string, left: number): void {
    if (left === 0) return;
    const at = nextLook(this.chance, this.test.clock.now());
    this.#errands.add(at, () => this.#runErrand(ticketId, left));
  }

  async #runErrand(ticketId: string, left: number): Promise<void> {
    const { desk } = this.watch;
    const ticket = await read(desk.store, tickets, keys.ticket(ticketId));
    if (ticket === null) throw new Error(`Cannot find ticket ${ticketId}`);
    const agents = await this.watch.agents();
    const isAway = (id: string): boolean => agents.get(id)?.status === "offline";
    const errand = nextErrand(this.chance, this.cast, ticket, isAway);
    if (errand !== null) {
      await carryOutErrand(desk, this.cast.actorOf(errand.by), ticketId, errand.deed);
    }
    // Some are forgotten over their being resolved.
    const isOver = ticket.status === "resolved" && this.chance.percent(60);
    if (!isOver) this.#planErrand(ticketId, left - 1);
  }
}
