import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { timing } from "hono/timing";
import type { Hub } from "../domain/live/hub.ts";
import type { Desk } from "../domain/services/desk.ts";
import type { OpenAgain } from "../domain/services/readiness.ts";
import { accountRoutes } from "./account.ts";
import { agentRoutes } from "./agents.ts";
import { analyticsRoutes } from "./analytics.ts";
import { authRoutes } from "./auth.ts";
import { batchRoutes } from "./batch.ts";
import { calendarRoutes } from "./calendars.ts";
import { classificationRoutes } from "./classification.ts";
import { commentRoutes } from "./comments.ts";
import { docsRoutes } from "./docs.ts";
import { answerInTime } from "./http/answer_in_time.ts";
import { type AppEnv, isReading } from "./http/context.ts";
import { limitBody, requireJson } from "./http/limits.ts";
import { refuseOtherMethods, tellLength } from "./http/methods.ts";
import { observe } from "./http/observe.ts";
import { makeRequestLimiter } from "./http/rate_limit.ts";
import { onError, onNotFound } from "./http/problem.ts";
import { secure } from "./http/security.ts";
import { liveRoutes } from "./live.ts";
import { notificationRoutes } from "./notifications.ts";
import { operationRoutes } from "./operations.ts";
import { predictionRoutes } from "./predictions.ts";
import { queueRoutes } from "./queue.ts";
import { ratingRoutes } from "./ratings.ts";
import { shiftBreakRoutes } from "./shift_breaks.ts";
import { shiftPlanRoutes } from "./shift_plans.ts";
import { shiftRoutes } from "./shifts.ts";
import { slaRoutes } from "./sla.ts";
import { slaConfigRoutes } from "./sla_config.ts";
import { slaMetricsRoutes } from "./sla_metrics.ts";
import { staffRoutes } from "./staff.ts";
import { ticketChangeRoutes } from "./ticket_changes.ts";
import { ticketRoutes } from "./tickets.ts";
import { userRoutes } from "./users.ts";
import { webhookDeliveryRoutes } from "./webhook_deliveries.ts";
import { webhookRoutes } from "./webhooks.ts";
import { workloadRoutes } from "./workload.ts";

export type AppType = ReturnType<typeof createApp>;

interface Parts {
  readonly desk: Desk;
  readonly hub: Hub;
  /** Only tests have their own. */
  readonly openAgain?: OpenAgain;
}

/** The whole HTTP side: middleware in their order, then the routes. */
// deno-lint-ignore explicit-module-boundary-types
export function createApp({ desk, hub, openAgain }: Parts) {
  const app = new Hono<AppEnv>();
  app.onError(onError);
  app.notFound(onNotFound);
  const limiter = makeRequestLimiter(desk.config.limits.requestsPerMinute);
  app.use(async (c, next) => {
    c.set("desk", desk);
    c.set("limiter", limiter);
    await next();
  });
  app.use(requestId());
  app.use(observe);
  app.use(exceptSocket(secure));
  const { appEnv, clientOrigins } = desk.config;
  if (appEnv === "development") app.use(exceptSocket(timing()));
  if (clientOrigins.length > 0) app.use(exceptSocket(corsFor(clientOrigins)));
  app.use(tellLength);
  app.use(refuseOtherMethods(app));
  app.use(unlessReading(limitBody));
  app.use(unlessReading(requireJson));
  app.use(answerInTime());
  return app
    .route("/", operationRoutes(app, openAgain))
    .route("/", docsRoutes())
    .route("/api/auth", authRoutes())
    .route("/api/auth", accountRoutes())
    .route("/api/tickets", queueRoutes())
    .route("/api/tickets", batchRoutes())
    .route("/api/tickets", ticketRoutes())
    .route("/api/tickets", ticketChangeRoutes())
    .route("/api/tickets", commentRoutes())
    .route("/api/tickets", ratingRoutes())
    .route("/api/agents", agentRoutes())
    .route("/api/agents", staffRoutes())
    .route("/api/shifts", shiftPlanRoutes())
    .route("/api/shifts", shiftRoutes())
    .route("/api/shifts", shiftBreakRoutes())
    .route("/api/users", userRoutes())
    .route("/api/sla", slaRoutes())
    .route("/api/sla", slaConfigRoutes())
    .route("/api/sla", calendarRoutes())
    .route("/api/sla", slaMetricsRoutes())
    .route("/api/workload", predictionRoutes())
    .route("/api/workload", workloadRoutes())
    .route("/api/analytics", analyticsRoutes())
    .route("/api/notifications", notificationRoutes())
    .route("/api/webhooks", webhookRoutes())
    .route("/api/webhooks", webhookDeliveryRoutes())
    .route("/api/classification", classificationRoutes())
    .route("/api", liveRoutes(hub));
}

/** What a script of another origin may read of an answer, beside its body. */
const EXPOSED = [
  "X-Request-Id",
  "Location",
  "ETag",
  "Retry-After",
  "RateLimit",
  "RateLimit-Policy",
  "Idempotent-Replayed",
];

/** Only by itself does `*` mean any origin; in a list it would be the name of one. */
function corsFor(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: origins.includes("*") ? "*" : [...origins],
    exposeHeaders: EXPOSED,
  });
}

function unlessReading(middleware: MiddlewareHandler): MiddlewareHandler<AppEnv> {
  return (c, next) => isReading(c) ? next() : middleware(c, next);
}

/** The answer to an upgrade is the platform's: no header can be added to it. */
function exceptSocket(middleware: MiddlewareHandler): MiddlewareHandler<AppEnv> {
  return (c, next) => c.req.path === "/api/ws" ? next() : middleware(c, next);
}
