import assert from "node:assert/strict";
import { type Config, parseConfig } from "../domain/config.ts";
import { type Environment } from "../domain/environment.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/rules/time.ts";

function configOf(env: Environment): Config {
  const config = parseConfig(env);
  if ("faults" in config) throw new Error(config.faults.join(" "));
  return config;
}

function faultsOf(env: Environment): readonly string[] {
  const config = parseConfig(env);
  return "faults" in config ? config.faults : [];
}

const DEFAULTS: Config = {
  port: 5000,
  host: "0.0.0.0",
  appEnv: "production",
  kvPath: "./.data/tickets.db",
  jwtSecret: null,
  jwtSecretPrevious: null,
  accessTokenTtlMs: 12 * HOUR_MS,
  refreshTokenTtlMs: 30 * DAY_MS,
  clientOrigins: [],
  admin: null,
  logLevel: "info",
  logFormat: "json",
  jobs: true,
  routing: { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 },
  balancing: { rebalances: false, optimizes: false },
  closeResolvedAfterDays: 7,
  handoverGraceMinutes: 10,
  slaWarningPercent: 80,
  timezone: "UTC",
  feedRetentionDays: 7,
  limits: { requestsPerMinute: 600, loginsPerMinute: 30 },
  trustedProxies: 0,
  classifyApplyAbove: null,
  webhooksMayBePrivate: false,
  callsWebhooks: true,
};

Deno.test("an empty environment is a production desk with every default", () => {
  assert.deepEqual(configOf({}), DEFAULTS);
});

Deno.test("a development desk lets every origin call and logs for people", () => {
  const env = { APP_ENV: "development" };
  const changed = { appEnv: "development", clientOrigins: ["*"], logFormat: "pretty" } as const;
  assert.deepEqual(configOf(env), { ...DEFAULTS, ...changed });
});

Deno.test("what is left empty counts as not given", () => {
  const env = {
    HOST: "",
    APP_ENV: "",
    KV_PATH: "",
    DENO_DEPLOYMENT_ID: "",
    DENO_TIMELINE: "",
    JWT_SECRET: "",
    JWT_SECRET_PREVIOUS: "",
    ACCESS_TOKEN_TTL: "",
    REFRESH_TOKEN_TTL: "",
    ADMIN_EMAIL: "",
    ADMIN_PASSWORD: "",
    LOG_LEVEL: "",
    LOG_FORMAT: "",
    JOBS: "",
    SLA_WARNING_PERCENT: "",
    DESK_TIMEZONE: "",
    FEED_RETENTION_DAYS: "",
    AUTO_REBALANCE: "",
    AUTO_OPTIMIZE: "",
  };
  assert.deepEqual(configOf(env), DEFAULTS);
});

Deno.test("everything that is wrong is named in one go, a sentence each", () => {
  const wrong = {
    PORT: "http",
    APP_ENV: "staging",
    JWT_SECRET: "short",
    JWT_SECRET_PREVIOUS: "short too",
    ACCESS_TOKEN_TTL: "half a day",
    REFRESH_TOKEN_TTL: "0d",
    CLIENT_URL: "desk.example.com",
    ADMIN_EMAIL: "nobody",
    ADMIN_PASSWORD: "seven77",
    LOG_LEVEL: "loud",
    LOG_FORMAT: "xml",
    JOBS: "maybe",
    ROUTING_RELAX: "soon",
    CLOSE_RESOLVED_AFTER_DAYS: "0",
    HANDOVER_GRACE_MINUTES: "1441",
    SLA_WARNING_PERCENT: "100",
    DESK_TIMEZONE: "Middle/Earth",
    FEED_RETENTION_DAYS: "0",
    RATE_LIMIT_PER_MINUTE: "many",
    AUTH_RATE_LIMIT_PER_MINUTE: "-1",
    TRUST_PROXY: "yes",
    WEBHOOK_PRIVATE_ADDRESSES: "some",
    CLASSIFY_APPLY_ABOVE: "often",
    AUTO_REBALANCE: "yes",
    AUTO_OPTIMIZE: "1",
  };
  const faults = faultsOf(wrong);
  const named = faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0]).sort();
  assert.deepEqual(named, Object.keys(wrong).sort());
  for (const fault of faults) assert.match(fault, /\.$/);
});

/** For each name: what is taken, and what it becomes. */
const TAKEN: [Environment, Partial<Config>][] = [
  [{ PORT: "0" }, { port: 0 }],
  [{ PORT: "65535" }, { port: 65_535 }],
  [{ HOST: "127.0.0.1" }, { host: "127.0.0.1" }],
  [{ KV_PATH: ":memory:" }, { kvPath: ":memory:" }],
  [{ KV_PATH: "http://kv:4512" }, { kvPath: "http://kv:4512" }],
  [{ DENO_DEPLOYMENT_ID: "abc" }, { kvPath: "" }],
  [{ DENO_DEPLOYMENT_ID: "abc", KV_PATH: "x.db" }, { kvPath: "x.db" }],
  [{ DENO_TIMELINE: "production" }, { callsWebhooks: true }],
  [{ DENO_TIMELINE: "git-branch/main" }, { callsWebhooks: false }],
  [{ DENO_TIMELINE: "preview/4tqf3nc1" }, { callsWebhooks: false }],
  [{ JWT_SECRET: "x".repeat(32) }, { jwtSecret: "x".repeat(32) }],
  [{ JWT_SECRET: "ü".repeat(16) }, { jwtSecret: "ü".repeat(16) }],
  [{ JWT_SECRET_PREVIOUS: "y".repeat(40) }, { jwtSecretPrevious: "y".repeat(40) }],
  [{ ACCESS_TOKEN_TTL: "90s" }, { accessTokenTtlMs: 90 * SECOND_MS }],
  [{ ACCESS_TOKEN_TTL: "15m" }, { accessTokenTtlMs: 15 * MINUTE_MS }],
  [{ ACCESS_TOKEN_TTL: "1h" }, { accessTokenTtlMs: HOUR_MS }],
  [{ REFRESH_TOKEN_TTL: "7d" }, { refreshTokenTtlMs: 7 * DAY_MS }],
  [{ CLIENT_URL: "https://desk.example.com" }, { clientOrigins: ["https://desk.example.com"] }],
  [
    { CLIENT_URL: " https://a.example , http://localhost:3000," },
    { clientOrigins: ["https://a.example", "http://localhost:3000"] },
  ],
  [
    { ADMIN_EMAIL: "a@example.com", ADMIN_PASSWORD: "12345678" },
    { admin: { email: "a@example.com", password: "12345678" } },
  ],
  [{ CLOSE_RESOLVED_AFTER_DAYS: "30" }, { closeResolvedAfterDays: 30 }],
  [{ HANDOVER_GRACE_MINUTES: "0" }, { handoverGraceMinutes: 0 }],
  [{ SLA_WARNING_PERCENT: "1" }, { slaWarningPercent: 1 }],
  [{ SLA_WARNING_PERCENT: "99" }, { slaWarningPercent: 99 }],
  [{ DESK_TIMEZONE: "Europe/Berlin" }, { timezone: "Europe/Berlin" }],
  [{ FEED_RETENTION_DAYS: "30" }, { feedRetentionDays: 30 }],
  [
    { RATE_LIMIT_PER_MINUTE: "0", AUTH_RATE_LIMIT_PER_MINUTE: "5" },
    { limits: { requestsPerMinute: 0, loginsPerMinute: 5 } },
  ],
  [{ TRUST_PROXY: "2" }, { trustedProxies: 2 }],
  [{ WEBHOOK_PRIVATE_ADDRESSES: "on" }, { webhooksMayBePrivate: true }],
  [{ CLASSIFY_APPLY_ABOVE: "never" }, { classifyApplyAbove: null }],
  [{ CLASSIFY_APPLY_ABOVE: "0.5" }, { classifyApplyAbove: 0.5 }],
  [{ CLASSIFY_APPLY_ABOVE: "0.95" }, { classifyApplyAbove: 0.95 }],
  [{ CLASSIFY_APPLY_ABOVE: "1" }, { classifyApplyAbove: 1 }],
  [{ AUTO_REBALANCE: "on" }, { balancing: { rebalances: true, optimizes: false } }],
  [{ AUTO_OPTIMIZE: "on" }, { balancing: { rebalances: false, optimizes: true } }],
  [{ LOG_LEVEL: "debug" }, { logLevel: "debug" }],
  [{ LOG_LEVEL: "warning" }, { logLevel: "warning" }],
  [{ LOG_LEVEL: "error" }, { logLevel: "error" }],
  [{ LOG_FORMAT: "pretty" }, { logFormat: "pretty" }],
  [{ JOBS: "off" }, { jobs: false }],
  [{ JOBS: "on" }, { jobs: true }],
  [
    { ROUTING_RELAX: "0,90" },
    { routing: { anyLevelAfterMinutes: 0, anyDepartmentAfterMinutes: 90 } },
  ],
];

Deno.test("each knob is taken from its name and moves nothing else", () => {
  for (const [env, changes] of TAKEN) {
    assert.deepEqual(configOf(env), { ...DEFAULTS, ...changes }, JSON.stringify(env));
  }
});

const PASSWORD = "long enough";

/** What is refused, by the one name that the message must begin with. */
const REFUSED: [keyof Environment, Environment][] = [
  ["PORT", { PORT: "65536" }],
  ["PORT", { PORT: "-1" }],
  ["PORT", { PORT: "80.5" }],
  ["PORT", { PORT: "0x50" }],
  ["PORT", { PORT: " 80" }],
  ["APP_ENV", { APP_ENV: "Production" }],
  ["KV_PATH", { KV_PATH: "http://" }],
  ["KV_PATH", { KV_PATH: "http://127.0.0.1:port" }],
  ["KV_PATH", { KV_PATH: "HTTP://127.0.0.1:4512" }],
  ["KV_PATH", { KV_PATH: "postgres://127.0.0.1/desk" }],
  ["JWT_SECRET", { JWT_SECRET: "x".repeat(31) }],
  ["JWT_SECRET_PREVIOUS", { JWT_SECRET_PREVIOUS: "x".repeat(31) }],
  ["ACCESS_TOKEN_TTL", { ACCESS_TOKEN_TTL: "12" }],
  ["ACCESS_TOKEN_TTL", { ACCESS_TOKEN_TTL: "-1h" }],
  ["ACCESS_TOKEN_TTL", { ACCESS_TOKEN_TTL: "1.5h" }],
  ["ACCESS_TOKEN_TTL", { ACCESS_TOKEN_TTL: "1w" }],
  ["REFRESH_TOKEN_TTL", { REFRESH_TOKEN_TTL: "0s" }],
  ["CLIENT_URL", { CLIENT_URL: "*" }],
  ["CLIENT_URL", { CLIENT_URL: "https://desk.example.com/" }],
  ["CLIENT_URL", { CLIENT_URL: "https://desk.example.com/app" }],
  ["CLIENT_URL", { CLIENT_URL: "https://a.example,nonsense" }],
  ["ADMIN_EMAIL", { ADMIN_PASSWORD: PASSWORD }],
  ["ADMIN_EMAIL", { ADMIN_EMAIL: "a@b", ADMIN_PASSWORD: PASSWORD }],
  ["ADMIN_PASSWORD", { ADMIN_EMAIL: "a@example.com" }],
  ["ADMIN_PASSWORD", { ADMIN_EMAIL: "a@example.com", ADMIN_PASSWORD: "x".repeat(7) }],
  ["ADMIN_PASSWORD", { ADMIN_EMAIL: "a@example.com", ADMIN_PASSWORD: "x".repeat(129) }],
  ["LOG_LEVEL", { LOG_LEVEL: "warn" }],
  ["LOG_FORMAT", { LOG_FORMAT: "text" }],
  ["JOBS", { JOBS: "true" }],
  ["ROUTING_RELAX", { ROUTING_RELAX: "15" }],
  ["ROUTING_RELAX", { ROUTING_RELAX: "15,30,45" }],
  ["ROUTING_RELAX", { ROUTING_RELAX: "-1,30" }],
  ["SLA_WARNING_PERCENT", { SLA_WARNING_PERCENT: "0" }],
  ["SLA_WARNING_PERCENT", { SLA_WARNING_PERCENT: "80%" }],
  ["DESK_TIMEZONE", { DESK_TIMEZONE: "+01:00" }],
  ["CLASSIFY_APPLY_ABOVE", { CLASSIFY_APPLY_ABOVE: "0.4" }],
  ["CLASSIFY_APPLY_ABOVE", { CLASSIFY_APPLY_ABOVE: "1.1" }],
  ["CLASSIFY_APPLY_ABOVE", { CLASSIFY_APPLY_ABOVE: "90" }],
  ["CLASSIFY_APPLY_ABOVE", { CLASSIFY_APPLY_ABOVE: "90%" }],
  ["DESK_TIMEZONE", { DESK_TIMEZONE: "Berlin" }],
];

Deno.test("each wrong value is refused by its name, and no other is blamed for it", () => {
  for (const [name, env] of REFUSED) {
    const faults = faultsOf(env);
    assert.equal(faults.length, 1, JSON.stringify(env));
    assert.ok(faults[0]?.startsWith(`${name} `), faults[0]);
  }
});

Deno.test("a fault never shows a secret or a password", () => {
  const env = {
    JWT_SECRET: "my secret",
    JWT_SECRET_PREVIOUS: "my old one",
    ADMIN_PASSWORD: "mine",
  };
  const text = faultsOf(env).join(" ");
  assert.notEqual(text, "");
  for (const value of Object.values(env)) assert.ok(!text.includes(value), text);
});
