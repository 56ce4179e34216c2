import assert from "node:assert/strict";
import { contractOfServer } from "./contract.ts";
import type { Answer } from "./desk.ts";

/** A client of a started server: JSON in, JSON out, with one person's token. */
export interface Client {
  readonly token: string | null;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The `data` of an answer that must have this status. */
  get(path: string): Promise<Answer["json"]>;
  post(path: string, body?: unknown, status?: number): Promise<Answer["json"]>;
  put(path: string, body?: unknown): Promise<Answer["json"]>;
}

export function client(url: string, token: string | null, triesMax = 1): Client {
  /** A desk with too much to do says so by 503; a patient client comes again when it is told to. */
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let tries = 1;; tries++) {
      const answer = await ask(method, path, body);
      if (answer.status !== 503 || tries >= triesMax) return answer;
      const seconds = Number(answer.headers.get("Retry-After"));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  }

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const assertDescribed = await contractOfServer(url);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await assertDescribed(method, path, response.clone());
    return { status: response.status, headers: response.headers, json: await response.json() };
  }
  async function data(status: number, answer: Promise<Answer>): Promise<Answer["json"]> {
    const { status: actual, json } = await answer;
    assert.equal(actual, status, JSON.stringify(json));
    return json.data;
  }
  return {
    token,
    call,
    get: (path) => data(200, call("GET", path)),
    post: (path, body, status = 201) => data(status, call("POST", path, body)),
    put: (path, body) => data(200, call("PUT", path, body)),
  };
}

/** Logs in, or registers, and gives the client of that account. */
export async function enter(url: string, path: string, body: unknown): Promise<Client> {
  const { status, json } = await client(url, null).call("POST", path, body);
  assert.ok(status === 200 || status === 201, JSON.stringify(json));
  return client(url, json.token);
}
