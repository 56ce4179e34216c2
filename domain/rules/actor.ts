import { fold } from "./skill.ts";

export const ROLES = ["user", "agent", "supervisor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Whoever asks, with what decides what they may see and do. */
export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly sessionId: string;
  /** The agent's record in short, for those who work tickets. */
  readonly agent: Membership | null;
}

/** Where an agent belongs. */
export interface Membership {
  readonly id: string;
  readonly department: string;
  readonly teams: readonly string[];
}

export type Permission =
  | "open_ticket"
  | "read_ticket"
  | "comment"
  | "write_internal_note"
  | "edit_ticket"
  | "change_status"
  | "claim"
  | "claim_for_others"
  | "assign_others"
  | "resolve_escalation"
  | "process_queue"
  | "see_queue"
  | "list_agents"
  | "set_own_agent_status"
  | "set_any_agent_status"
  | "read_shifts"
  | "change_own_shifts"
  | "change_any_shift"
  | "edit_agents"
  | "hand_over_own"
  | "hand_over_any"
  | "create_agents"
  | "read_sla_configuration"
  /** An agent its own figures, a supervisor all. */
  | "read_metrics"
  | "edit_sla_configuration"
  | "create_privileged_users"
  | "manage_users"
  | "manage_webhooks"
  | "read_predictions"
  | "manage_classification"
  | "own_account"
  | "balance_work"
  /** One's own, once it is resolved. */
  | "rate_ticket";

const EVERYBODY: readonly Permission[] = [
  "open_ticket",
  "read_ticket",
  "comment",
  "edit_ticket",
  "change_status",
  "own_account",
];
const STAFF: readonly Permission[] = [
  ...EVERYBODY,
  "write_internal_note",
  "claim",
  "see_queue",
  "list_agents",
  "set_own_agent_status",
  "read_shifts",
  "change_own_shifts",
  "hand_over_own",
  "read_sla_configuration",
  "read_metrics",
];
const SUPERVISING: readonly Permission[] = [
  ...STAFF,
  "claim_for_others",
  "assign_others",
  "resolve_escalation",
  "process_queue",
  "set_any_agent_status",
  "change_any_shift",
  "edit_agents",
  "hand_over_any",
  "read_predictions",
  "balance_work",
];
const ADMINISTERING: readonly Permission[] = [
  ...SUPERVISING,
  "create_agents",
  "create_privileged_users",
  "manage_users",
  "edit_sla_configuration",
  "manage_webhooks",
  "manage_classification",
];

/** The one table of who may do what. Rights over a single ticket also need `maySeeTicket`. */
const PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  user: new Set([...EVERYBODY, "rate_ticket"]),
  agent: new Set(STAFF),
  supervisor: new Set(SUPERVISING),
  admin: new Set(ADMINISTERING),
};

export function may(actor: Pick<Actor, "role">, permission: Permission): boolean {
  return PERMISSIONS[actor.role].has(permission);
}

/** Agents, supervisors and administrators; everybody else is a customer. */
export function isStaff(actor: Actor): boolean {
  return actor.role !== "user";
}

export function supervises(actor: Pick<Actor, "role">): boolean {
  return actor.role === "supervisor" || actor.role === "admin";
}

export const GENERAL_DEPARTMENT = "general";

/** The folded names of the departments whose tickets an agent sees: its own, its teams', general. */
export function departmentsOf(membership: Membership): string[] {
  const names = [membership.department, ...membership.teams, GENERAL_DEPARTMENT];
  return [...new Set(names.map(fold))];
}

/** What decides who may see a ticket; events carry it, so that the live side can decide alone. */
export interface TicketScope {
  readonly department: string;
  readonly createdBy: string;
  readonly assignee: { readonly agentId: string; readonly userId: string } | null;
}

/** What somebody may not see does not exist for them. */
export function maySeeTicket(
  actor: Pick<Actor, "userId" | "role" | "agent">,
  ticket: TicketScope,
): boolean {
  if (supervises(actor) || ticket.createdBy === actor.userId) return true;
  if (actor.agent === null) return false;
  return ticket.assignee?.agentId === actor.agent.id ||
    departmentsOf(actor.agent).includes(fold(ticket.department));
}
