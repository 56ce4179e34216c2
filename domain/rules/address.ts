import addresses from "ipaddr.js";

/** Reached from inside a cloud alone, though the address looks like any other. */
const METADATA_ADDRESSES: readonly string[] = ["168.63.129.16"];

/** Names that by definition lead to this machine, or no further than its own network. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;

/** All of what is routed in IPv6 lies in 2000::/3; what else the library knows no use for is none. */
const GLOBAL_IPV6_FIRST_BITS = 0b001;

/**
 * Whether an address is one of the internet's. Everything with a purpose of its own is not: loopback,
 * link-local, private, unique-local, shared (RFC 6598), multicast, and what maps or tunnels IPv4.
 */
export function isPublicAddress(address: string): boolean {
  if (!addresses.isValid(address) || METADATA_ADDRESSES.includes(address)) return false;
  const parsed = addresses.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || (parsed.toByteArray()[0] ?? 0) >> 5 === GLOBAL_IPV6_FIRST_BITS;
}

/** The address that a URL's host names itself, without a look-up; null for a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return addresses.isValid(bare) ? bare : null;
}

/** Whether a URL's host may be asked for at all; what a name leads to is seen at each look-up. */
export function mayBePublicHost(hostname: string): boolean {
  const address = literalAddress(hostname);
  if (address !== null) return isPublicAddress(address);
  const name = hostname.toLowerCase().replace(/\.$/, "");
  return name.includes(".") && !LOCAL_NAMES.test(name);
}
