import { lookup as lookUp } from "node:dns";
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isPublicAddress, literalAddress } from "../rules/address.ts";
import { SECOND_MS } from "../rules/time.ts";
import type { SendOutcome } from "../rules/webhook_delivery.ts";

export interface SendRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the try at once; what comes of it then says nothing. */
  readonly signal?: AbortSignal;
}

/** Posts to a place outside the desk; never rejects. */
export type Send = (request: SendRequest) => Promise<SendOutcome>;

/** From the look-up to the end of what is read of the answer. */
const SEND_WITHIN_MS = 10 * SECOND_MS;
/** Of an answer only its status counts; this much is read, so that a receiver can end it in peace. */
const ANSWER_BYTES_MAX = 4 * 1_024;

/**
 * The real sender. It follows no redirect, and connects to public addresses alone, unless told
 * otherwise: the connection goes to the very address that was checked, so that a name that leads
 * elsewhere a moment later gains nothing.
 */
export function makeSender(mayBePrivate: boolean, resolve: typeof lookUp = lookUp): Send {
  const isAllowed = (address: string): boolean => mayBePrivate || isPublicAddress(address);
  const lookup = checkedLookup(isAllowed, resolve);
  return ({ url, headers, body, signal }) => {
    const target = new URL(url);
    const literal = literalAddress(target.hostname);
    // An address is not looked up, so nothing else would check it.
    if (literal !== null && !isAllowed(literal)) {
      return Promise.resolve({ failure: "address_refused" });
    }
    const timeout = AbortSignal.timeout(SEND_WITHIN_MS);
    const ends = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const request = target.protocol === "https:" ? requestHttps : requestHttp;
    // A connection of its own for each try: none is left over from another look-up.
    const createConnection = (): Socket => connectTo(target, lookup);
    const options = { method: "POST", headers, createConnection, signal: ends };
    return new Promise((settle) => {
      const sent = request(target, options, (answer) => settle(outcomeOf(sent, answer)));
      sent.on("error", (error) => settle({ failure: failureOf(error, timeout) }));
      sent.end(body);
    });
  };
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** The https module's own connections would want to read more of the machine than we are allowed. */
function connectTo({ protocol, hostname, port }: URL, lookup: LookupFunction): Socket {
  const literal = literalAddress(hostname);
  const host = literal ?? hostname;
  if (protocol === "http:") return connect({ host, port: Number(port) || HTTP_PORT, lookup });
  const to = { host, port: Number(port) || HTTPS_PORT, lookup };
  // A certificate names a host; only a name is asked for by name.
  return connectTls(literal === null ? { ...to, servername: hostname } : to);
}

class AddressRefused extends Error {}

/** Looks a name up and hands on the addresses that may be called; fails when there is none. */
function checkedLookup(
  isAllowed: (address: string) => boolean,
  resolve: typeof lookUp,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const allowed = (found ?? []).filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (error !== null) callback(error, "");
      else if (first === undefined) callback(new AddressRefused(), "");
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

async function outcomeOf(sent: ClientRequest, answer: IncomingMessage): Promise<SendOutcome> {
  const { statusCode: status = 0 } = answer;
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) break;
    }
  } catch {
    // It broke off behind its status, which is all that was asked for.
  }
  sent.destroy();
  return { status };
}

function failureOf(
  error: Error,
  timeout: AbortSignal,
): Extract<SendOutcome, { failure: string }>["failure"] {
  if (error instanceof AddressRefused) return "address_refused";
  return timeout.aborted ? "timeout" : "unreachable";
}
