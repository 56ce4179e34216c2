import assert from "node:assert/strict";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { openDesk, type Person, type TestDesk } from "./desk.ts";
import { look, move, open, openFor, say, type View } from "./work.ts";

/** A desk on which two agents work, and everybody stays logged in. */
export interface AnalyticsScene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly other: Person;
  readonly boss: Person;
  assigned(input?: object): Promise<View>;
  rate(ticket: View, score: number): Promise<void>;
  pass(hours: number): void;
  /** What the boss is told, which must be the same once everything is packed. */
  told(path: string): Promise<View>;
}

export async function setScene(env: Record<string, string> = {}): Promise<AnalyticsScene> {
  const desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d", ...env });
  const customer = await desk.join("user");
  const busy = { status: "busy", maxTickets: 100, department: "Support" } as const;
  const agent = await desk.join("agent", { agent: busy, name: "=Amira" });
  const other = await desk.join("agent", { agent: busy, name: "Ben" });
  const boss = await desk.join("supervisor");
  return {
    desk,
    customer,
    agent,
    other,
    boss,
    assigned: (input = {}) => openFor(desk, customer, agent, boss, input),
    async rate(ticket, score) {
      const path = `/api/tickets/${ticket.id}/rating`;
      assert.equal((await desk.call(customer, "POST", path, { score })).status, 201);
    },
    pass: (hours) => desk.clock.advance(hours * HOUR_MS),
    async told(path) {
      const before = await look(desk, boss, `/api/analytics/${path}`);
      await packMetrics(desk.desk);
      assert.deepEqual(await look(desk, boss, `/api/analytics/${path}`), before);
      return before;
    },
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

/** Four tickets from nine o'clock on: resolved and rated, reopened, cancelled, and one left open. */
export async function anAfternoon(scene: AnalyticsScene): Promise<void> {
  const { desk, agent, boss, customer, pass } = scene;
  const billing = await scene.assigned({ department: "Billing" });
  const again = await scene.assigned({ priority: 1 });
  const wrong = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  pass(1);
  await move(desk, agent, billing, "resolved");
  await move(desk, agent, again, "resolved");
  pass(1);
  await scene.rate(billing, 5);
  await scene.rate(again, 2);
  await say(desk, customer, again, "It is not.");
  await move(desk, boss, wrong, "closed");
  await open(desk, customer, { requiredSkills: ["nobody has it"] });
}
