import assert from "node:assert/strict";
import { granted, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { editUser } from "../../domain/services/user_edit.ts";
import { assertProblem } from "../support/problem.ts";
import { dataOf, look, type View, walk } from "../support/work.ts";

/** People whose names and addresses begin alike; the administrator first. */
async function crowd(desk: TestDesk): Promise<{ admin: Person; names: string[] }> {
  const admin = await desk.join("admin", { name: "Zoe" });
  const names = ["Ada", "ada lovelace", "ÁDÁM", "Adele", "Bea Ada", "Agent", "Übel"];
  for (const name of names) await desk.join("user", { name });
  return { admin, names };
}

function namesOf(users: readonly View[]): string[] {
  return users.map(({ name }) => name);
}

Deno.test("users are found by how a name or an address begins, whatever its case and accents", async () => {
  await using desk = await openDesk();
  const { admin } = await crowd(desk);
  await desk.join("agent", { name: "Ulf" });
  const cases: [string, string[]][] = [
    ["ada", ["Ada", "ada lovelace", "ÁDÁM"]],
    ["ADÁ", ["Ada", "ada lovelace", "ÁDÁM"]],
    ["ada l", ["ada lovelace"]],
    [" adel ", ["Adele"]],
    ["lovelace", []],
    ["ub", ["Übel"]],
    // First by the address, agent9@…, then by the name.
    ["agent", ["Ulf", "Agent"]],
    ["admin", ["Zoe"]],
    ["%", []],
    ["user2@example.com", ["Ada"]],
  ];
  for (const [search, expected] of cases) {
    const path = `/api/users?search=${encodeURIComponent(search)}`;
    assert.deepEqual(namesOf(await look(desk, admin, path)), expected, search);
    assert.deepEqual(namesOf(await walk(desk, admin, `${path}&limit=1`)), expected, search);
  }
  await desk.assertSound();
});

Deno.test("nobody is found twice who fits by name and address, on pages of any size", async () => {
  await using desk = await openDesk();
  const { admin } = await crowd(desk);
  // By the address too: user9@example.com.
  await desk.join("user", { name: "User" });
  for (let index = 0; index < 5; index++) await desk.join("agent", { name: `user ${index}` });
  const all = await look(desk, admin, "/api/users?search=u&limit=100");
  assert.equal(new Set(all.map(({ id }: View) => id)).size, all.length);
  assert.deepEqual(namesOf(all).slice(-5), ["user 0", "user 1", "user 2", "user 3", "user 4"]);
  assert.equal(all.length, 13);
  for (const limit of [1, 2, 3, 7, 8, 9, 12, 13]) {
    assert.deepEqual(await walk(desk, admin, `/api/users?search=u&limit=${limit}`), all);
  }
  await desk.assertSound();
});

Deno.test("users are listed by role and by whether they are active, in the order they were made", async () => {
  await using desk = await openDesk();
  const { admin, names } = await crowd(desk);
  const agents: Person[] = [];
  for (let index = 0; index < 4; index++) agents.push(await desk.join("agent"));
  const [, gone = admin] = agents;
  granted(await editUser(desk.desk, admin.actor, gone.actor.userId, { active: false }));
  const others = agents.filter((agent) => agent !== gone);
  const nameOf = ({ actor }: Person): string => actor.name;
  const cases: [string, string[]][] = [
    ["", ["Zoe", ...names, ...agents.map(nameOf)]],
    ["role=user", names],
    ["role=agent", agents.map(nameOf)],
    ["role=admin", ["Zoe"]],
    ["role=supervisor", []],
    ["role=agent&active=true", others.map(nameOf)],
    ["role=agent&active=false", [gone.actor.name]],
    ["active=false", [gone.actor.name]],
    ["search=a&active=false", [gone.actor.name]],
    ["search=a&role=admin", ["Zoe"]],
  ];
  for (const [query, expected] of cases) {
    const path = `/api/users?${query}`;
    assert.deepEqual(namesOf(await look(desk, admin, path)), expected, query);
    assert.deepEqual(namesOf(await walk(desk, admin, `${path}&limit=2`)), expected, query);
  }
  await desk.assertSound();
});

Deno.test("a renamed user is found by the new name alone, and one who is deactivated still is", async () => {
  await using desk = await openDesk();
  const { admin } = await crowd(desk);
  const [ada] = await look(desk, admin, "/api/users?search=ada&limit=1");
  const changes = { name: "Grace", email: "grace@example.com", active: false };
  dataOf(await desk.call(admin, "PUT", `/api/users/${ada.id}`, changes), 200);
  assert.deepEqual(namesOf(await look(desk, admin, "/api/users?search=grace")), ["Grace"]);
  const found = namesOf(await look(desk, admin, "/api/users?search=ada"));
  assert.deepEqual(found, ["ada lovelace", "ÁDÁM"]);
  assert.deepEqual(await look(desk, admin, `/api/users?search=user2`), []);
  await desk.assertSound();
});

Deno.test("a cursor of one search does not go on with another", async () => {
  await using desk = await openDesk();
  const { admin } = await crowd(desk);
  const { json } = await desk.call(admin, "GET", "/api/users?search=ada&limit=1");
  const path = `/api/users?search=add&limit=1&cursor=${json.nextCursor}`;
  assertProblem(await desk.call(admin, "GET", path), 400, "invalid_input");
  await desk.assertSound();
});

Deno.test("a user whom somebody else changed meanwhile is not overwritten", async () => {
  await using desk = await openDesk();
  const { admin } = await crowd(desk);
  const person = await desk.join("user");
  const path = `/api/users/${person.actor.userId}`;
  const read = await desk.call(admin, "GET", path);
  const put = (body: object): Promise<Response> =>
    Promise.resolve(desk.app.request(path, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${admin.token}`,
        "Content-Type": "application/json",
        "If-Match": read.headers.get("ETag") ?? "",
      },
      body: JSON.stringify(body),
    }));
  assert.equal((await put({ name: "First" })).status, 200);
  assert.equal((await put({ name: "Second" })).status, 412);
  assert.equal((await look(desk, admin, path)).name, "First");
  await desk.assertSound();
});

Deno.test("a search for nothing that could be found is refused", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  for (const search of ["", " ", "\u0301"]) {
    const path = `/api/users?search=${encodeURIComponent(search)}`;
    assertProblem(await desk.call(admin, "GET", path), 400, "invalid_input");
  }
});
