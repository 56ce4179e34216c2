import { isIPv4, isIPv6 } from "node:net";
import type { Context } from "hono";
import { getConnInfo } from "hono/deno";
import type { AppEnv } from "./context.ts";

/** Who has no address: a request that came over no connection. */
const UNKNOWN_ADDRESS = "unknown";

/** The address that a request came from, in the form in which clients are told apart. */
export function clientAddress(c: Context<AppEnv>): string {
  const { trustedProxies } = c.get("desk").config;
  return addressBehind(connectionAddress(c), c.req.header("X-Forwarded-For"), trustedProxies);
}

/** A request that a program hands to the app itself brings nothing of the platform's with it. */
function connectionAddress(c: Context<AppEnv>): string | undefined {
  const given: object = c.env ?? {};
  return "remoteAddr" in given ? getConnInfo(c).remote.address : undefined;
}

/**
 * The client's address, with so many proxies in front: each adds to the right of `X-Forwarded-For`
 * the address it was called from, and whatever stands further left anybody may have written. Where
 * the entry is missing or is no address, that of the connection counts.
 */
export function addressBehind(
  connection: string | undefined,
  forwardedFor: string | undefined,
  proxies: number,
): string {
  const entry = proxies === 0 ? undefined : forwardedFor?.split(",").at(-proxies);
  return canonicalAddress(entry ?? "") ?? canonicalAddress(connection ?? "") ?? UNKNOWN_ADDRESS;
}

/** An IPv4 address as it is, an IPv6 one as its /64; null for what is no address. */
function canonicalAddress(text: string): string | null {
  const address = withoutPort(text.trim());
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const groups = groupsOf(address);
  const [sixth = 0, seventh = 0, eighth = 0] = groups.slice(5);
  const isMapped = sixth === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  // The same client, whichever kind of socket took the call.
  if (isMapped) return [seventh >> 8, seventh & 255, eighth >> 8, eighth & 255].join(".");
  // One household or machine is given a whole /64, so that to count single addresses counts nobody.
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(":")}::/64`;
}

/** Some proxies write the port too: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([^:]*):\d+$/.exec(text)?.[1] ?? text;
}

/** The eight groups of an IPv6 address, however it is spelt. */
function groupsOf(address: string): number[] {
  const [bare = ""] = address.split("%"); // behind it stands the interface
  const { hostname } = new URL(`http://[${bare}]`); // lower case, no dotted tail
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  return [...front, ...zeros, ...back].map((group) => parseInt(group, 16));
}
