import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "./desk.ts";
import { stored } from "./problem.ts";
import { openFor, type View } from "./work.ts";

/** A desk with some people and a ticket, for whoever tries to do it harm. */
export interface Stage {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  /** Assigned to the agent. */
  readonly ticket: View;
  /** Fails unless the work is refused without a trace in the store. */
  leavesNothing(work: () => Promise<void>): Promise<void>;
}

export async function setStage(): Promise<Stage & AsyncDisposable> {
  const desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  return {
    desk,
    customer,
    agent,
    boss,
    ticket,
    async leavesNothing(work) {
      await desk.background.idle();
      const before = await stored(desk.desk.store);
      await work();
      await desk.background.idle();
      assert.deepEqual(await stored(desk.desk.store), before);
      await desk.assertSound();
    },
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}
