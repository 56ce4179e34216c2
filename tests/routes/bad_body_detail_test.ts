import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { look, open } from "../support/work.ts";

Deno.test("an edit of a ticket that names nothing it could edit is told what it could", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const path = `/api/tickets/${(await open(desk, boss)).id}`;
  const before = await look(desk, boss, path);
  for (const body of [{ status: "closed" }, { assignedTo: null }, {}]) {
    const answer = await desk.call(boss, "PATCH", path, body);
    assertProblem(answer, 400, "invalid_input");
    const { paths } = (await desk.call(null, "GET", "/openapi.json")).json;
    const { schema } = paths["/api/tickets/{id}"].patch.requestBody.content["application/json"];
    const names = Object.keys(schema.properties).join(", ");
    assert.ok(answer.json.detail.includes(`: Must name one of ${names}; `), answer.json.detail);
    assert.match(answer.json.detail, /status and assignment have routes of their own$/);
  }
  assert.deepEqual(await look(desk, boss, path), before);
  await desk.assertSound();
});
