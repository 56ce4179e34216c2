import { briefOf, type TicketFeedEvent } from "../../domain/rules/event.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import type { Kv } from "../../domain/store/open.ts";
import { makeStore, type Store } from "../../domain/store/store.ts";
import type { MemoryStore } from "./samples.ts";

/** The same store, but something happens before each step of each list that it reads. */
export function disturbed({ kv, store }: MemoryStore, happen: () => Promise<void>): Store {
  const reader = new Proxy(kv, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "list") return member.bind(target);
      return (...options: Parameters<Kv["list"]>) => {
        const entries = target.list(...options);
        const [selector] = options;
        const [first] = "prefix" in selector ? selector.prefix : selector.start;
        const next = entries.next.bind(entries);
        entries.next = async () => {
          // What is read of the feed is read last, so that nothing may happen behind it.
          if (first !== "feed") await happen();
          return await next();
        };
        return entries;
      };
    },
  });
  return makeStore({ writer: kv, reader, losesAnswers: false, checksMax: 100 }, store);
}

/** What the feed tells of a ticket's change, whatever it is. */
export function changedEvent(ticket: Ticket): TicketFeedEvent {
  return {
    type: "ticket.updated",
    at: ticket.updatedAt,
    performedBy: null,
    ticket: briefOf(ticket),
    action: "status_updated",
    details: {},
    internal: false,
  };
}
