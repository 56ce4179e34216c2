import type { Actor } from "../rules/actor.ts";
import { parseSkill, SKILL_LEVEL_REQUIRED_DEFAULT } from "../rules/skill.ts";
import type { Status, Ticket } from "../rules/ticket.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/store.ts";
import { addComment } from "./comments.ts";
import type { Desk } from "./desk.ts";
import { rateTicket } from "./ratings.ts";
import { processQueue } from "./routing.ts";
import { type Course, TICKETS } from "./seed_course.ts";
import {
  ANSWERS,
  CLOSINGS,
  NOTES,
  QUESTIONS,
  REPLIES,
  type Request,
  SETBACKS,
} from "./seed_data.ts";
import { type Diary, expected } from "./seed_diary.ts";
import { changeStatus } from "./ticket_changes.ts";
import { openTicket } from "./tickets.ts";

/** In minutes: what an agent does in a row, and how soon a second attempt succeeds. */
const BEGINS_AFTER = 5;
const NOTES_AFTER = 10;
const ASKS_AFTER = 20;
const ESCALATES_AFTER = 40;
const RESOLVES_AFTER_MIN = 60;
const LOOKS_AGAIN_AFTER = 25;
const RESOLVES_AGAIN_AFTER = 140;

export interface People {
  readonly customers: readonly Actor[];
  readonly agents: ReadonlyMap<string, Actor>;
  readonly supervisor: Actor;
}

/** Who works where, and what is to happen there. */
interface World {
  readonly desk: Desk;
  readonly people: People;
  readonly diary: Diary;
}

/** A ticket, and who is concerned. */
interface Case extends World {
  readonly id: string;
  readonly customer: Actor;
  readonly course: Course;
}

/** A customer opens a ticket, the router places it, and what follows is put into the diary. */
export async function requestHelp(world: World, course: Course): Promise<void> {
  const { desk, people } = world;
  const { request, index, answeredAfter, resolvedAfter } = course;
  // The same customers come more than once, and not in turn.
  const customer = pick(people.customers, index * 7 + Math.floor(index / 9));
  const { id, sla, createdAt } = expected(await openTicket(desk, customer, inputOf(request)));
  await processQueue(desk, { limit: TICKETS, dryRun: false });
  if (answeredAfter === null) return;
  const its: Case = { ...world, id, customer, course };
  const promised = (share: number, minutes: number): Instant =>
    Math.round(createdAt + share * minutes * MINUTE_MS);
  const answeredAt = promised(answeredAfter, sla.response.targetMinutes);
  const waitedMs = planAnswer(its, answeredAt);
  // Some customers never come back.
  if (resolvedAfter === null || waitedMs === null) return;
  const resolvedAt = promised(resolvedAfter, sla.resolution.targetMinutes);
  const soonest = answeredAt + RESOLVES_AFTER_MIN * MINUTE_MS;
  planEnd(its, Math.max(resolvedAt, soonest) + waitedMs);
}

/** An agent answers, and perhaps asks; for how long it then waits, null for ever. */
function planAnswer(its: Case, at: Instant): number | null {
  const { course: { index, question, isNoted, isEscalated } } = its;
  const plan = planner(its, at);
  plan(0, () => reply(its, pick(REPLIES, index)));
  plan(BEGINS_AFTER, () => move(its, "in-progress"));
  if (isNoted) plan(NOTES_AFTER, () => note(its, pick(NOTES, index)));
  if (isEscalated) plan(ESCALATES_AFTER, () => move(its, "escalated"));
  if (question === null) return 0;
  plan(ASKS_AFTER, () => reply(its, pick(QUESTIONS, index)));
  plan(ASKS_AFTER + 1, () => move(its, "pending"));
  const { answeredAfterMinutes } = question;
  if (answeredAfterMinutes === null) return null;
  plan(ASKS_AFTER + answeredAfterMinutes, () => say(its, its.customer, pick(ANSWERS, index)));
  return answeredAfterMinutes * MINUTE_MS;
}

/** An agent resolves the ticket, if need be twice, and the customer says what it thinks of that. */
function planEnd(its: Case, at: Instant): void {
  const { course: { index, backAfterMinutes, rating, closedAfterDays } } = its;
  resolve(its, at, index);
  let resolvedAt = at;
  if (backAfterMinutes !== null) {
    const plan = planner(its, at + backAfterMinutes * MINUTE_MS);
    plan(0, () => say(its, its.customer, pick(SETBACKS, index)));
    plan(LOOKS_AGAIN_AFTER, () => reply(its, pick(REPLIES, index + 1)));
    resolvedAt = at + (backAfterMinutes + RESOLVES_AGAIN_AFTER) * MINUTE_MS;
    resolve(its, resolvedAt, index + 1);
  }
  if (rating !== null) planner(its, resolvedAt)(rating.afterMinutes, () => rate(its, rating));
  if (closedAfterDays === null) return;
  its.diary.add(resolvedAt + closedAfterDays * DAY_MS, () => move(its, "closed"));
}

function resolve(its: Case, at: Instant, index: number): void {
  const plan = planner(its, at);
  plan(0, () => reply(its, pick(CLOSINGS, index)));
  plan(1, () => move(its, "resolved"));
}

/** Puts into the diary what happens so many minutes after an instant. */
function planner(
  { diary }: Case,
  at: Instant,
): (minutes: number, happen: () => Promise<void>) => void {
  return (minutes, happen) => diary.add(at + minutes * MINUTE_MS, happen);
}

function inputOf(request: Request): Parameters<typeof openTicket>[2] {
  const { title, description, priority, category, department, skills, hours } = request;
  const requiredSkills = skills.map((skill) => parseSkill(skill, SKILL_LEVEL_REQUIRED_DEFAULT));
  const estimatedHours = hours;
  const ticket = { title, description, priority, category, department, requiredSkills };
  return { ...ticket, tags: [category], dueDate: null, estimatedHours };
}

/** Does something as the agent who has the ticket; nothing when nobody has it. */
async function asAssignee(
  { desk, people, id }: Case,
  work: (actor: Actor, ticket: Ticket) => Promise<unknown>,
): Promise<void> {
  const ticket = await read(desk.store, tickets, keys.ticket(id));
  const actor = people.agents.get(ticket?.assignee?.agentId ?? "");
  if (ticket !== null && actor !== undefined) await work(actor, ticket);
}

function reply(its: Case, body: string): Promise<void> {
  return asAssignee(its, (actor) => say(its, actor, body));
}

function note(its: Case, body: string): Promise<void> {
  return asAssignee(its, async (actor) => {
    expected(await addComment(its.desk, actor, its.id, { body, visibility: "internal" }));
  });
}

async function say({ desk, id }: Case, actor: Actor, body: string): Promise<void> {
  expected(await addComment(desk, actor, id, { body, visibility: "public" }));
}

/** A move that the ticket's state does not allow any more is left out, as a person would. */
function move(its: Case, status: Status): Promise<void> {
  return asAssignee(its, async (actor) => {
    await changeStatus(its.desk, actor, its.id, { status });
  });
}

/** What is not resolved, as nobody had taken it, cannot be rated. */
async function rate(
  { desk, customer, id }: Case,
  { score, comment }: NonNullable<Course["rating"]>,
): Promise<void> {
  await rateTicket(desk, customer, id, { score, comment });
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("Cannot pick from nothing");
  return item;
}
