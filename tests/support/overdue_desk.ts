import assert from "node:assert/strict";
import type { Weekday } from "../../domain/rules/calendar.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { WEBHOOK_EVENT_TYPES } from "../../domain/rules/webhook.ts";
import { setAgentStatus } from "../../domain/services/agents.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { handOverTickets } from "../../domain/services/handover.ts";
import { dismissAgent } from "../../domain/services/hiring.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { noProgress } from "../../domain/services/progress.ts";
import { countAttempt } from "../../domain/services/rates.ts";
import { readAllNotifications } from "../../domain/services/read_all.ts";
import { endAllSessions } from "../../domain/services/session_endings.ts";
import { createPattern } from "../../domain/services/shift_patterns.ts";
import { scheduleShift } from "../../domain/services/shifts.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { createWebhook } from "../../domain/services/webhooks.ts";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import { makeStore, readList } from "../../domain/store/store.ts";
import { granted, openDesk, type Person, type TestDesk } from "./desk.ts";
import { dyingAfter } from "./interruption.ts";
import { START } from "./time.ts";
import { idOf, makeReceiver, type Receiver } from "./webhooks.ts";
import { agentId, look, move, open, openFor, say } from "./work.ts";

/** A desk on which every job has something to do, and that does nothing of it by itself. */
export interface OverdueDesk extends AsyncDisposable {
  readonly test: TestDesk;
  readonly receiver: Receiver;
  readonly admin: Person;
}

const DAYS = 8;
const ENV = {
  ACCESS_TOKEN_TTL: "900d",
  REFRESH_TOKEN_TTL: "900d",
  AUTH_RATE_LIMIT_PER_MINUTE: "30",
};
const EVERY_DAY: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * Warnings, breaches, closings, shifts with breaks, a pattern, a departure, tickets that wait for
 * somebody who is there, resolved ones to learn from, measurements, counted attempts, events for a
 * webhook, and every kind of intent that a process can leave.
 */
export async function openOverdue(): Promise<OverdueDesk> {
  const receiver = makeReceiver();
  const test = await openDesk(ENV, receiver.send);
  const { desk } = test;
  await test.background.stop();
  const [admin, boss] = [await test.join("admin"), await test.join("supervisor")];
  const customer = await test.join("user");
  const many = { maxTickets: 100 };
  const ada = await test.join("agent", { name: "Ada", agent: { status: "busy", ...many } });
  const eve = await test.join("agent", { name: "Eve", agent: { status: "busy", ...many } });
  const dan = await test.join("agent", { name: "Dan", agent: { status: "busy", ...many } });
  const kim = await test.join("agent", { name: "Kim", agent: { status: "offline" } });
  const rob = await test.join("agent", {
    name: "Rob",
    agent: { ...many, skills: [{ name: "routing", level: 3 }] },
  });
  await createWebhook(desk, admin.actor, {
    url: "https://example.com/hook",
    eventTypes: [...WEBHOOK_EVENT_TYPES],
  });
  granted(await countAttempt(desk, "login", "192.0.2.1"));

  for (let index = 0; index < 3; index++) {
    await openFor(test, customer, ada, boss);
    await openFor(test, customer, eve, boss, { priority: 3 });
    await openFor(test, customer, dan, boss);
    const named = { category: "technical" };
    await move(test, ada, await openFor(test, customer, ada, boss, named), "resolved");
  }
  granted(await setAgentStatus(desk, eve.actor, agentId(eve), { status: "offline" }));
  await planShifts(test, kim, boss);
  test.clock.advance(DAYS * DAY_MS);

  for (let index = 0; index < 4; index++) {
    await open(test, customer, { requiredSkills: ["routing"], title: `Number ${index}` });
  }
  const spoken = await openFor(test, customer, rob, boss);
  await say(test, rob, spoken, "Hello.");
  await move(test, boss, await open(test, customer, { requiredSkills: ["none"] }), "escalated");
  await leaveIntents(test, { admin, boss, customer, ada, rob, dan });
  test.clock.advance(DAY_MS);
  return { test, receiver, admin, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

async function planShifts({ desk }: TestDesk, kim: Person, boss: Person): Promise<void> {
  const [start, end] = [START + 60 * MINUTE_MS, START + 120 * MINUTE_MS];
  const noon = { type: "lunch" as const, start: start + 30 * MINUTE_MS, end: end - 20 * MINUTE_MS };
  const request = { start, end, timezone: "UTC", breaks: [noon] };
  granted(await scheduleShift(desk, boss.actor, agentId(kim), request));
  granted(
    await createPattern(desk, boss.actor, {
      agentId: agentId(kim),
      timezone: "Europe/Berlin",
      weekdays: EVERY_DAY,
      startTime: "09:00",
      endTime: "17:00",
      breaks: [],
      startDate: "2026-01-07",
      endDate: null,
    }),
  );
}

/** A process died over each of these when it had committed what it intended. */
async function leaveIntents(
  { desk }: TestDesk,
  { admin, boss, customer, ada, rob, dan }: Record<
    "admin" | "boss" | "customer" | "ada" | "rob" | "dan",
    Person
  >,
): Promise<void> {
  const dies = async (work: Promise<unknown>): Promise<void> => {
    await assert.rejects(work, /died/);
  };
  const dying = (): typeof desk => dyingAfter(desk, 1);
  const edit = { priority: 2, category: "general" } as const;
  granted(await putSlaConfiguration(desk, edit, { responseTime: 60, applyToOpen: true }));
  await dies(readAllNotifications(dying(), customer.actor));
  await dies(endAllSessions(dying(), customer.actor));
  await dies(dismissAgent(dying(), admin.actor, agentId(dan)));
  const request = { from: agentId(ada), to: agentId(rob) };
  await dies(handOverTickets(dying(), boss.actor, request, noProgress()));
}

/** Another process on the desk's store, with the same clock. */
export function anotherProcess({ store, config, sendWebhook }: Desk): Promise<Desk> {
  const kv = store.reader;
  const connections = { writer: kv, reader: kv, losesAnswers: false, checksMax: 10 };
  return makeDesk(makeStore(connections, store), config, makePasswords(4), sendWebhook);
}

/** All that a desk has told and written down, without the ids that were made for it. */
export async function toldOf({ test, receiver, admin }: OverdueDesk): Promise<Told> {
  const { store } = test.desk;
  const all = (prefix: string): ReturnType<typeof readList> =>
    readList(store, [prefix], { limit: 10_000 });
  const values = async (prefix: string): Promise<string[]> =>
    plain((await all(prefix)).map(({ value }) => value));
  const left = await Promise.all(["intent", "measurement", "rate", "departure"].map(all));
  const entries = await readFeed(store, FEED_START, 10_000);
  const metrics = await look(test, admin, "/api/sla/metrics?range=30d");
  return {
    events: plain(entries.flatMap(({ events }) => events)),
    notifications: await values("notification"),
    history: await values("history"),
    shifts: await values("shift"),
    tickets: await values("ticket"),
    sent: plain(receiver.got.map(({ body }) => JSON.parse(body))),
    repeated: receiver.got.length - new Set(receiver.got.map(idOf)).size,
    metrics: plain([metrics]),
    // What became of a handover is kept for whoever asked for it.
    left: left.flat().map(({ key }) => key.slice(0, 2).map(String).join(" "))
      .filter((name) => name !== "intent handover_done"),
  };
}

export type Told = Readonly<Record<string, readonly string[] | number>>;

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}/g;

function plain(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value).replaceAll(ID, "#")).sort();
}
