import { v7 } from "uuid";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import {
  readAgentAnalytics,
  readSlaAnalytics,
  readTicketAnalytics,
} from "../../domain/services/analytics.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { openStore } from "../../domain/store/store.ts";
import { SETUP, testConfig } from "../support/desk.ts";
import { temporaryStorePath } from "../support/server.ts";
import { compareQuestions, fill, type Question } from "./packed_desk.ts";

/** What analytics of a year cost over so many tickets. */
const TICKETS = 200_000;
const START = Date.UTC(2026, 0, 1);
const NOW = START + 365 * DAY_MS - 10 * MINUTE_MS;

const YEAR = { startDate: { at: START }, endDate: { at: NOW } };
const MONTH = { startDate: { at: NOW - 30 * DAY_MS }, endDate: { at: NOW } };
const WEEK = { ...YEAR, interval: "week" } as const;
const DAY = { ...YEAR, interval: "day" } as const;
const timezone = "Europe/Berlin";

const ASKED: readonly Question[] = [
  ["agents of the year", (desk) => readAgentAnalytics(desk, SETUP, { ...YEAR, limit: 500 })],
  ["tickets by weeks", (desk) => readTicketAnalytics(desk, SETUP, WEEK)],
  ["tickets by days", (desk) => readTicketAnalytics(desk, SETUP, DAY)],
  ["tickets by days there", (desk) => readTicketAnalytics(desk, SETUP, { ...DAY, timezone })],
  ["promises by weeks", (desk) => readSlaAnalytics(desk, SETUP, WEEK)],
  ["promises by days", (desk) => readSlaAnalytics(desk, SETUP, DAY)],
  [
    "tickets of cards by days",
    (desk) => readTicketAnalytics(desk, SETUP, { ...DAY, department: "cards" }),
  ],
  [
    "a month by hours",
    (desk) => readTicketAnalytics(desk, SETUP, { ...MONTH, interval: "hour" }),
  ],
];

await using file = await temporaryStorePath();
const store = await openStore(file.path, { now: () => NOW, newId: v7 });
const desk = await makeDesk(store, testConfig(), makePasswords(4));
await fill(desk, { tickets: TICKETS, start: START, now: NOW });
await compareQuestions(desk, ASKED);
store.close();
