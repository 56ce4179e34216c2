// What the document shows of SLA configurations and calendars.

import { OPENED } from "./example_facts.ts";

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
  CalendarFields: { id: "office-berlin", name: "Office Berlin" },
};
