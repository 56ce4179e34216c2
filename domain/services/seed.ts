import { v7 } from "uuid";
import type { Actor } from "../rules/actor.ts";
import { parseSkill, SKILL_LEVEL_DEFAULT, SKILL_LEVEL_REQUIRED_DEFAULT } from "../rules/skill.ts";
import type { Status, Ticket } from "../rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { type User } from "../rules/user.ts";
import { tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { editAgent, getAgentOfUser } from "./agents.ts";
import { addComment } from "./comments.ts";
import type { Desk } from "./desk.ts";
import { fanOut } from "./fan_out.ts";
import { openIntents } from "./intents.ts";
import { actorOf } from "./principals.ts";
import { processQueue } from "./routing.ts";
import {
  AGENTS,
  ANSWERS,
  CLOSINGS,
  CUSTOMERS,
  NOTES,
  QUESTIONS,
  REPLIES,
  type Request,
  REQUESTS,
  SHIFTS,
  SUPERVISORS,
  UNANSWERABLE,
} from "./seed_data.ts";
import { Diary, expected } from "./seed_diary.ts";
import { beginning, planShifts } from "./seed_shifts.ts";
import { rollOver } from "./shift_rollover.ts";
import { sweepDue } from "./sla_sweep.ts";
import { changeStatus } from "./ticket_changes.ts";
import { openTicket } from "./tickets.ts";
import { addUser, findByEmail } from "./users.ts";

const PASSWORD = "a demo password";
const DAYS = 30;
const TICKETS = 150;
const CAPACITY = 12;

/**
 * Fills a desk with a month of work, through the same verbs that people use, at the instants at
 * which they would have. Yields what to say about it. A desk that has it already stays as it is.
 */
export async function* seedDesk(desk: Desk): AsyncGenerator<string> {
  const known = await findByEmail(desk, emailOf(SUPERVISORS[0]));
  if (known !== null) {
    yield "The demonstration desk is there already.";
    return;
  }
  const now = desk.store.now();
  const clock = { at: now - DAYS * DAY_MS - HOUR_MS };
  const past: Desk = { ...desk, store: timeTravelling(desk.store, clock) };
  const people = await hire(past);
  const diary = new Diary();
  await planShifts(past, people.supervisor, people.agents.values(), diary);
  for (let index = 0; index < TICKETS; index++) {
    // Denser towards now, so that a desk to look at has work under way.
    const at = now - (1 - index / TICKETS) ** 2 * DAYS * DAY_MS;
    diary.add(at, () => requestHelp(past, people, diary, index));
  }
  // What comes late happens as of its own instant: this desk need not look more often.
  for (let at = clock.at; at < now; at += HOUR_MS) diary.add(at, () => Promise.resolve());
  await diary.live(clock, now, () => letHappen(past));
  for (const id of await openIntents(past, "fan_out")) await fanOut(past, id);
  yield `${CUSTOMERS.length} customers, ${AGENTS.length} agents, ${SUPERVISORS.length} supervisors`;
  yield `${SHIFTS.length} of the agents work in shifts, the others whenever they are online`;
  yield `${TICKETS} tickets of the last ${DAYS} days`;
  yield `Log in with the password "${PASSWORD}" as`;
  yield `  supervisor ${emailOf(SUPERVISORS[0])}`;
  yield `  agent      ${emailOf(AGENTS[0].name)}`;
  yield `  customer   ${emailOf(CUSTOMERS[0])}`;
}

/** What has become due on shifts and promises; who is back at work is given what waits. */
async function letHappen(desk: Desk): Promise<void> {
  const { happened, requeued } = await rollOver(desk);
  await sweepDue(desk);
  if (happened + requeued > 0) await processQueue(desk, { limit: TICKETS, dryRun: false });
}

/** The store as of the clock's instant: ids, too, tell the time that they were made at. */
function timeTravelling(store: Store, clock: { at: Instant }): Store {
  let sequence = 0;
  return { ...store, now: () => clock.at, newId: () => v7({ msecs: clock.at, seq: sequence++ }) };
}

interface People {
  readonly customers: readonly Actor[];
  readonly agents: ReadonlyMap<string, Actor>;
  readonly supervisor: Actor;
}

async function hire(desk: Desk): Promise<People> {
  const passwordHash = expected(await desk.passwords.hash(PASSWORD));
  const join = async (name: string, role: User["role"]): Promise<Actor> => {
    const registration = { name, email: emailOf(name), role };
    const user = expected(
      await transact(desk.store, (tx) => addUser(desk, tx, registration, passwordHash)),
    );
    return actorOf(desk.store, user, { id: "seed" });
  };
  const [supervisor] = await Promise.all(SUPERVISORS.map((name) => join(name, "supervisor")));
  const customers = await Promise.all(CUSTOMERS.map((name) => join(name, "user")));
  if (supervisor === undefined) throw new Error("Cannot seed: there is no supervisor");
  const agents = new Map<string, Actor>();
  for (const { name, department, skills } of AGENTS) {
    const actor = await join(name, "agent");
    const { record: agent } = expected(await getAgentOfUser(desk, actor.userId));
    const levelled = skills.map((skill) => parseSkill(skill, SKILL_LEVEL_DEFAULT));
    const changes = {
      department,
      skills: levelled,
      maxTickets: CAPACITY,
      ...beginning(name),
    };
    expected(await editAgent(desk, supervisor, agent.id, changes));
    agents.set(agent.id, { ...actor, agent: { id: agent.id, department, teams: [] } });
  }
  return { customers, agents, supervisor };
}

/** A customer opens a ticket, the router places it, and what follows is put into the diary. */
async function requestHelp(
  desk: Desk,
  people: People,
  diary: Diary,
  index: number,
): Promise<void> {
  const request = index === TICKETS - 1
    ? UNANSWERABLE
    : pick(REQUESTS, index * 5 + Math.floor(index / 8));
  const customer = pick(people.customers, index * 7);
  const { id } = expected(await openTicket(desk, customer, inputOf(request)));
  await processQueue(desk, { limit: TICKETS, dryRun: false });
  const at = desk.store.now();
  const minutes = (amount: number): Instant => at + amount * MINUTE_MS;
  const answerAfter = 10 + (index * 37) % 200;
  diary.add(minutes(answerAfter), () => reply(desk, people, id, pick(REPLIES, index)));
  diary.add(minutes(answerAfter + 5), () => move(desk, people, id, "in-progress"));
  const forgotten = index % 13 === 6;
  if (index % 3 === 0) {
    diary.add(minutes(answerAfter + 20), () => reply(desk, people, id, pick(QUESTIONS, index)));
    diary.add(minutes(answerAfter + 21), () => move(desk, people, id, "pending"));
    // Some customers never come back.
    if (forgotten) return;
    diary.add(minutes(answerAfter + 200), () => say(desk, customer, id, pick(ANSWERS, index)));
  }
  if (index % 4 === 0) {
    diary.add(minutes(answerAfter + 30), () => note(desk, people, id, pick(NOTES, index)));
  }
  if (index % 11 === 5) {
    diary.add(minutes(answerAfter + 220), () => move(desk, people, id, "escalated"));
  }
  const solvedAfter = answerAfter + 240 + (index * 53) % 700;
  diary.add(minutes(solvedAfter), () => reply(desk, people, id, pick(CLOSINGS, index)));
  diary.add(minutes(solvedAfter + 1), () => move(desk, people, id, "resolved"));
  if (index % 5 !== 2) {
    diary.add(at + (2 + index % 5) * DAY_MS, () => move(desk, people, id, "closed"));
  }
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
  desk: Desk,
  people: People,
  ticketId: string,
  work: (actor: Actor, ticket: Ticket) => Promise<unknown>,
): Promise<void> {
  const ticket = await read(desk.store, tickets, keys.ticket(ticketId));
  const actor = people.agents.get(ticket?.assignee?.agentId ?? "");
  if (ticket !== null && actor !== undefined) await work(actor, ticket);
}

function reply(desk: Desk, people: People, id: string, body: string): Promise<void> {
  return asAssignee(desk, people, id, (actor) => say(desk, actor, id, body));
}

function note(desk: Desk, people: People, id: string, body: string): Promise<void> {
  return asAssignee(desk, people, id, async (actor) => {
    expected(await addComment(desk, actor, id, { body, visibility: "internal" }));
  });
}

async function say(desk: Desk, actor: Actor, id: string, body: string): Promise<void> {
  expected(await addComment(desk, actor, id, { body, visibility: "public" }));
}

/** A move that the ticket's state does not allow any more is left out, as a person would. */
function move(desk: Desk, people: People, id: string, status: Status): Promise<void> {
  return asAssignee(desk, people, id, async (actor) => {
    await changeStatus(desk, actor, id, { status });
  });
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("Cannot pick from nothing");
  return item;
}

function emailOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ń", "n");
  return `${plain.toLowerCase().replaceAll(" ", ".")}@example.com`;
}
