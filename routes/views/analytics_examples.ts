// What the document shows of analytics.

const RANGE = { start: "2026-11-22T23:00:00.000Z", end: "2026-11-23T23:00:00.000Z" };
const COVERED = { range: RANGE, timezone: "Europe/Berlin" };
const WHEN = { start: RANGE.start, localStart: "2026-11-23T00:00:00+01:00" };

const RATINGS = {
  count: 3,
  average: 4.33,
  satisfied: 100,
  score1: 0,
  score2: 0,
  score3: 0,
  score4: 2,
  score5: 1,
};
const DEALT = { resolved: 31, finished: 33, reopened: 2, reopenRate: 6.1, ratings: RATINGS };
const VOLUMES = { opened: 40, ...DEALT, backlog: 57 };

const KEPT = {
  totalTickets: 40,
  responseSLABreaches: 1,
  nextReplySLABreaches: 0,
  resolutionSLABreaches: 3,
  averageResponseTime: 28.5,
  averageResolutionTime: 395.25,
  slaComplianceRate: 94.4,
};
const QUANTILES = {
  business: { p50: 18.221, p90: 55.034, p95: 71.25 },
  wallClock: { p50: 24.87, p90: 80.5, p95: 120.11 },
};
const PROMISES = { ...KEPT, percentiles: { response: QUANTILES, resolution: QUANTILES } };

export const ANALYTICS_EXAMPLES: Readonly<Record<string, unknown>> = {
  TicketAnalytics: { ...COVERED, totals: VOLUMES, intervals: [{ ...WHEN, ...VOLUMES }] },
  TicketAnalyticsFields: { totals: VOLUMES },
  SlaAnalytics: { ...COVERED, totals: PROMISES, intervals: [{ ...WHEN, ...PROMISES }] },
  SlaAnalyticsFields: { totals: PROMISES },
  AgentAnalytics: {
    ...COVERED,
    agents: [{
      agentId: "019ab3c4-0000-7000-8000-0000000000a9",
      agentName: "Amira",
      department: "Billing",
      ...DEALT,
      ...PROMISES,
    }],
    total: 1,
  },
  AgentAnalyticsFields: { total: 12 },
};
