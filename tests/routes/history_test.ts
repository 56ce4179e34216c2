import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { open, say, type View } from "../support/work.ts";

Deno.test("a history is walked page by page, newest first, without a gap or a double", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await open(desk, customer);
  for (let turn = 0; turn < 7; turn++) {
    const visibility = turn % 2 === 0 ? "internal" : "public";
    await say(desk, agent, ticket, `Word ${turn}`, visibility);
  }
  for (const [reader, length] of [[agent, 8], [customer, 4]] as const) {
    const walked: View[] = [];
    let cursor: string | null = "";
    for (let pages = 0; pages < 10 && cursor !== null; pages++) {
      const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/api/tickets/${ticket.id}/history?limit=3${after}`;
      const { status, json } = await desk.call(reader, "GET", path);
      assert.equal(status, 200, JSON.stringify(json));
      assert.ok(json.data.length <= 3);
      walked.push(...json.data);
      cursor = json.nextCursor;
    }
    assert.equal(cursor, null);
    assert.equal(walked.length, length);
    assert.equal(walked.at(-1)?.action, "created");
    const whole = (await desk.call(reader, "GET", `/api/tickets/${ticket.id}`)).json.data.history;
    assert.deepEqual(walked, whole);
  }
  await desk.assertSound();
});
