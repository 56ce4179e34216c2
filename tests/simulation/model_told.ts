import type { Role } from "../../domain/rules/actor.ts";
import type { Instant } from "../../domain/rules/time.ts";
import type { Who } from "./diary.ts";
import type { ModelTicket, Told } from "./model_ticket.ts";

/** Everybody of these roles is told; agents only of tickets that they see. */
export function tellAll(
  ticket: ModelTicket,
  type: Told["type"],
  roles: readonly Role[],
  at: Instant,
  except: Who | null = null,
): void {
  for (const who of ticket.world.people) {
    if (!roles.includes(who.role) || who.userId === except?.userId) continue;
    if (who.role === "agent" && !sees(who, ticket)) continue;
    ticket.told.push({ userId: who.userId, type, at });
  }
}

/** Whoever has the ticket is told; where nobody has, everybody who supervises. */
export function tellHolder(ticket: ModelTicket, type: Told["type"], at: Instant): boolean {
  const { assignee } = ticket;
  if (assignee === null) return false;
  ticket.told.push({ userId: assignee.userId, type, at });
  return true;
}

function sees({ userId, agentId, departments }: Who, ticket: ModelTicket): boolean {
  const department = ticket.kind.department.toLowerCase();
  return ticket.assignee?.agentId === agentId || ticket.diary.requester.userId === userId ||
    department === "general" || departments.some((each) => each.toLowerCase() === department);
}
