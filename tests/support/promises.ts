import { MINUTE_MS } from "../../domain/rules/time.ts";
import { sweepDue, type Swept } from "../../domain/services/sla_sweep.ts";
import { openDesk, type Person, type TestDesk } from "./desk.ts";
import { dataOf, open, openFor, ticketOf, type View } from "./work.ts";

/** A desk whose promises run out before the eyes of a test: nobody sweeps unless told to. */
export interface PromisedDesk extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  readonly admin: Person;
  /** A ticket of priority 1, response within 60 minutes and resolution within 480, with the agent. */
  hold(input?: object): Promise<View>;
  /** One that nobody can take by itself. */
  wait(input?: object): Promise<View>;
  /** Sets what holds for tickets of priority 1 from now on. */
  promise(configuration: object): Promise<void>;
  pass(minutes: number): void;
  sweep(): Promise<Swept>;
  /** What the history tells, oldest first: minutes since the beginning, and what happened. */
  history(ticket: View): Promise<string[]>;
}

export async function openPromised(
  env: Readonly<Record<string, string>> = {},
): Promise<PromisedDesk> {
  const desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", ...env });
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  const boss = await desk.join("supervisor");
  const admin = await desk.join("admin");
  const began = desk.clock.now();
  const urgent = { priority: 1, requiredSkills: ["nobody has it"] };
  return {
    desk,
    customer,
    agent,
    boss,
    admin,
    hold: (input = {}) => openFor(desk, customer, agent, boss, { ...urgent, ...input }),
    wait: (input = {}) => open(desk, customer, { ...urgent, ...input }),
    async promise(configuration) {
      dataOf(await desk.call(admin, "PUT", "/api/sla/config/1/general", configuration), 200);
      await desk.background.idle();
    },
    pass: (minutes) => desk.clock.advance(minutes * MINUTE_MS),
    sweep: () => sweepDue(desk.desk),
    async history(ticket) {
      const { history } = await ticketOf(desk, boss, ticket);
      return history.toReversed().map(({ timestamp, action, details }: View) => {
        const minutes = (Date.parse(timestamp) - began) / MINUTE_MS;
        const what = action === "escalated" ? details.level : details?.clock;
        return `${minutes} ${action}${what === undefined ? "" : ` ${what}`}`;
      });
    },
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}
