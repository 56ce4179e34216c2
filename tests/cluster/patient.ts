import type { Cluster } from "../support/cluster.ts";
import type { Deed, Done } from "./deeds.ts";

/** Sends requests as a proxy before several processes does, and keeps how long it took. */
export interface Patient {
  send(deed: Deed): Promise<Done>;
  /** Milliseconds until an answer came, of whatever status and from whichever member. */
  readonly waitsMs: readonly number[];
  /** How often a member gave no answer, and how often one said by 503 that it could not. */
  readonly unanswered: number;
  readonly unavailable: number;
}

/** A member that has not answered by then is given up, and the next one asked. */
const GIVES_UP_MS = 6_000;
const PAUSE_MS = 100;
/** A request is sent this often at most: a cluster that is down for good is no desk to wait for. */
const TRIES_MAX = 60;

export function makePatient(cluster: Cluster): Patient {
  const waitsMs: number[] = [];
  let [unanswered, unavailable] = [0, 0];

  async function send(deed: Deed): Promise<Done> {
    let { member } = deed.by;
    let sentAt = performance.now();
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      const answer = await ask(cluster.memberFor(member).url, deed);
      if (answer === null) {
        unanswered += 1;
        member += 1;
        await pause(PAUSE_MS);
        continue;
      }
      waitsMs.push(performance.now() - sentAt);
      const isUnavailable = answer.status === 503;
      // The same request is still at work in a member that was given up.
      const isInProgress = answer.json?.code === "request_in_progress";
      if (!isUnavailable && !isInProgress) return { deed, answer, tries };
      if (isUnavailable) unavailable += 1;
      const retryAfterSeconds = answer.headers.get("Retry-After");
      if (isUnavailable && retryAfterSeconds === null) throw new Error("503 without Retry-After");
      await pause(Number(retryAfterSeconds ?? 1) * 1_000);
      sentAt = performance.now();
    }
    throw new Error(`No answer to ${deed.method} ${deed.path} in ${TRIES_MAX} tries`);
  }

  return {
    send,
    waitsMs,
    get unanswered() {
      return unanswered;
    },
    get unavailable() {
      return unavailable;
    },
  };
}

async function ask(url: string, deed: Deed): Promise<Done["answer"] | null> {
  try {
    const response = await fetch(`${url}${deed.path}`, {
      method: deed.method,
      headers: {
        "Authorization": `Bearer ${deed.by.token}`,
        "Content-Type": "application/json",
        ...(deed.key === null ? {} : { "Idempotency-Key": deed.key }),
      },
      body: JSON.stringify(deed.body),
      signal: AbortSignal.timeout(GIVES_UP_MS),
    });
    return {
      status: response.status,
      headers: response.headers,
      json: JSON.parse(await response.text()),
    };
  } catch (error) {
    // Nobody listens there, the connection was cut, or its time was up.
    const isSilence = error instanceof TypeError ||
      (error instanceof DOMException && error.name === "TimeoutError");
    if (isSilence) return null;
    throw error;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
