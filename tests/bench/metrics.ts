import { v7 } from "uuid";
import type { Actor } from "../../domain/rules/actor.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { readMetrics, readTrends } from "../../domain/services/sla_metrics.ts";
import { openStore } from "../../domain/store/store.ts";
import { SETUP, testConfig } from "../support/desk.ts";
import { temporaryStorePath } from "../support/server.ts";
import { compareQuestions, fill, type Question } from "./packed_desk.ts";

/** What a month's figures cost where so many tickets come in a month, and a second month lies beside. */
const TICKETS_A_MONTH = 200_000;
const DAYS = 60;
const START = Date.UTC(2026, 10, 1);
const NOW = START + DAYS * DAY_MS - 10 * MINUTE_MS;

const AGENT: Actor = {
  ...SETUP,
  role: "agent",
  agent: { id: "agent-3", department: "x", teams: [] },
};
const range = (start: Instant, end: Instant): object => ({
  startDate: { at: start },
  endDate: { at: end },
});
const MONTH = range(START, START + 30 * DAY_MS);
const ASKED: readonly Question[] = [
  ["a month", (desk) => readMetrics(desk, SETUP, MONTH)],
  [
    "a month of one department",
    (desk) => readMetrics(desk, SETUP, { ...MONTH, department: "cards" }),
  ],
  ["a month of an agent", (desk) => readMetrics(desk, AGENT, MONTH)],
  ["30 days over two months", (desk) => {
    const from = START + 15 * DAY_MS + 5 * HOUR_MS;
    return readMetrics(desk, SETUP, range(from, from + 30 * DAY_MS));
  }],
  ["the last 30 days", (desk) => readMetrics(desk, SETUP, {})],
  ["a trend of 30 days", (desk) => readTrends(desk, SETUP, { period: "daily" })],
  ["a trend of 12 months", (desk) => readTrends(desk, SETUP, { period: "monthly" })],
];

await using file = await temporaryStorePath();
const store = await openStore(file.path, { now: () => NOW, newId: v7 });
const desk = await makeDesk(store, testConfig(), makePasswords(4));
const tickets = Math.round(TICKETS_A_MONTH * DAYS / 30);
await fill(desk, { tickets, start: START, now: NOW });
await compareQuestions(desk, ASKED);
store.close();
