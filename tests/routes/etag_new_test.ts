import assert from "node:assert/strict";
import { finishApplying } from "../../domain/services/sla_apply.ts";
import { type Answer, openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";

Deno.test("what is not there is not said to be while an edit is carried to open tickets", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const admin = await desk.join("admin");
  const put = (path: string, body: object): Promise<Answer> =>
    callRaw(desk, admin, path, {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "If-None-Match": "*" },
    });
  const applied = async (): Promise<number> =>
    await finishApplying(desk.desk, String((await desk.desk.book.latest()).version));
  const always = { name: "Always", timezone: "UTC", alwaysOpen: true, departments: ["Billing"] };
  const calendar = "/api/sla/calendars/always";
  assert.equal((await put(calendar, always)).status, 201);
  await applied();
  // Another calendar has its department: that is what is in the way, and not that there is one.
  assertProblem(await put("/api/sla/calendars/other", always), 409, "conflict");
  assert.equal((await desk.call(admin, "DELETE", calendar)).status, 200);
  const fresh: [string, object][] = [
    [calendar, always],
    ["/api/sla/config/1/fresh", { responseTime: 5 }],
  ];
  const refused = await Promise.all(fresh.map(([path, body]) => put(path, body)));
  for (const answer of refused) assertProblem(answer, 409, "conflict");
  // What is there is told at once.
  for (const path of ["/api/sla/calendars/default", "/api/sla/config/1/general"]) {
    assertProblem(await put(path, { name: "Ours", responseTime: 5 }), 412, "stale");
  }
  for (const [path, body] of fresh) {
    await applied();
    assert.equal((await put(path, body)).status, 201, path);
  }
  await desk.assertSound();
});

Deno.test("a PUT with If-Match: * changes what is there, and makes nothing", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const put = (path: string, body: object, match: string): Promise<Answer> =>
    callRaw(desk, admin, path, {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "If-Match": match },
    });
  const always = { name: "Always", timezone: "UTC", alwaysOpen: true };
  const things: [string, object][] = [
    ["/api/sla/calendars/always", always],
    ["/api/sla/config/2/returns", { responseTime: 5 }],
  ];
  for (const [path, body] of things) {
    const refused = await put(path, body, "*");
    assertProblem(refused, 412, "stale");
    assert.match(refused.json.detail, /^There is none/);
    assertProblem(await desk.call(admin, "GET", path), 404, "not_found");
    assert.equal((await desk.call(admin, "PUT", path, body)).status, 201);
    assert.equal((await put(path, body, "*")).status, 200);
  }
  // What every desk has from the start is there though nobody has written it.
  for (const path of ["/api/sla/calendars/default", "/api/sla/config/1/general"]) {
    assert.equal((await put(path, {}, "*")).status, 200, path);
  }
  // What was deleted is not, though it is still stored.
  await desk.call(admin, "DELETE", "/api/sla/calendars/always");
  await desk.background.idle();
  assertProblem(await put("/api/sla/calendars/always", always, "*"), 412, "stale");
  await desk.assertSound();
});
