import type { Draft } from "../../domain/store/draft.ts";
import { claimTicket, openTicket } from "../../domain/services/tickets.ts";
import { granted, openDesk } from "../support/desk.ts";

export interface RecordedDraft {
  readonly draft: Draft;
  readonly ticketId: string;
}

export const DESCRIPTION = "I would like to know how it works. ".repeat(8);

/** The mutations that the desk itself commits to open a ticket and to claim it. */
export async function recordDrafts(): Promise<
  { readonly opening: RecordedDraft; readonly claiming: RecordedDraft }
> {
  await using test = await openDesk();
  const customer = await test.join("user");
  const agent = await test.join("agent", { agent: { status: "busy" } });
  const drafts: Draft[] = [];
  const { store } = test.desk;
  const committer = {
    ...store.committer,
    submit(draft: Draft): Promise<string | null> {
      drafts.push(draft);
      return store.committer.submit(draft);
    },
  };
  const desk = { ...test.desk, store: { ...store, committer } };
  const ticket = granted(
    await openTicket(desk, customer.actor, {
      title: "A question",
      description: DESCRIPTION,
      priority: 2,
      category: "general",
      department: "general",
      requiredSkills: [],
      tags: [],
      dueDate: null,
      estimatedHours: 1,
    }),
  );
  const agentId = agent.actor.agent?.id ?? "";
  granted(await claimTicket(desk, agent.actor, { ticketId: ticket.id, agentId, force: false }));
  const [opening, claiming] = drafts.filter((draft) => draft.events.length > 0);
  if (opening === undefined || claiming === undefined) throw new Error("Nothing was recorded");
  return {
    opening: { draft: opening, ticketId: ticket.id },
    claiming: { draft: claiming, ticketId: ticket.id },
  };
}
