import assert from "node:assert/strict";
import { Hono } from "hono";
import { addressBehind, clientAddress } from "../../routes/http/client_address.ts";
import type { AppEnv } from "../../routes/http/context.ts";
import { openDesk } from "../support/desk.ts";

Deno.test("without a proxy the connection's address counts, whatever the headers say", () => {
  assert.equal(addressBehind("192.0.2.1", undefined, 0), "192.0.2.1");
  assert.equal(addressBehind("192.0.2.1", "198.51.100.7", 0), "192.0.2.1");
  assert.equal(addressBehind("192.0.2.1", "198.51.100.7, 203.0.113.9", 0), "192.0.2.1");
});

Deno.test("behind proxies it is the entry that the outermost of them wrote", () => {
  const header = "203.0.113.66,  198.51.100.7 ,198.51.100.8";
  const cases: [proxies: number, address: string][] = [
    [1, "198.51.100.8"],
    [2, "198.51.100.7"],
    [3, "203.0.113.66"],
  ];
  for (const [proxies, address] of cases) {
    assert.equal(addressBehind("192.0.2.1", header, proxies), address);
  }
});

Deno.test("an entry that is missing or no address leaves the connection's", () => {
  const headers = [undefined, "", " , ", "nonsense", "198.51.100.7, ", "1.2.3", "999.1.1.1", "::g"];
  for (const header of headers) assert.equal(addressBehind("192.0.2.1", header, 1), "192.0.2.1");
  assert.equal(addressBehind("192.0.2.1", "198.51.100.7", 2), "192.0.2.1");
  assert.equal(addressBehind(undefined, undefined, 0), "unknown");
  assert.equal(addressBehind(undefined, "nonsense", 1), "unknown");
  assert.equal(addressBehind("/run/desk.sock", undefined, 0), "unknown");
});

Deno.test("an address counts as its client, in every spelling that it has", () => {
  const cases: [text: string, address: string][] = [
    ["198.51.100.7:52100", "198.51.100.7"],
    ["::ffff:198.51.100.7", "198.51.100.7"],
    ["::FFFF:C633:6407", "198.51.100.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::9]", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::9", "2001:db8:1:3::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
  ];
  for (const [text, address] of cases) {
    assert.equal(addressBehind(text, undefined, 0), address, text);
    assert.equal(addressBehind("192.0.2.1", text, 1), address, text);
  }
});

Deno.test("the address comes from the platform's connection, and is unknown without one", async () => {
  await using desk = await openDesk();
  const app = new Hono<AppEnv>().get("/", (c) => {
    c.set("desk", desk.desk);
    return c.text(clientAddress(c));
  });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    app.fetch,
  );
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  assert.equal(await response.text(), "127.0.0.1");
  assert.equal(await (await app.request("/")).text(), "unknown");
  await desk.assertSound();
});
