import assert from "node:assert/strict";
import { type Config, parseConfig } from "../../domain/config.ts";
import type { Live } from "../../domain/live/live.ts";
import type { Actor, Role } from "../../domain/rules/actor.ts";
import type { AgentChanges } from "../../domain/rules/agent_edit.ts";
import { isRefusal, type Refusal, type RefusalCode } from "../../domain/rules/refusal.ts";
import { editAgent, getAgentOfUser } from "../../domain/services/agents.ts";
import { type Background, startBackground } from "../../domain/services/background.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import type { OpenAgain } from "../../domain/services/readiness.ts";
import { actorOf } from "../../domain/services/principals.ts";
import { beginSession, grant } from "../../domain/services/sessions.ts";
import { addUser } from "../../domain/services/users.ts";
import type { Send } from "../../domain/services/webhook_sender.ts";
import { examine } from "../../domain/store/doctor.ts";
import type { Fault } from "../../domain/store/doctor_indexes.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { createApp } from "../../routes/app.ts";
import { startDeskLive } from "../../routes/live.ts";
import { contractOfApp } from "./contract.ts";
import { type EventContract, holdEvents } from "./event_contract.ts";
import { countedSources, type FakeClock, fakeClock } from "./time.ts";

/** A person of the desk, logged in. */
export interface Person {
  readonly actor: Actor;
  readonly token: string;
  readonly refreshToken: string;
  readonly email: string;
}

/** A whole desk in memory with a clock of its own; close it by `await using`. */
export interface TestDesk extends AsyncDisposable {
  readonly desk: Desk;
  readonly clock: FakeClock;
  readonly live: Live;
  readonly background: Background;
  readonly app: ReturnType<typeof createApp>;
  /** Adds a person with the password `PASSWORD`; an agent is online and as `agent` says. */
  join(role: Role, options?: { name?: string; agent?: AgentChanges }): Promise<Person>;
  /** A request as JSON, with this person's token. */
  call(person: Person | null, method: string, path: string, body?: unknown): Promise<Answer>;
  /** What sockets and webhooks were told of by now. */
  readonly events: EventContract;
  /** Fails unless every invariant of the store holds, and every event was told as is described. */
  assertSound(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- whatever the server says, for assertions
  readonly json: any;
}

export const PASSWORD = "correct horse battery";

/** Hashes as cheaply as scrypt can: these passwords guard nothing. */
const PASSWORD_COST_LOG2 = 4;

/** Nothing leaves a desk of tests by itself. */
const SENDS_NOTHING: Send = () => Promise.resolve({ failure: "unreachable" });

export async function openDesk(
  env: Readonly<Record<string, string>> = {},
  send: Send = SENDS_NOTHING,
): Promise<TestDesk> {
  const clock = fakeClock();
  const store = await openStore(":memory:", countedSources(clock));
  const desk = await makeDesk(store, testConfig(env), makePasswords(PASSWORD_COST_LOG2), send);
  const live = await startDeskLive(desk);
  const background = startBackground(desk);
  const app = keepingContract(createApp({ desk, hub: live.hub, openAgain: connectionsTo(store) }));
  const events = holdEvents(store, app);
  const passwordHash = granted(await desk.passwords.hash(PASSWORD));
  let people = 0;

  return {
    desk,
    clock,
    live,
    background,
    app,
    events,
    async join(role, { name, agent } = {}) {
      people += 1;
      const registration = {
        name: name ?? `${role} ${people}`,
        email: `${role}${people}@example.com`,
        role,
      };
      const { user, session } = granted(
        await transact(store, async (tx) => {
          const user = granted(await addUser(desk, tx, registration, passwordHash));
          return { user, session: beginSession(desk, tx, user) };
        }),
      );
      if (role === "agent") {
        const { record } = granted(await getAgentOfUser(desk, user.id));
        const changes = { status: "online" as const, ...agent };
        granted(await editAgent(desk, SETUP, record.id, changes));
      }
      const { token, refreshToken } = await grant(desk, session);
      const actor = await actorOf(store, user, { id: session.sessionId });
      return { actor, token, refreshToken, email: registration.email };
    },
    async call(person, method, path, body) {
      const response = await app.request(path, {
        method,
        headers: {
          ...(person === null ? {} : { Authorization: `Bearer ${person.token}` }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
      const json = isJson && text !== "" ? JSON.parse(text) : null;
      return { status: response.status, headers: response.headers, json };
    },
    async assertSound() {
      await background.idle();
      assert.deepEqual(await faultsOf(store), []);
      assert.deepEqual(events.faults, []);
    },
    async [Symbol.asyncDispose]() {
      await background.stop();
      await live.stop();
      store.close();
    },
  };
}

/** A store in memory has one connection; this makes it look like one that has many. */
export function connectionsTo({ reader }: Store): OpenAgain {
  return () => Promise.resolve({ get: reader.get.bind(reader), close: () => {} });
}

/** The app, every answer of which must be one that its document describes. */
function keepingContract(app: TestDesk["app"]): TestDesk["app"] {
  const assertDescribed = contractOfApp(app);
  const request = app.request;
  app.request = async (input, init, ...rest) => {
    const response = await request(input, init, ...rest);
    const url = typeof input === "object" && "url" in input ? input.url : String(input);
    const method = input instanceof Request ? input.method : init?.method ?? "GET";
    await assertDescribed(method, url, response.clone());
    return response;
  };
  return app;
}

export async function faultsOf(store: Parameters<typeof examine>[0]): Promise<Fault[]> {
  return await Array.fromAsync(examine(store));
}

export function testConfig(env: Readonly<Record<string, string>> = {}): Config {
  // Everybody in a test has one address, and more to ask than anybody would.
  const unlimited = { RATE_LIMIT_PER_MINUTE: "0", AUTH_RATE_LIMIT_PER_MINUTE: "0" };
  const config = parseConfig({ APP_ENV: "test", ...unlimited, ...env });
  if ("faults" in config) throw new Error(config.faults.join(" "));
  return config;
}

/** Somebody who may edit agents while a desk is set up. */
export const SETUP: Actor = {
  userId: "setup",
  name: "Setup",
  role: "supervisor",
  sessionId: "setup",
  agent: null,
};

/** The value of a verb that must not have been refused. */
export function granted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.refused}: ${outcome.detail}`);
  return outcome;
}

/** The code of a verb that must have been refused. */
export function refusalOf(outcome: unknown): RefusalCode {
  if (!isRefusal(outcome)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.refused;
}
