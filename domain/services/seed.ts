import { v7 } from "uuid";
import type { Actor } from "../rules/actor.ts";
import { parseSkill, SKILL_LEVEL_DEFAULT } from "../rules/skill.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../rules/time.ts";
import type { User } from "../rules/user.ts";
import { keys } from "../store/keys.ts";
import { readList, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { editAgent, getAgentOfUser } from "./agents.ts";
import type { Desk } from "./desk.ts";
import { fanOut } from "./fan_out.ts";
import { openIntents } from "./intents.ts";
import { actorOf } from "./principals.ts";
import { processQueue } from "./routing.ts";
import { DAYS, planMonth, TICKETS } from "./seed_course.ts";
import { Diary, expected } from "./seed_diary.ts";
import { AGENTS, CUSTOMERS, SHIFTS, SUPERVISORS } from "./seed_people.ts";
import { beginning, planShifts } from "./seed_shifts.ts";
import { type People, requestHelp } from "./seed_tickets.ts";
import { rollOver } from "./shift_rollover.ts";
import { packMeasurements } from "./sla_packing.ts";
import { sweepDue } from "./sla_sweep.ts";
import { addUser, findByEmail } from "./users.ts";

const PASSWORD = "a demo password";
const CAPACITY = 12;
/** Of runs of the packer, each of which packs more than there is. */
const PACKING_RUNS_MAX = 3;

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
  for (const course of planMonth(now, desk.config.timezone)) {
    diary.add(course.at, () => requestHelp({ desk: past, people, diary }, course));
  }
  // What comes late happens as of its own instant: this desk need not look more often.
  for (let at = clock.at; at < now; at += HOUR_MS) diary.add(at, () => Promise.resolve());
  await diary.live(clock, now, () => letHappen(past));
  for (const id of await openIntents(past, "fan_out")) await fanOut(past, id);
  const isPacked = await packAll(desk);
  yield `${CUSTOMERS.length} customers, ${AGENTS.length} agents, ${SUPERVISORS.length} supervisors`;
  yield `${SHIFTS.length} of the agents work in shifts, the others whenever they are online`;
  yield `${TICKETS} tickets of the last ${DAYS} days`;
  if (!isPacked) yield "Their figures are not whole yet: the desk packs them once it is served";
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

/** Packs what was measured, so that a forecast is there at once; whether nothing is left. */
async function packAll(desk: Desk): Promise<boolean> {
  for (let run = 0; run < PACKING_RUNS_MAX; run++) {
    if (await packMeasurements(desk) === 0) break;
  }
  return (await readList(desk.store, keys.measurements(), { limit: 1 })).length === 0;
}

/** The store as of the clock's instant: ids, too, tell the time that they were made at. */
function timeTravelling(store: Store, clock: { at: Instant }): Store {
  let sequence = 0;
  return { ...store, now: () => clock.at, newId: () => v7({ msecs: clock.at, seq: sequence++ }) };
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

function emailOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ń", "n");
  return `${plain.toLowerCase().replaceAll(" ", ".")}@example.com`;
}
