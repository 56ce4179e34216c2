// What the document shows of what is foreseen.

import { OPENED } from "./example_facts.ts";

const LOAD = { dailyAverage: 41.5, predictedTotal: 290.3, lower: 262.1, upper: 318.5 };

export const PREDICTION_EXAMPLES: Readonly<Record<string, unknown>> = {
  Prediction: {
    nextWeekLoad: LOAD,
    ticketTrends: {
      daily: [{ date: "2026-11-20", count: 44 }, { date: "2026-11-21", count: 17 }],
      direction: "up",
      changePercent: 8.2,
    },
    agentCapacityNeeds: { billing: { avgLoad: 3.4, maxLoad: 5.9, additionalAgentsNeeded: 1 } },
    hourly: [{ start: OPENED, expected: 3.2, lower: 1.1, upper: 5.8 }],
    staffing: [{ start: OPENED, agents: 3, occupancy: 0.748 }],
    method: "holt_winters_multiplicative",
    accuracy: { mase: 0.71, baselineMase: 0.98, backtestWeeks: 6 },
    handling: { hours: 0.55, source: "measured" },
    backlog: 23,
    timezone: "Europe/Berlin",
    computedAt: OPENED,
    ageSeconds: 1_260,
  },
  PredictionFields: { nextWeekLoad: LOAD },
};
