import { z } from "zod";
import { SUGGESTED_FROM } from "./rules/suggestion.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./rules/time.ts";
import type { Environment } from "./environment.ts";
import { timezoneNamed } from "./rules/timezone.ts";

/** Every knob of a process, checked. Durations are milliseconds unless the name says otherwise. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly appEnv: "production" | "development" | "test";
  readonly kvPath: string;
  readonly jwtSecret: string | null;
  readonly jwtSecretPrevious: string | null;
  readonly accessTokenTtlMs: number;
  readonly refreshTokenTtlMs: number;
  /** Origins that browsers may call from; `*` is any. */
  readonly clientOrigins: readonly string[];
  readonly admin: { readonly email: string; readonly password: string } | null;
  readonly logLevel: LogLevel;
  readonly logFormat: "json" | "pretty";
  readonly jobs: boolean;
  readonly routing: {
    readonly anyLevelAfterMinutes: number;
    readonly anyDepartmentAfterMinutes: number;
  };
  /** What goes on by itself every quarter of an hour. */
  readonly balancing: { readonly rebalances: boolean; readonly optimizes: boolean };
  readonly closeResolvedAfterDays: number;
  /** How long an agent who went offline may be away before its tickets go back to the queue. */
  readonly handoverGraceMinutes: number;
  /** How much of a target is used up, in percent, when a clock warns. */
  readonly slaWarningPercent: number;
  /** The time zone, by its IANA name, in which the desk's days, weeks and months begin. */
  readonly timezone: string;
  /** So long a socket or a webhook that was away can be told what it missed. */
  readonly feedRetentionDays: number;
  readonly limits: {
    /** Requests a minute of one user, or of one address without a user; 0 is no limit. */
    readonly requestsPerMinute: number;
    /** Attempts to log in a minute of one address, over all processes; 0 is no limit. */
    readonly loginsPerMinute: number;
  };
  /** How many proxies stand in front: each adds the address it was called from. */
  readonly trustedProxies: number;
  /**
   * From which confidence on (0.5 to 1) a new ticket is given the category and the priority that
   * are suggested for it; null for never.
   */
  readonly classifyApplyAbove: number | null;
  /** Webhooks may call loopback, link-local and private addresses. */
  readonly webhooksMayBePrivate: boolean;
  /** Webhooks are called: everywhere but on the branches and previews of Deno Deploy. */
  readonly callsWebhooks: boolean;
}

export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type CountName =
  | "CLOSE_RESOLVED_AFTER_DAYS"
  | "HANDOVER_GRACE_MINUTES"
  | "SLA_WARNING_PERCENT"
  | "FEED_RETENTION_DAYS"
  | "RATE_LIMIT_PER_MINUTE"
  | "AUTH_RATE_LIMIT_PER_MINUTE"
  | "TRUST_PROXY";

const JWT_SECRET_BYTES_MIN = 32;
export const PASSWORD_LENGTH_MIN = 8;
export const PASSWORD_LENGTH_MAX = 128;

/** The configuration, or all that is wrong with it, a sentence each. */
export function parseConfig(env: Environment): Config | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const appEnv = choice(env, "APP_ENV", ["production", "development", "test"], "production");
  const production = appEnv === "production";
  const config: Config = {
    port: port(env.PORT),
    host: env.HOST || "0.0.0.0",
    appEnv,
    // On Deno Deploy an empty path opens the database that was assigned to the app.
    kvPath: store(env.KV_PATH || (env.DENO_DEPLOYMENT_ID ? "" : "./.data/tickets.db")),
    jwtSecret: secret("JWT_SECRET"),
    jwtSecretPrevious: secret("JWT_SECRET_PREVIOUS"),
    accessTokenTtlMs: duration("ACCESS_TOKEN_TTL", 12 * HOUR_MS),
    refreshTokenTtlMs: duration("REFRESH_TOKEN_TTL", 30 * DAY_MS),
    clientOrigins: origins(env.CLIENT_URL || (production ? "" : "*")),
    admin: administrator(),
    logLevel: choice(env, "LOG_LEVEL", LOG_LEVELS, "info"),
    logFormat: choice(env, "LOG_FORMAT", ["json", "pretty"], production ? "json" : "pretty"),
    jobs: choice(env, "JOBS", ["on", "off"], "on") === "on",
    routing: relaxation(env.ROUTING_RELAX || "15,30"),
    balancing: {
      rebalances: choice(env, "AUTO_REBALANCE", ["off", "on"], "off") === "on",
      optimizes: choice(env, "AUTO_OPTIMIZE", ["off", "on"], "off") === "on",
    },
    closeResolvedAfterDays: count("CLOSE_RESOLVED_AFTER_DAYS", 7, 1, 3_650),
    handoverGraceMinutes: count("HANDOVER_GRACE_MINUTES", 10, 0, 1_440),
    slaWarningPercent: count("SLA_WARNING_PERCENT", 80, 1, 99),
    timezone: timezone(env.DESK_TIMEZONE || "UTC"),
    feedRetentionDays: count("FEED_RETENTION_DAYS", 7, 1, 365),
    limits: {
      requestsPerMinute: count("RATE_LIMIT_PER_MINUTE", 600, 0, 1_000_000),
      loginsPerMinute: count("AUTH_RATE_LIMIT_PER_MINUTE", 30, 0, 1_000_000),
    },
    classifyApplyAbove: confidence(env.CLASSIFY_APPLY_ABOVE || "never"),
    trustedProxies: count("TRUST_PROXY", 0, 0, 10),
    webhooksMayBePrivate: choice(env, "WEBHOOK_PRIVATE_ADDRESSES", ["off", "on"], "off") === "on",
    // On Deno Deploy each branch and each preview is a timeline too, which runs all that this runs.
    callsWebhooks: (env.DENO_TIMELINE || "production") === "production",
  };
  return faults.length === 0 ? config : { faults };

  function choice<const T extends string>(
    from: Environment,
    name: keyof Environment,
    values: readonly T[],
    otherwise: T,
  ): T {
    const text = from[name];
    if (text === undefined || text === "") return otherwise;
    const value = values.find((each) => each === text);
    if (value === undefined) {
      faults.push(`${name} is ${quoted(text)}: it must be ${values.join(", ")}.`);
    }
    return value ?? otherwise;
  }

  function port(given: string | undefined): number {
    const text = given || "5000";
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= 65_535) return value;
    faults.push(`PORT is ${quoted(text)}: it must be a number from 0 to 65535.`);
    return 0;
  }

  /** What begins like an address is one: no file has such a name. */
  function store(path: string): string {
    const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
    if (isAddress && !(/^https?:/.test(path) && URL.canParse(path))) {
      faults.push(
        `KV_PATH is ${quoted(path)}: it must be a file, :memory: or like http://127.0.0.1:4512.`,
      );
    }
    return path;
  }

  function count(name: CountName, otherwise: number, min: number, max: number): number {
    const text = env[name];
    if (text === undefined || text === "") return otherwise;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    faults.push(`${name} is ${quoted(text)}: it must be a number from ${min} to ${max}.`);
    return otherwise;
  }

  function confidence(text: string): number | null {
    if (text === "never") return null;
    const value = Number(text);
    if (/^[01](\.\d{1,3})?$/.test(text) && value >= SUGGESTED_FROM && value <= 1) return value;
    faults.push(
      `CLASSIFY_APPLY_ABOVE is ${quoted(text)}: ` +
        `it must be never, or a number from ${SUGGESTED_FROM} to 1.`,
    );
    return null;
  }

  /** An offset such as `+01:00` is no time zone: it knows no daylight saving. */
  function timezone(text: string): string {
    const name = timezoneNamed(text);
    if (name !== null) return name;
    faults.push(`DESK_TIMEZONE is ${quoted(text)}: it must be like Europe/Berlin.`);
    return "UTC";
  }

  function secret(name: "JWT_SECRET" | "JWT_SECRET_PREVIOUS"): string | null {
    const text = env[name];
    if (text === undefined || text === "") return null;
    const bytes = new TextEncoder().encode(text).length;
    if (bytes < JWT_SECRET_BYTES_MIN) {
      faults.push(`${name} has ${bytes} bytes: it must have at least ${JWT_SECRET_BYTES_MIN}.`);
    }
    return text;
  }

  function duration(name: "ACCESS_TOKEN_TTL" | "REFRESH_TOKEN_TTL", otherwiseMs: number): number {
    const text = env[name];
    if (text === undefined || text === "") return otherwiseMs;
    const match = /^([1-9]\d{0,5})(s|m|h|d)$/.exec(text);
    if (match === null) {
      faults.push(`${name} is ${quoted(text)}: it must be like 90s, 15m, 12h or 30d.`);
    }
    const units: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
    return match === null ? otherwiseMs : Number(match[1]) * (units[match[2] ?? ""] ?? 0);
  }

  function origins(text: string): string[] {
    const named = text.split(",").map((origin) => origin.trim()).filter((origin) => origin !== "");
    if (production && named.includes("*")) {
      faults.push("CLIENT_URL is *: in production it must name the origins of the clients.");
    }
    for (const origin of named) {
      if (origin !== "*" && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
        faults.push(
          `CLIENT_URL names ${quoted(origin)}: it must be like https://desk.example.com.`,
        );
      }
    }
    return named;
  }

  function administrator(): Config["admin"] {
    const { ADMIN_EMAIL: email = "", ADMIN_PASSWORD: password = "" } = env;
    if (email === "" && password === "") return null;
    if (!z.email().safeParse(email.trim()).success) {
      faults.push(`ADMIN_EMAIL is ${quoted(email)}: it must be an e-mail address.`);
    }
    if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
      faults.push(
        `ADMIN_PASSWORD has ${password.length} characters: ` +
          `it must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX}.`,
      );
    }
    return { email, password };
  }

  function relaxation(text: string): Config["routing"] {
    const match = /^(\d{1,5}),(\d{1,5})$/.exec(text);
    if (match === null) faults.push(`ROUTING_RELAX is ${quoted(text)}: it must be like 15,30.`);
    return {
      anyLevelAfterMinutes: Number(match?.[1] ?? 0),
      anyDepartmentAfterMinutes: Number(match?.[2] ?? 0),
    };
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
