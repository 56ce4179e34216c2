import assert from "node:assert/strict";
import { shownDueAt } from "../../domain/rules/ticket.ts";
import type { Fault } from "../../domain/store/doctor_indexes.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { wordBit } from "../../domain/store/words.ts";
import { faultsOf } from "../support/desk.ts";
import { type BusyDesk, openBusyDesk } from "./busy_desk.ts";

interface Harm {
  readonly what: string;
  readonly kind: Fault["kind"];
  /** Does the harm; the key at which it must be found. */
  do(busy: BusyDesk): Promise<KvKey>;
}

async function remove({ kv }: BusyDesk, key: KvKey): Promise<KvKey> {
  assert.notEqual((await kv.get(key)).versionstamp, null, "there is something to remove");
  await kv.delete(key);
  return key;
}

async function put({ kv }: BusyDesk, key: KvKey, value: unknown): Promise<KvKey> {
  await kv.set(key, value);
  return key;
}

/** What the doctor can tell from the records how it must be. */
const DERIVABLE: readonly Harm[] = [
  {
    what: "a missing row of a list",
    kind: "missing",
    do: (busy) => remove(busy, keys.ticketByStatus("in-progress", busy.held.id)),
  },
  {
    what: "a missing number of a ticket",
    kind: "missing",
    do: (busy) => remove(busy, keys.ticketByNumber(busy.held.number)),
  },
  {
    what: "a missing place in the queue",
    kind: "missing",
    do: async (busy) => {
      const [entry] = await Array.fromAsync(busy.kv.list({ prefix: ["queue"] }));
      return await remove(busy, entry?.key ?? []);
    },
  },
  {
    what: "a missing place among what is due",
    kind: "missing",
    do: async (busy) => {
      const [entry] = await Array.fromAsync(busy.kv.list({ prefix: ["due"] }));
      return await remove(busy, entry?.key ?? []);
    },
  },
  {
    what: "a missing pointer to an agent",
    kind: "missing",
    do: (busy) => remove(busy, keys.agentByUser(busy.agent.userId)),
  },
  {
    what: "a missing mark of an unread notification",
    kind: "missing",
    do: async (busy) => {
      const [entry] = await Array.fromAsync(busy.kv.list({ prefix: ["unread"] }));
      return await remove(busy, entry?.key ?? []);
    },
  },
  {
    what: "a row of a status that the ticket has left",
    kind: "stray",
    do: (busy) => put(busy, keys.ticketByStatus("queued", busy.held.id), busy.held),
  },
  {
    what: "a pointer from an e-mail address that nobody has",
    kind: "stray",
    do: (busy) => put(busy, keys.userByEmail("nobody@example.com"), busy.agent.userId),
  },
  {
    what: "a row that is older than its ticket",
    kind: "wrong",
    do: (busy) => {
      const key = keys.ticketByTag("card", busy.held.id);
      return put(busy, key, { ...busy.held, title: "An old title" });
    },
  },
  {
    what: "a pointer to somebody else",
    kind: "wrong",
    do: (busy) => put(busy, keys.agentByUser(busy.agent.userId), "somebody else"),
  },
  {
    what: "a counter that is one too high",
    kind: "counter",
    do: async (busy) => {
      const key = keys.ticketCount(["all"], "in-progress", busy.held.priority);
      await busy.kv.atomic().sum(key, 1n).commit();
      return key;
    },
  },
  {
    what: "a webhook that was not counted",
    kind: "counter",
    do: (busy) => remove(busy, keys.webhookCount()),
  },
  {
    what: "a counter below nothing",
    kind: "counter",
    do: async (busy) => {
      const key = keys.ticketCount(["department", "nowhere"], "queued", 1);
      await busy.kv.atomic().sum(key, 2n ** 64n - 1n).commit();
      return key;
    },
  },
  {
    what: "a word that a ticket does not have",
    kind: "counter",
    do: async (busy) => {
      const { key, by } = wordBit("card", busy.held.number + 1);
      await busy.kv.atomic().sum(key, by).commit();
      return key;
    },
  },
  {
    what: "a word of which a bit is lost",
    kind: "counter",
    do: (busy) => put(busy, wordBit("lost", busy.held.number).key, new Deno.KvU64(0n)),
  },
  {
    what: "a word that no ticket is known to have",
    kind: "counter",
    do: (busy) => remove(busy, wordBit("card", busy.held.number).key),
  },
  {
    what: "a missing place by due date",
    kind: "missing",
    do: (busy) => remove(busy, keys.ticketByDue(shownDueAt(busy.held), busy.held.id)),
  },
  {
    what: "a place by a change that was not the last",
    kind: "stray",
    do: (busy) => put(busy, keys.ticketByUpdated(busy.held.updatedAt - 1, busy.held.id), "pointer"),
  },
  {
    what: "a counter that is gone",
    kind: "counter",
    do: (busy) => remove(busy, keys.unreadCount(busy.customer.actor.userId)),
  },
  {
    what: "a counter that is no counter",
    kind: "counter",
    do: (busy) => put(busy, keys.unreadCount(busy.customer.actor.userId), 1),
  },
];

for (const { what, kind, do: harm } of DERIVABLE) {
  Deno.test(`the doctor finds ${what}, and mends it`, async () => {
    await using busy = await openBusyDesk();
    const key = await harm(busy);
    const faults = await faultsOf(busy.desk.desk.store);
    assert.deepEqual(faults.map((fault) => [fault.kind, fault.key]), [[kind, key]]);
    assert.equal(await mend(busy.desk.desk.store), 1);
    await busy.desk.assertSound();
  });
}

Deno.test("a store from which every derived entry was taken is mended whole", async () => {
  await using busy = await openBusyDesk();
  const { kv, desk } = busy;
  const derived = ["ticket_by", "agent_by", "user_by", "queue", "unread", "count", "word"];
  let removed = 0;
  for await (const { key } of kv.list({ prefix: [] })) {
    if (!derived.some((name) => String(key[0]).startsWith(name))) continue;
    await kv.delete(key);
    removed += 1;
  }
  assert(removed > 40, `${removed} entries`);
  assert(await mend(desk.desk.store) > 0);
  await desk.assertSound();
});
