import assert from "node:assert/strict";
import { isPublicAddress, literalAddress, mayBePublicHost } from "../../domain/rules/address.ts";

const NOT_PUBLIC: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  unspecified: ["0.0.0.0", "::"],
  "this network": ["0.1.2.3"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0", "febf::1"],
  metadata: ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  "unique-local": ["fc00::1", "fdff::1"],
  "site-local": ["fec0::1"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  broadcast: ["255.255.255.255"],
  reserved: ["240.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"],
  "mapped IPv4": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1"],
  "compatible IPv4": ["::127.0.0.1", "::7f00:1"],
  "translated IPv4": ["64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001::1"],
  "outside of what is routed": ["4000::1", "5f00::1", "100::1"],
  "no address": ["", "example.com", "127.0.0.1.example.com", "1.2.3.4.5"],
};

for (const [what, addresses] of Object.entries(NOT_PUBLIC)) {
  Deno.test(`an address that is ${what} is not public`, () => {
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
  });
}

Deno.test("an address that anybody on the internet can reach is public", () => {
  const addresses = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.167.255.255"];
  for (const address of [...addresses, "2606:4700::1111", "2a00:1450:4001:830::200e"]) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

Deno.test("a host that is an address, however it is written, is judged as that address", () => {
  const written = ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "[::1]"];
  for (const host of [...written, "[::ffff:127.0.0.1]", "１２７.0.0.1"]) {
    const { hostname } = new URL(`http://${host}/`);
    assert.notEqual(literalAddress(hostname), null, host);
    assert.equal(mayBePublicHost(hostname), false, host);
  }
  assert.equal(mayBePublicHost(new URL("http://[2606:4700::1111]/").hostname), true);
});

Deno.test("a name that leads no further than here is not asked for", () => {
  const names = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "hooks.localhost",
    "printer.local",
    "metadata.google.internal",
    "nas.lan",
    "router.home.arpa",
    "intranet",
  ];
  for (const name of names) assert.equal(mayBePublicHost(name), false, name);
  for (const name of ["example.com", "localhost.example.com", "internal.example.com."]) {
    assert.equal(mayBePublicHost(name), true, name);
  }
});
