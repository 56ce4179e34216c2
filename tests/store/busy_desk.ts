import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { agents, tickets } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { read } from "../../domain/store/store.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";

/** A desk on which something of every kind of record stands. */
export interface BusyDesk extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly kv: Deno.Kv;
  readonly customer: Person;
  /** Held by the agent, in progress, with a comment of each visibility. */
  readonly held: Ticket;
  /** Waits for a skill that nobody has. */
  readonly waiting: Ticket;
  readonly agent: Agent;
}

export async function openBusyDesk(): Promise<BusyDesk> {
  const desk = await openDesk();
  const { store } = desk.desk;
  const customer = await desk.join("user");
  const worker = await desk.join("agent", { agent: { department: "Billing" } });
  await desk.join("supervisor");

  async function call(person: Person, method: string, path: string, body: object): Promise<string> {
    const { status, json } = await desk.call(person, method, path, body);
    assert(status < 300, JSON.stringify(json));
    await desk.background.idle();
    return json.data.id;
  }
  const eventTypes = ["ticket.created", "ticket.resolved"];
  const webhook = { url: "https://example.com/hook", eventTypes };
  const admin = await desk.join("admin");
  await call(admin, "POST", "/api/webhooks", webhook);
  const hours = { timezone: "Europe/Berlin", weekly: { mon: [["09:00", "17:00"]] } };
  await call(admin, "PUT", "/api/sla/calendars/office", { name: "Office", ...hours });
  await call(admin, "PUT", "/api/sla/config/3/returns", { calendar: "office" });
  const open = (more: object): Promise<string> =>
    call(customer, "POST", "/api/tickets", { title: "My card", description: "Lost.", ...more });
  const move = (id: string, status: string): Promise<string> =>
    call(worker, "PUT", `/api/tickets/${id}/status`, { status });

  const heldId = await open({ department: "billing", tags: ["Card", "lost"] });
  await move(heldId, "in-progress");
  for (const visibility of ["public", "internal"]) {
    await call(worker, "POST", `/api/tickets/${heldId}/comments`, { body: "Hm.", visibility });
  }
  await move(await open({ department: "billing" }), "resolved");
  await move(await open({ department: "billing", description: "ж".repeat(4_500) }), "escalated");
  const waitingId = await open({ department: "billing", requiredSkills: ["magic"], priority: 1 });
  await desk.assertSound();

  const [held, waiting, agent] = await Promise.all([
    read(store, tickets, keys.ticket(heldId)),
    read(store, tickets, keys.ticket(waitingId)),
    read(store, agents, keys.agent(worker.actor.agent?.id ?? "")),
  ]);
  assert(held !== null && waiting !== null && agent !== null);
  return {
    desk,
    // In memory the connection that reads is the one that writes.
    kv: store.reader,
    customer,
    held,
    waiting,
    agent,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}
