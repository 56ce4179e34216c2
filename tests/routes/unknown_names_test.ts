import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { agentId, dataOf, look, open, openFor, type View } from "../support/work.ts";

const BALANCING = ["/api/workload/rebalance", "/api/workload/optimize"];

Deno.test("a misspelt dryRun is refused by its name, and nothing is given or moved", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ada = await desk.join("agent", { name: "Ada" });
  await desk.join("agent", { name: "Ben" });
  for (const priority of [1, 2, 3]) await openFor(desk, customer, ada, boss, { priority });
  await open(desk, customer, { department: "Support" });
  const tickets = "/api/tickets?fields=id,assignedTo,updatedAt";
  const before = await look(desk, boss, tickets);
  const known = "Is not known here; known are dryRun, department, maxMoves";
  const none = "Is not known: there are no query parameters here";
  const misspelt: [query: string, body: object | undefined, path: string, message: string][] = [
    ["", { dryrun: true }, "dryrun", known],
    ["", { dry_run: true, department: "Support" }, "dry_run", known],
    ["?dryRun=true", undefined, "dryRun", none],
    ["?dryRun=true", {}, "dryRun", none],
    ["?preview", { dryRun: true }, "preview", none],
  ];
  for (const path of BALANCING) {
    for (const [query, body, name, message] of misspelt) {
      const answer = await desk.call(boss, "POST", `${path}${query}`, body);
      assertProblem(answer, 400, "invalid_input");
      assert.equal(answer.json.detail, `Invalid ${name}: ${message}`);
      assert.deepEqual(answer.json.errors, [{ path: name, code: "unrecognized_keys", message }]);
    }
    assert.deepEqual(await look(desk, boss, tickets), before);
    // As it is spelt, it is heard.
    assert.equal(dataOf(await desk.call(boss, "POST", path, { dryRun: true }), 200).dryRun, true);
  }
  await desk.assertSound();
});

Deno.test("figures that are asked for by a name that is not known are refused, and say what is", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const { paths } = (await desk.call(null, "GET", "/openapi.json")).json;
  const figures = Object.keys(paths).filter((path) =>
    /^\/api\/(workload|analytics)\//.test(path) && "get" in paths[path]
  );
  assert.equal(figures.length, 7);
  for (const path of figures) {
    const answer = await desk.call(boss, "GET", `${path}?intervall=hour`);
    assertProblem(answer, 400, "invalid_input");
    const known = paths[path].get.parameters.map(({ name }: View) => name).join(", ");
    assert.equal(answer.json.detail, `Invalid intervall: Is not known here; known are ${known}`);
  }
  const many = Array.from({ length: 30 }, (_, index) => `x${index}=1`).join("&");
  const { json } = await desk.call(boss, "GET", `/api/workload/teams?${many}&${"y".repeat(100)}`);
  assert.equal(json.errors.length, 20);
  await desk.assertSound();
});

Deno.test("elsewhere what is not known is ignored, and the document says of each body which it is", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const opened = await open(desk, customer, { proirity: 1 });
  assert.equal(opened.priority, 2);
  const listed = await desk.call(customer, "GET", "/api/tickets?sortBy=priority");
  assert.equal(dataOf(listed, 200).length, 1);
  const { paths, info } = (await desk.call(null, "GET", "/openapi.json")).json;
  const closed = Object.keys(paths).filter((path) =>
    Object.values<View>(paths[path]).some(({ requestBody }) =>
      requestBody?.content["application/json"].schema.additionalProperties === false
    )
  );
  const handover = "/api/agents/{id}/handover";
  assert.deepEqual(
    closed.toSorted(),
    [handover, "/api/tickets/process-queue", ...BALANCING].toSorted(),
  );
  assert.match(info.description, /not known.*ignored/);
  await desk.assertSound();
});

Deno.test("by a misspelt name nothing is given, handed over or forgotten", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const admin = await desk.join("admin");
  const ada = await desk.join("agent", { name: "Ada" });
  const ben = await desk.join("agent", { name: "Ben" });
  await openFor(desk, customer, ada, admin);
  await open(desk, customer);
  const handover = `/api/agents/${agentId(ada)}/handover`;
  const misspelt: [method: string, path: string, body: object | undefined, name: string][] = [
    ["POST", "/api/tickets/process-queue", { dryrun: true }, "dryrun"],
    ["POST", "/api/tickets/process-queue?dryRun=true", undefined, "dryRun"],
    ["POST", handover, { too: agentId(ben) }, "too"],
    ["POST", `${handover}?to=${agentId(ben)}`, {}, "to"],
    ["DELETE", "/api/classification?relern=true", undefined, "relern"],
    ["DELETE", "/api/classification?relearn=true&fields=version", undefined, "fields"],
  ];
  const before = await stored(desk.desk.store);
  for (const [method, path, body, name] of misspelt) {
    const answer = await desk.call(admin, method, path, body);
    assertProblem(answer, 400, "invalid_input");
    assert.deepEqual(answer.json.errors.map(({ path }: View) => path), [name]);
  }
  assert.deepEqual(await stored(desk.desk.store), before);
  const { moved } = dataOf(await desk.call(admin, "POST", handover, { to: agentId(ben) }), 200);
  assert.deepEqual(moved.map(({ to }: View) => to), [agentId(ben)]);
  dataOf(await desk.call(admin, "DELETE", "/api/classification?relearn=true"), 200);
  await desk.assertSound();
});
