import assert from "node:assert/strict";
import { ROLES } from "../../domain/rules/actor.ts";
import { isActive, type User } from "../../domain/rules/user.ts";
import {
  editUser,
  type Engagement,
  engagementAfter,
  losesAdministrator,
} from "../../domain/rules/user_edit.ts";
import { OPENED } from "../support/builders.ts";

const USER: User = {
  schema: 1,
  id: "user-1",
  name: "Ada",
  email: "ada@example.com",
  role: "user",
  passwordHash: "hash",
  sessionsValidFrom: OPENED,
  createdAt: OPENED,
};
const AT = OPENED + 1_000;
const GONE = editUser(USER, { active: false }, AT);

Deno.test("an edit keeps what it does not name, and no session ends by it", () => {
  assert.deepEqual(editUser(USER, {}, AT), USER);
  const changes = { name: "Eve", email: "eve@example.com", role: "admin" } as const;
  assert.deepEqual(editUser(USER, changes, AT), { ...USER, ...changes });
});

Deno.test("a new password voids every session that has begun by now", () => {
  const edited = editUser(USER, { passwordHash: "other" }, AT);
  const dated = { passwordChangedAt: AT, sessionsValidFrom: AT + 1 };
  assert.deepEqual(edited, { ...USER, passwordHash: "other", ...dated });
});

Deno.test("a deactivation voids every session, is dated once, and leaves no trace when undone", () => {
  assert.deepEqual(GONE, { ...USER, sessionsValidFrom: AT + 1, deactivatedAt: AT });
  assert.equal(isActive(GONE), false);
  assert.deepEqual(editUser(GONE, { active: false }, AT + 9), GONE);
  assert.deepEqual(editUser(GONE, { name: "Eve" }, AT + 9), { ...GONE, name: "Eve" });
  const back = editUser(GONE, { active: true }, AT + 9);
  // The sessions of before stay void.
  assert.deepEqual(back, { ...USER, sessionsValidFrom: AT + 1 });
});

Deno.test("whoever becomes or is again an agent is engaged, whoever ceases to be one leaves", () => {
  const after = (from: User["role"], role: User["role"]): Engagement =>
    engagementAfter({ ...USER, role: from }, { ...USER, role });
  const table = ROLES.map((from) => ROLES.map((to) => after(from, to)));
  assert.deepEqual(table, [
    // to user, agent, supervisor, admin
    ["leave", "engage", "keep", "keep"],
    ["leave", "keep", "leave", "leave"],
    ["leave", "engage", "keep", "keep"],
    ["leave", "engage", "keep", "keep"],
  ]);
  for (const role of ROLES) {
    const active = { ...USER, role };
    const gone = { ...GONE, role };
    assert.equal(engagementAfter(active, gone), "leave", role);
    assert.equal(engagementAfter(gone, gone), "leave", role);
  }
  const agent = { ...USER, role: "agent" } as const;
  assert.equal(engagementAfter({ ...GONE, role: "agent" }, agent), "engage");
});

Deno.test("an administrator is lost by another role and by deactivation alone", () => {
  const admin = { ...USER, role: "admin" } as const;
  const gone = { ...GONE, role: "admin" } as const;
  assert.equal(losesAdministrator(admin, USER), true);
  assert.equal(losesAdministrator(admin, gone), true);
  assert.equal(losesAdministrator(admin, { ...admin, name: "Eve" }), false);
  assert.equal(losesAdministrator(gone, GONE), false);
  assert.equal(losesAdministrator(gone, admin), false);
  assert.equal(losesAdministrator(USER, admin), false);
});
