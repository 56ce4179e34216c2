import assert from "node:assert/strict";
import { openDesk, type TestDesk } from "../support/desk.ts";

/** Everything that the page makes a browser fetch. */
async function linksOf(desk: TestDesk): Promise<string[]> {
  const page = await (await desk.app.request("/docs")).text();
  return [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, link = ""]) => link);
}

Deno.test("the page about the API runs nothing but scripts of its own host", async () => {
  await using desk = await openDesk();
  const response = await desk.app.request("/docs");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/html/);
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  const rules = new Map(policy.split("; ").map((rule) => [rule.split(" ")[0], rule]));
  assert.equal(rules.get("default-src"), "default-src 'none'");
  assert.equal(rules.get("script-src"), "script-src 'self'");
  assert.equal(rules.get("connect-src"), "connect-src 'self'");
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  // A script that stood in the page would not run.
  assert.doesNotMatch(await response.text(), /<script(?! src=")|<style|style=|\son\w+=/);
  await desk.assertSound();
});

Deno.test("whatever the page needs is on its own host, and is kept until it changes", async () => {
  await using desk = await openDesk();
  const links = (await linksOf(desk)).filter((link) => link !== "/openapi.json");
  assert.equal(links.length, 3);
  for (const link of links) {
    assert.match(link, /^\/docs\/[\w.-]+\?v=[0-9a-f]+$/);
    const response = await desk.app.request(link);
    assert.equal(response.status, 200, link);
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/(css|javascript)/, link);
    assert.match(response.headers.get("Cache-Control") ?? "", /max-age=31536000, immutable/, link);
    assert.ok((await response.text()).length > 100, link);
    const tag = response.headers.get("ETag") ?? "";
    assert.match(tag, /^"[0-9a-f]+"$/, link);
    const again = await desk.app.request(link, { headers: { "If-None-Match": tag } });
    assert.deepEqual([again.status, await again.text()], [304, ""], link);
    const unversioned = await desk.app.request(link.split("?")[0] ?? "");
    assert.equal(unversioned.headers.get("Cache-Control"), "no-cache", link);
  }
  await desk.assertSound();
});

Deno.test("the page asks for the document of this very API, and for no validator", async () => {
  await using desk = await openDesk();
  const start = await (await desk.app.request("/docs/start.js")).text();
  assert.match(start, /url: "\/openapi\.json"/);
  assert.match(start, /validatorUrl: null/);
  await desk.assertSound();
});

Deno.test("there is nothing else beside the page", async () => {
  await using desk = await openDesk();
  for (const file of ["index.html", "constructor", "__proto__", "..%2fdeno.json", "%00"]) {
    assert.equal((await desk.call(null, "GET", `/docs/${file}`)).status, 404, file);
  }
  await desk.assertSound();
});
