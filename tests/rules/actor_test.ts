import assert from "node:assert/strict";
import {
  type Actor,
  departmentsOf,
  isStaff,
  may,
  maySeeTicket,
  type Permission,
  type Role,
  ROLES,
  supervises,
} from "../../domain/rules/actor.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicket,
  CUSTOMER_ID,
  everyRole,
  theCustomer,
} from "../support/builders.ts";

const EVERYBODY: readonly Role[] = ["user", "agent", "supervisor", "admin"];
const STAFF: readonly Role[] = ["agent", "supervisor", "admin"];
const SUPERVISORS: readonly Role[] = ["supervisor", "admin"];
const ADMINISTRATORS: readonly Role[] = ["admin"];

/** The table of product.md, by who has the right at all; rights over one ticket also need its sight. */
const TABLE: Readonly<Record<Permission, readonly Role[]>> = {
  open_ticket: EVERYBODY,
  read_ticket: EVERYBODY,
  comment: EVERYBODY,
  edit_ticket: EVERYBODY, // a customer may edit the texts of its own
  change_status: EVERYBODY, // a customer may close its own
  own_account: EVERYBODY,
  write_internal_note: STAFF,
  claim: STAFF,
  see_queue: STAFF,
  list_agents: STAFF,
  set_own_agent_status: STAFF,
  read_shifts: STAFF,
  change_own_shifts: STAFF,
  read_sla_configuration: STAFF,
  read_metrics: STAFF, // an agent its own
  claim_for_others: SUPERVISORS,
  assign_others: SUPERVISORS,
  resolve_escalation: SUPERVISORS,
  process_queue: SUPERVISORS,
  set_any_agent_status: SUPERVISORS,
  change_any_shift: SUPERVISORS,
  edit_agents: SUPERVISORS,
  hand_over_own: STAFF,
  hand_over_any: SUPERVISORS,
  create_agents: ADMINISTRATORS,
  manage_users: ADMINISTRATORS,
  create_privileged_users: ADMINISTRATORS,
  edit_sla_configuration: ADMINISTRATORS,
  manage_webhooks: ADMINISTRATORS,
  read_predictions: SUPERVISORS, // they are of the desk as a whole
  manage_classification: ADMINISTRATORS,
  balance_work: SUPERVISORS,
  rate_ticket: ["user"], // what it opened
};

Deno.test("every role has exactly the permissions of the table", () => {
  assert.deepEqual(ROLES, EVERYBODY);
  const permissions = Object.keys(TABLE) as Permission[]; // keys of a Record<Permission, …>
  for (const actor of everyRole()) {
    for (const permission of permissions) {
      const expected = TABLE[permission].includes(actor.role);
      assert.equal(may(actor, permission), expected, `${actor.role}: ${permission}`);
    }
  }
});

Deno.test("agents, supervisors and administrators are staff, and the last two supervise", () => {
  const staff = everyRole().filter(isStaff).map(({ role }) => role);
  assert.deepEqual(staff, STAFF);
  const supervising = everyRole().filter(supervises).map(({ role }) => role);
  assert.deepEqual(supervising, SUPERVISORS);
});

const ADA = anAgent("Ada", { department: "Support", teams: ["Returns", "Café"] });

Deno.test("an agent sees what is its own, its department's, a team's, general or opened by it", () => {
  const ben = { agentId: "agent-ben", userId: "user-ben" };
  const ada = { agentId: ADA.id, userId: ADA.userId };
  const cases: [string, Parameters<typeof aTicket>[0], boolean][] = [
    ["assigned to it", { department: "Sales", assignee: ada }, true],
    ["opened by it", { department: "Sales", createdBy: ADA.userId }, true],
    ["in its department", { department: "Support", assignee: ben }, true],
    ["in its department by another spelling", { department: " SUPPORT" }, true],
    ["in a team of it", { department: "returns" }, true],
    ["in a team with an accent", { department: "CAFE\u0301" }, true],
    ["in general", { department: "general", assignee: ben }, true],
    ["in general by another spelling", { department: "General" }, true],
    ["in another department", { department: "Sales" }, false],
    ["assigned to another elsewhere", { department: "Sales", assignee: ben }, false],
    ["in a department that only begins like its own", { department: "Support 2" }, false],
  ];
  for (const [what, ticket, expected] of cases) {
    assert.equal(maySeeTicket(actorFor(ADA), aTicket(ticket)), expected, what);
  }
});

Deno.test("a customer sees its own tickets and nothing else, not even in general", () => {
  for (const department of ["general", "Support", "Sales"]) {
    assert.equal(maySeeTicket(theCustomer(), aTicket({ department })), true);
    assert.equal(maySeeTicket(anActor("user"), aTicket({ department })), false);
  }
  const assignee = { agentId: ADA.id, userId: "user-user" };
  assert.equal(maySeeTicket(anActor("user"), aTicket({ assignee })), false);
});

Deno.test("supervisors and administrators see every ticket", () => {
  for (const role of SUPERVISORS) {
    for (const department of ["general", "Support", "Sales"]) {
      assert.equal(maySeeTicket(anActor(role), aTicket({ department })), true, role);
    }
  }
});

Deno.test("an agent without a record sees only what it opened", () => {
  const nobody: Actor = anActor("agent");
  assert.equal(maySeeTicket(nobody, aTicket()), false);
  assert.equal(maySeeTicket(nobody, aTicket({ createdBy: nobody.userId })), true);
  assert.equal(maySeeTicket({ ...nobody, userId: CUSTOMER_ID }, aTicket()), true);
});

Deno.test("an agent's departments are its own, its teams' and general, each once and folded", () => {
  const membership = { id: "agent-1", department: "Support", teams: ["SUPPORT ", "General", "B"] };
  assert.deepEqual(departmentsOf(membership).sort(), ["b", "general", "support"]);
});
