import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
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

Deno.test("a request without a body is told apart from one whose body lacks the field body", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const path = `/api/tickets/${(await open(desk, customer)).id}/comments`;
  const details: [body: string | undefined, detail: string][] = [
    [undefined, "Invalid request body: Is missing"],
    ["", "Invalid request body: Is missing"],
    ["[]", "Invalid request body: Must be an object"],
    ["null", "Invalid request body: Must be an object"],
    ["{}", "Invalid body: Is missing"],
    ['{"body":7}', "Invalid body: Must be text"],
  ];
  for (const [body, detail] of details) {
    const answer = await callRaw(desk, customer, path, body === undefined ? {} : { body });
    assertProblem(answer, 400, "invalid_input");
    assert.equal(answer.json.detail, detail, body);
    assert.equal(answer.json.errors.length, 1, body);
  }
  // Nor with the type of one.
  const bare = await desk.app.request(path, {
    method: "POST",
    headers: { Authorization: `Bearer ${customer.token}` },
  });
  assert.deepEqual([bare.status, (await bare.json()).detail], [400, details[0]?.[1]]);
  assert.equal((await look(desk, customer, path)).length, 0);
  await desk.assertSound();
});
