import { AGENTS } from "./agents.ts";
import { ANALYTICS } from "./analytics.ts";
import { AUTH } from "./auth.ts";
import { CLASSIFICATION } from "./classification.ts";
import { NOTIFICATIONS } from "./notifications.ts";
import { OPERATIONS } from "./operations.ts";
import { PREDICTIONS } from "./predictions.ts";
import type { Row } from "./row.ts";
import { SHIFTS } from "./shifts.ts";
import { SLA } from "./sla.ts";
import { TICKET_CHANGES } from "./ticket_changes.ts";
import { TICKETS } from "./tickets.ts";
import { USERS } from "./users.ts";
import { WEBHOOKS } from "./webhooks.ts";
import { WORKLOAD } from "./workload.ts";

/** The one table of who gets what: rights, visibility and statuses on every route. */
export const ROWS: readonly Row[] = [
  ...OPERATIONS,
  ...AUTH,
  ...TICKETS,
  ...TICKET_CHANGES,
  ...AGENTS,
  ...SHIFTS,
  ...USERS,
  ...SLA,
  ...NOTIFICATIONS,
  ...WEBHOOKS,
  ...PREDICTIONS,
  ...CLASSIFICATION,
  ...WORKLOAD,
  ...ANALYTICS,
];
