import { MINUTE_MS } from "../../domain/rules/time.ts";
import { type Person, type TestDesk } from "./desk.ts";
import { move, open, openFor, type View } from "./work.ts";

export const ABOUT_CARDS = ["My card is lost", "Send me a new card", "The card never came"];
export const ABOUT_BILLS = ["I was charged twice", "A wrong invoice", "Refund this invoice"];

/** Enough of each for it to be suggested. */
const ROUNDS = 10;

export interface Staff {
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
}

export async function staffed(desk: TestDesk): Promise<Staff> {
  const [boss, customer] = [await desk.join("supervisor"), await desk.join("user")];
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 500 } });
  return { boss, customer, agent };
}

/** A customer opens a ticket and the agent resolves it. */
export async function resolveOne(
  desk: TestDesk,
  { customer, agent, boss }: Staff,
  input: object,
): Promise<View> {
  return await move(desk, agent, await openFor(desk, customer, agent, boss, input), "resolved");
}

/** Resolves tickets about cards, which are technical, and bills, and lets them be looked at. */
export async function teach(desk: TestDesk, staff: Staff): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, title] of ABOUT_CARDS.entries()) {
      const bill = ABOUT_BILLS[index] ?? "";
      await resolveOne(desk, staff, { title, category: "technical", priority: 1 });
      await resolveOne(desk, staff, { title: bill, category: "billing", priority: 3 });
    }
  }
  desk.clock.advance(2 * MINUTE_MS);
  return 2 * ROUNDS * ABOUT_CARDS.length;
}

/** Opens a ticket of which neither category nor priority is named. */
export function openUnnamed(desk: TestDesk, person: Person, title: string): Promise<View> {
  return open(desk, person, { title, requiredSkills: ["nobody has it"] });
}
