import assert from "node:assert/strict";
import { v7 } from "uuid";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { addComment } from "../../domain/services/comments.ts";
import { type Desk, makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { setPreferences } from "../../domain/services/preferences.ts";
import { actorOf } from "../../domain/services/principals.ts";
import { addUser } from "../../domain/services/users.ts";
import { openStore, type Sources } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { startDeskLive } from "../../routes/live.ts";
import { granted, openDesk, type Person, testConfig, type TestDesk } from "../support/desk.ts";
import { JWT_SECRET, temporaryStorePath } from "../support/server.ts";
import { START } from "../support/time.ts";
import { look, move, open, say, type View } from "../support/work.ts";

async function unread(desk: TestDesk, person: Person): Promise<View[]> {
  return await look(desk, person, "/api/notifications/unread");
}

/** What the feed says sockets are to be told, from now on. */
function pushed({ desk: { store } }: TestDesk): FeedEvent[] {
  const events: FeedEvent[] = [];
  store.committer.onCommit((entry) => {
    events.push(
      ...entry.events.filter((event) =>
        event.type === "notification" && event.notification.live !== false
      ),
    );
  });
  return events;
}

Deno.test("what is off is not made, what is silent is kept and not pushed, the rest is both", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  const told = pushed(desk);
  const outcomes = { live: [1, 1], silent: [1, 0], off: [0, 0] } as const;
  for (const delivery of ["off", "live", "silent", "off", "live"] as const) {
    granted(await setPreferences(desk.desk, customer.actor, { comment_added: delivery }));
    await say(desk, boss, ticket, "A word.");
    const kept = await unread(desk, customer);
    assert.deepEqual([kept.length, told.length], outcomes[delivery], delivery);
    await desk.call(customer, "PUT", "/api/notifications/mark-all-read");
    told.length = 0;
  }
  granted(await setPreferences(desk.desk, customer.actor, { comment_added: "off" }));
  await move(desk, boss, ticket, "closed");
  assert.deepEqual((await unread(desk, customer)).map(({ type }) => type), ["ticket_updated"]);
  await desk.assertSound();
});

Deno.test("an announcement to all who supervise reaches each of them as they prefer", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const [loud, quiet, deaf] = [
    await desk.join("supervisor"),
    await desk.join("supervisor"),
    await desk.join("admin"),
  ];
  granted(await setPreferences(desk.desk, quiet.actor, { escalation: "silent" }));
  granted(await setPreferences(desk.desk, deaf.actor, { escalation: "off" }));
  const told = pushed(desk);
  await move(desk, boss, await open(desk, customer), "escalated");
  const counts = [];
  for (const person of [loud, quiet, deaf]) counts.push((await unread(desk, person)).length);
  assert.deepEqual(counts, [1, 1, 0]);
  const heard = told.flatMap((event) =>
    event.type === "notification" ? event.notification.recipient : []
  );
  assert.deepEqual(heard.sort(), [customer.actor.userId, loud.actor.userId].sort());
  await desk.assertSound();
});

/** The keys that are read from the store, and those that commits check, from now on. */
function watch({ desk: { store } }: TestDesk): { read: Set<string>; checked: Set<string> } {
  const { reader, committer } = store;
  const [read, checked] = [new Set<string>(), new Set<string>()];
  const get = reader.get.bind(reader);
  const getMany = reader.getMany.bind(reader);
  const submit = committer.submit.bind(committer);
  Object.assign(reader, {
    get(...[key, options]: Parameters<typeof get>) {
      read.add(String(key[0]));
      return get(key, options);
    },
    getMany(...[keys, options]: Parameters<typeof getMany>) {
      for (const key of keys) read.add(String(key[0]));
      return getMany(keys, options);
    },
  });
  Object.assign(committer, {
    submit(...[draft]: Parameters<typeof submit>) {
      for (const { key } of draft.checks) checked.add(String(key[0]));
      return submit(draft);
    },
  });
  return { read, checked };
}

Deno.test("a change of a ticket checks nothing for preferences, and reads nobody twice", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await open(desk, customer);
  await move(desk, agent, ticket, "assigned");
  await desk.background.idle();
  const { read, checked } = watch(desk);
  const comment = { body: "A word.", visibility: "public" } as const;
  for (const expected of [["agent", "ticket", "user"], ["agent", "ticket"]]) {
    // Once nobody is remembered, and once both of those who are told are.
    if (expected.includes("user")) desk.clock.advance(MINUTE_MS);
    read.clear();
    granted(await addComment(desk.desk, boss.actor, ticket.id, comment));
    assert.deepEqual([...read].sort(), expected);
  }
  // The guard is that of the SLA configurations, by which every ticket goes.
  assert.deepEqual([...checked].sort(), ["agent", "guard", "ticket"]);
  await desk.assertSound();
});

Deno.test("another process follows a preference once the feed has told it", async () => {
  await using file = await temporaryStorePath();
  // Clocks that stand still: nothing is forgotten only because it is old.
  const sources = { now: () => START, newId: v7 };
  await using here = await startProcess(file.path, sources);
  await using there = await startProcess(file.path, sources);
  const registration = { name: "Ada", email: "ada@example.com", role: "user" } as const;
  const user = granted(
    await transact(
      here.desk.store,
      async (tx) => granted(await addUser(here.desk, tx, registration, "$unused")),
    ),
  );
  const deliveryThere = async (): Promise<unknown> => {
    const people = await there.desk.people.users([user.id]);
    return people.get(user.id)?.notificationPreferences?.escalation;
  };
  assert.equal(await deliveryThere(), undefined);
  const actor = await actorOf(here.desk.store, user, { id: "session" });
  granted(await setPreferences(here.desk, actor, { escalation: "off" }));
  const givenUpAt = performance.now() + SEEN_WITHIN_MS;
  while (await deliveryThere() !== "off") {
    assert.ok(performance.now() < givenUpAt, "never seen");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

const SEEN_WITHIN_MS = 10_000;

/** The desk and the live side of one process of several on a store's file. */
async function startProcess(
  path: string,
  sources: Sources,
): Promise<{ readonly desk: Desk } & AsyncDisposable> {
  const store = await openStore(path, sources);
  const desk = await makeDesk(store, testConfig({ JWT_SECRET }), makePasswords());
  const live = await startDeskLive(desk);
  return {
    desk,
    async [Symbol.asyncDispose]() {
      await live.stop();
      store.close();
    },
  };
}
