import type { ShiftDesk } from "./shift_desk.ts";
import { look, openFor, ticketOf, type View } from "./work.ts";

/** Ada as she begins. */
export const ONLINE = { agent: { status: "online", maxTickets: 100 } } as const;

/** Gives Ada an open ticket that nobody else can take. */
export async function give({ desk, customer, ada, boss }: ShiftDesk): Promise<View> {
  return await openFor(desk, customer, ada, boss);
}

export async function statuses(
  { desk, boss }: ShiftDesk,
  tickets: readonly View[],
): Promise<string[]> {
  const found = await Promise.all(tickets.map((ticket) => ticketOf(desk, boss, ticket)));
  return found.map(({ status }) => status);
}

/** What supervisors have been told of who left. */
export async function handovers({ desk, boss }: ShiftDesk): Promise<View[]> {
  const list = await look(desk, boss, "/api/notifications?limit=100");
  return list.filter(({ type }: View) => type === "handover");
}
