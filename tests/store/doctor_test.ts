import assert from "node:assert/strict";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { faultsOf } from "../support/desk.ts";
import { type BusyDesk, openBusyDesk } from "./busy_desk.ts";

/** What only a person can put right. */
const BROKEN: readonly { readonly what: string; do(busy: BusyDesk): readonly [KvKey, object] }[] = [
  {
    what: "an agent whose user does not exist",
    do: ({ agent }) => [keys.agent(agent.id), { userId: "nobody" }],
  },
  {
    what: "an agent whose name is not its user's",
    do: ({ agent }) => [keys.agent(agent.id), { name: "Somebody Else" }],
  },
  {
    what: "an agent who does not hold the tickets assigned to it",
    do: ({ agent }) => [keys.agent(agent.id), { activeTickets: [] }],
  },
  {
    what: "an agent who holds a ticket at a wrong estimate",
    do: ({ agent }) => [keys.agent(agent.id), {
      activeTickets: agent.activeTickets.map((each) => ({ ...each, estimatedHours: 99 })),
    }],
  },
  {
    what: "an agent who was deactivated and is at work",
    do: ({ agent }) => [keys.agent(agent.id), { deactivatedAt: 1, status: "online" }],
  },
  {
    what: "an agent who was deactivated and whose tickets nobody takes",
    do: ({ agent }) => [keys.agent(agent.id), { deactivatedAt: 1, status: "offline" }],
  },
  {
    what: "an agent whose figures lack a resolution",
    do: ({ agent }) => [keys.agent(agent.id), { resolutions: { count: 0, minutes: 0, met: 0 } }],
  },
  {
    what: "an agent whose figures have a rating that nobody gave",
    do: ({ agent }) => [keys.agent(agent.id), { ratings: { count: 1, scores: 5 } }],
  },
  {
    what: "an agent whose user is a customer",
    do: ({ agent, customer }) => [keys.agent(agent.id), { userId: customer.actor.userId }],
  },
  {
    what: "an agent whose current ticket is not in progress",
    do: ({ agent, waiting }) => [keys.agent(agent.id), { currentTicketId: waiting.id }],
  },
  {
    what: "a ticket whose requester does not exist",
    do: ({ held }) => [keys.ticket(held.id), { createdBy: "nobody" }],
  },
  {
    what: "a ticket whose assignee does not exist",
    do: ({ held }) => [keys.ticket(held.id), { assignee: { agentId: "nobody", userId: "nobody" } }],
  },
  {
    what: "a ticket whose comments are counted wrong",
    do: ({ held }) => [keys.ticket(held.id), { internalCommentCount: 0, publicCommentCount: 2 }],
  },
  {
    what: "a ticket that waits since never",
    do: ({ waiting }) => [keys.ticket(waiting.id), { waitingSince: null }],
  },
  {
    what: "a ticket that is resolved and is not",
    do: ({ held }) => [keys.ticket(held.id), { resolvedAt: 1 }],
  },
  {
    what: "the progress of a webhook that does not exist",
    do: () => [keys.webhookProgress("nothing"), { schema: 1, webhookId: "nothing" }],
  },
  {
    what: "a ticket without a department",
    do: ({ held }) => [keys.ticket(held.id), { department: "  " }],
  },
];

for (const { what, do: harm } of BROKEN) {
  Deno.test(`the doctor finds ${what}, and leaves the record as it is`, async () => {
    await using busy = await openBusyDesk();
    const { kv, desk } = busy;
    const [key, changes] = harm(busy);
    const { value } = await kv.get<object>(key);
    const damaged = { ...value, ...changes };
    await kv.set(key, damaged);
    const found = (await faultsOf(desk.desk.store)).filter(({ kind }) => kind === "broken");
    assert(found.some((fault) => fault.key.join() === key.join()), JSON.stringify(found));
    // Index entries and counters follow the record even when it is broken.
    await mend(desk.desk.store);
    const left = await faultsOf(desk.desk.store);
    assert.deepEqual(left, found);
    assert.deepEqual((await kv.get(key)).value, damaged);
  });
}

Deno.test("the doctor finds a key that nothing in the program makes, and leaves it", async () => {
  await using busy = await openBusyDesk();
  const { store } = busy.desk.desk;
  await busy.kv.set(["unheard of", "key"], 1);
  const faults = await faultsOf(store);
  assert.deepEqual(faults.map(({ kind, key }) => [kind, key]), [["stray", ["unheard of", "key"]]]);
  assert.equal(await mend(store), 0);
  assert.deepEqual(await faultsOf(store), faults);
});
