import type { Context } from "hono";
import { getConnInfo } from "hono/deno";
import type { AppEnv } from "./context.ts";

const UNKNOWN = "unknown";

/**
 * Where a request comes from: the address of the connection, or what the outermost of the trusted
 * proxies says it was called from. Of an IPv6 address the network, of which one client has many.
 */
export function clientAddress(c: Context<AppEnv>): string {
  const { trustedProxies } = c.get("desk").config;
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",").map((each) => each.trim());
  const told = trustedProxies === 0 ? undefined : forwarded.at(-trustedProxies);
  return networkOf(isAddress(told) ? told : connectionAddress(c));
}

function connectionAddress(c: Context<AppEnv>): string {
  // Requests that a test makes by itself come over no connection.
  const info = c.env as { readonly remoteAddr?: unknown } | undefined;
  return info?.remoteAddr === undefined ? UNKNOWN : getConnInfo(c).remote.address ?? UNKNOWN;
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined &&
    (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || URL.canParse(`http://[${text}]`));
}

const NETWORK_GROUPS = 4;

function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(":");
}
