import { isRefusal } from "../../domain/rules/refusal.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { read } from "../../domain/store/store.ts";
import type { TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import type { Cast } from "./cast.ts";
import type { Chance } from "./chance.ts";
import { carryOut, enact, open } from "./deeds.ts";
import type { EdictEntry, Opening, TicketDiary } from "./diary.ts";
import { Jobs } from "./jobs.ts";
import { noting, type NotingDesk } from "./noting.ts";
import { nextEdict } from "./office.ts";
import { Plan } from "./plan.ts";
import { anyKind, edgeOf, nextDeed, nextMoment } from "./story.ts";

/** So often a ticket is dealt with at most; then everybody forgets it. */
const DEEDS_MAX = 25;
/** Somebody deals with one of the latest so many while the book is edited. */
const LATEST = 50;

/** A desk under way, and what has been noted of it so far. */
export class Run {
  readonly plan = new Plan();
  readonly tickets: TicketDiary[] = [];
  readonly edicts: EdictEntry[] = [];
  refused = 0;
  #places = 0;
  readonly #openings = new Map<string, Opening>();
  readonly #jobs: Jobs;

  constructor(readonly desk: TestDesk, readonly cast: Cast, readonly chance: Chance) {
    this.#jobs = new Jobs(desk.desk, desk.clock, chance);
  }

  /** What is planned and what the desk does by itself, in the order of time, up to an instant. */
  async live(until: Instant): Promise<void> {
    const { clock } = this.desk;
    for (;;) {
      const planned = this.plan.nextAt();
      const job = await this.#jobs.nextAt();
      const at = Math.min(planned, job);
      if (at > until) break;
      clock.advance(Math.max(0, at - clock.now()));
      if (job < planned) await this.#jobs.run();
      else await this.plan.next();
    }
    clock.advance(until - clock.now());
    await this.#jobs.finish();
  }

  async open(): Promise<void> {
    const { chance, cast } = this;
    const requester = chance.percent(90) ? chance.pick(cast.customers) : chance.pick(cast.agents);
    const kind = anyKind(chance);
    const opened = await open(this.desk.desk, cast.actorOf(requester), kind);
    if (isRefusal(opened)) throw new Error(`Cannot open a ticket: ${opened.detail}`);
    const openedAt = this.desk.clock.now();
    const { id } = opened;
    const diary = { id, place: this.#places++, openedAt, requester, kind, entries: [] };
    this.tickets.push(diary);
    this.#planDeed(diary, nextMoment(chance, opened, openedAt), DEEDS_MAX);
  }

  /** An administrator edits the book, sometimes while somebody goes by it. */
  async enact(): Promise<void> {
    const { chance } = this;
    const latest = this.tickets.slice(-LATEST);
    const isWatched = latest.length > 0 && chance.percent(30);
    const doing = isWatched ? this.#act(chance.pick(latest), 0) : null;
    const at = this.desk.clock.now();
    const { desk, place } = this.#noting();
    const edict = nextEdict(chance, this.#openings, at);
    // While one is on its way another would wait for it, and so would time that stands still.
    const isFree = !(await desk.book.latest()).applying;
    const hasChanged = isFree && await enact(desk, edict);
    this.#jobs.expectIntents();
    const committed = place();
    if (!hasChanged || committed === null) this.refused += 1;
    else {
      this.edicts.push({ place: committed, at, edict });
      if (edict.verb === "calendar") this.#openings.set(edict.id, edict.opening);
      else if (edict.verb === "close_calendar") this.#openings.delete(edict.id);
    }
    await doing;
  }

  /** Nothing is swept until an instant, nor for some time after it. */
  rest(until: Instant): void {
    this.#jobs.rest(until);
  }

  #planDeed(diary: TicketDiary, at: Instant, left: number): void {
    if (left > 0) this.plan.add(at, () => this.#act(diary, left));
  }

  /** Somebody does something, alone or not; then somebody sees to when the next thing is done. */
  async #act(diary: TicketDiary, left: number): Promise<void> {
    const { chance } = this;
    const before = await this.#ticketOf(diary);
    const doing = [this.#do(diary, before)];
    if (chance.percent(4)) doing.push(this.#do(diary, before));
    if (chance.percent(3)) doing.push(this.#jobs.sweep());
    await Promise.all(doing);
    const after = await this.#ticketOf(diary);
    const now = this.desk.clock.now();
    // Sometimes the book is edited just as something is due.
    const edge = Math.max(now, edgeOf(chance, after) ?? now);
    if (chance.percent(0.3)) this.plan.add(edge, () => this.enact());
    const isOver = after.status === "closed" && chance.percent(60);
    if (!isOver) this.#planDeed(diary, nextMoment(chance, after, now), left - 1);
  }

  /** One person does one thing; what is granted is noted in its place. */
  async #do(diary: TicketDiary, ticket: Ticket): Promise<void> {
    const { cast, chance } = this;
    const { by, deed } = nextDeed(chance, cast, ticket, diary.requester);
    const at = this.desk.clock.now();
    const { desk, place } = this.#noting();
    const dies = chance.percent(1);
    try {
      const outcome = await carryOut(
        dies ? dyingAfter(desk, 0) : desk,
        cast.actorOf(by),
        diary.id,
        deed,
      );
      const committed = place();
      if (isRefusal(outcome)) this.refused += 1;
      // What was so already is no deed.
      else if (committed !== null) diary.entries.push({ place: committed, at, by, deed });
    } catch (error) {
      if (!dies) throw error;
    }
  }

  async #ticketOf({ id }: TicketDiary): Promise<Ticket> {
    const ticket = await read(this.desk.desk.store, tickets, keys.ticket(id));
    if (ticket === null) throw new Error(`Cannot find ticket ${id}`);
    return ticket;
  }

  #noting(): NotingDesk {
    return noting(this.desk.desk, () => this.#places++);
  }
}
