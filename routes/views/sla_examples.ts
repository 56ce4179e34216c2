// What the document shows of SLA configurations, calendars and figures.

import { OPENED } from "./example_facts.ts";

const KEPT = {
  totalTickets: 120,
  responseSLABreaches: 4,
  nextReplySLABreaches: 1,
  resolutionSLABreaches: 7,
  averageResponseTime: 31.5,
  averageResolutionTime: 412.25,
  slaComplianceRate: 95.1,
};

const FIGURES = {
  ...KEPT,
  averages: {
    response: { business: 22.4, wallClock: 31.5 },
    nextReply: { business: 40.12, wallClock: 55.8 },
    resolution: { business: 260.5, wallClock: 412.25 },
  },
};

const QUANTILES = {
  business: { p50: 18.221, p90: 55.034, p95: 71.25 },
  wallClock: { p50: 24.87, p90: 80.5, p95: 120.11 },
};

const TREND = { _id: { year: 2026, week: 47 }, start: "2026-11-16T00:00:00.000Z", slaBreaches: 12 };

export const SLA_EXAMPLES: Readonly<Record<string, unknown>> = {
  SlaConfiguration: {
    id: "1-billing",
    _id: "1-billing",
    priority: 1,
    category: "billing",
    responseTime: 60,
    nextReplyTime: 120,
    resolutionTime: 240,
    pauseOnPending: true,
    replyOnly: false,
    escalationRules: [{
      level: 1,
      threshold: 60,
      notifyRoles: ["supervisor"],
      on: "response",
      reassign: false,
    }],
    calendar: "office-berlin",
    isDefault: false,
    version: 4,
    updatedAt: OPENED,
  },
  SlaConfigurationFields: { id: "1-billing", responseTime: 60 },
  Calendar: {
    id: "office-berlin",
    _id: "office-berlin",
    name: "Office Berlin",
    timezone: "Europe/Berlin",
    alwaysOpen: false,
    weekly: { mon: [["09:00", "12:00"], ["13:00", "17:30"]], tue: [["09:00", "17:00"]] },
    holidays: ["2026-12-25"],
    departments: ["Billing"],
    isDefault: false,
    version: 3,
    createdAt: OPENED,
    updatedAt: OPENED,
  },
  SlaMetrics: {
    range: { start: "2026-11-01T00:00:00.000Z", end: "2026-12-01T00:00:00.000Z" },
    ...FIGURES,
    percentiles: {
      response: QUANTILES,
      nextReply: QUANTILES,
      firstResolution: QUANTILES,
      resolution: QUANTILES,
    },
    byPriority: [{ priority: 1, ...FIGURES }],
    byCategory: [{ category: "billing", ...FIGURES }],
    byDepartment: [{ department: "billing", ...FIGURES }],
  },
  SlaMetricsFields: { totalTickets: 120, slaComplianceRate: 95.1 },
  SlaTrend: { ...TREND, ...KEPT },
  SlaTrendFields: { ...TREND },
  CalendarFields: { id: "office-berlin", name: "Office Berlin" },
};
