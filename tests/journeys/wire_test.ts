import assert from "node:assert/strict";
import { startServer, temporaryStorePath } from "../support/server.ts";

Deno.test("a large answer is compressed for whoever takes it so, and HEAD tells how long it is", async () => {
  await using store = await temporaryStorePath();
  await using server = await startServer(store.path);
  const document = `${server.url}/openapi.json`;
  const plain = await fetch(document, { headers: { "Accept-Encoding": "identity" } });
  const text = await plain.text();
  assert.equal(plain.headers.get("Content-Encoding"), null);
  for (const encoding of ["gzip", "br"]) {
    const response = await fetch(document, { headers: { "Accept-Encoding": encoding } });
    assert.equal(response.headers.get("Content-Encoding"), encoding);
    assert.match(response.headers.get("Vary") ?? "", /accept-encoding/i);
    assert.equal(await response.text(), text);
  }
  const head = await fetch(document, {
    method: "HEAD",
    headers: { "Accept-Encoding": "identity" },
  });
  assert.equal(head.headers.get("Content-Length"), String(new TextEncoder().encode(text).length));
  assert.equal(await server.stop(), 0);
});
