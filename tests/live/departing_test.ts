import assert from "node:assert/strict";
import { CURSOR_START, lastCursor, newestEntry } from "../../domain/store/feed.ts";
import { dataOf, move, open, openFor, type View } from "../support/work.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { type Frame, listen, type Listener, until } from "./peers.ts";

interface Scene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly boss: Person;
  readonly customer: Person;
  /** Agents of departments. */
  readonly cards: Person;
  readonly loans: Person;
  /** The cursor of the last event of what was opened. */
  openedBy: string;
}

async function openScene(): Promise<Scene> {
  const desk = await openDesk();
  const agentOf = (department: string): Promise<Person> =>
    desk.join("agent", { agent: { status: "busy", department } });
  return {
    desk,
    boss: await desk.join("supervisor"),
    customer: await desk.join("user"),
    cards: await agentOf("Cards"),
    loans: await agentOf("Loans"),
    openedBy: CURSOR_START,
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

/** Opens a ticket; what listeners hear from then on is what happens to it later. */
async function openHere(
  scene: Scene,
  opening: () => Promise<View>,
): Promise<View> {
  const ticket = await opening();
  await scene.desk.background.idle();
  const newest = await newestEntry(scene.desk.desk.store);
  if (newest !== null) scene.openedBy = lastCursor(newest);
  return ticket;
}

function eventsOf(scene: Scene, { peer }: Listener): Frame[] {
  return peer.frames.filter(({ type, cursor }) => type === "event" && cursor > scene.openedBy);
}

/** Nobody has the skill. */
const WAITING = { department: "Cards", requiredSkills: ["rare"] };

/** What they heard, once this one has heard so much. */
async function heard(
  scene: Scene,
  listener: Listener,
  count: number,
): Promise<[string, string][]> {
  await until(() => eventsOf(scene, listener).length >= count, `${count} events`);
  return eventsOf(scene, listener).map(({ event, topic }) => [event, topic]);
}

const edit = (
  { desk, boss }: Scene,
  { id }: { readonly id: string },
  changes: object,
): Promise<unknown> =>
  desk.call(boss, "PATCH", `/api/tickets/${id}`, changes).then((answer) => dataOf(answer, 200));

Deno.test("the listeners of a department hear that a ticket left it, and not where it went", async () => {
  await using scene = await openScene();
  const { desk, boss, customer, cards, loans } = scene;
  const ticket = await openHere(scene, () => open(desk, customer, WAITING));
  const old = await listen(desk, cards, ["department:cards", `ticket:${ticket.id}`]);
  const oldAlone = await listen(desk, cards, ["department:cards"]);
  const chief = await listen(desk, boss, ["department:cards"]);
  const own = await listen(desk, customer, [`ticket:${ticket.id}`]);
  const fresh = await listen(desk, loans, ["department:loans"]);
  await edit(scene, ticket, { department: "Loans", title: "Another" });
  await edit(scene, ticket, { tags: ["later"] });
  // Whoever may still see it hears all of it, by the department that it left too.
  assert.deepEqual(await heard(scene, chief, 1), [["ticket.updated", "department:cards"]]);
  assert.equal(eventsOf(scene, chief)[0]?.["data"].department, "Loans");
  assert.deepEqual(await heard(scene, own, 2), [
    ["ticket.updated", `ticket:${ticket.id}`],
    ["ticket.updated", `ticket:${ticket.id}`],
  ]);
  assert.deepEqual(await heard(scene, fresh, 2), [
    ["ticket.updated", "department:loans"],
    ["ticket.updated", "department:loans"],
  ]);
  assert.deepEqual(await heard(scene, old, 1), [["ticket.left", `ticket:${ticket.id}`]]);
  assert.deepEqual(await heard(scene, oldAlone, 1), [["ticket.left", "department:cards"]]);
  const { at } = eventsOf(scene, chief)[0]?.["data"];
  for (const { data } of [...eventsOf(scene, old), ...eventsOf(scene, oldAlone)]) {
    assert.deepEqual(data, { ticketId: ticket.id, number: ticket.number, at });
  }
});

Deno.test("who had a ticket of another department hears that it is gone, when somebody else gets it", async () => {
  await using scene = await openScene();
  const { desk, boss, customer, cards, loans } = scene;
  const ticket = await openHere(
    scene,
    () => openFor(desk, customer, cards, boss, { department: "Loans" }),
  );
  const holder = await listen(desk, cards, [`ticket:${ticket.id}`]);
  await move(desk, boss, ticket, "assigned", { agentId: loans.actor.agent?.id });
  assert.deepEqual(await heard(scene, holder, 1), [["ticket.left", `ticket:${ticket.id}`]]);
  assert.doesNotMatch(
    JSON.stringify(eventsOf(scene, holder)),
    new RegExp(loans.actor.agent?.id ?? ""),
  );
});

Deno.test("a ticket that waits leaves the queue of one department for that of another", async () => {
  await using scene = await openScene();
  const { desk, boss, customer, cards, loans } = scene;
  const ticket = await openHere(scene, () => open(desk, customer, WAITING));
  const listeners = [];
  for (const person of [cards, loans, boss]) listeners.push(await listen(desk, person, ["queue"]));
  await edit(scene, ticket, { department: "Loans" });
  const [old, fresh, chief] = listeners;
  if (!old || !fresh || !chief) throw new Error("They listen");
  await heard(scene, chief, 2);
  await Promise.all([heard(scene, old, 1), heard(scene, fresh, 1)]);
  const told = listeners.map((each) =>
    eventsOf(scene, each).map(({ data }) => [data.change, data.department])
  );
  assert.deepEqual(told, [
    [["left", "Cards"]],
    [["entered", "Loans"]],
    [["left", "Cards"], ["entered", "Loans"]],
  ]);
  // The same department by another spelling is no other one; what all see goes round for those too.
  await edit(scene, ticket, { department: "LOANS" });
  await edit(scene, ticket, { department: "general" });
  await heard(scene, fresh, 3);
  const changes = eventsOf(scene, fresh).map(({ data }) => data.change);
  assert.deepEqual(changes, ["entered", "left", "entered"]);
});

Deno.test("whoever was away hears by its cursor that a ticket left", async () => {
  await using scene = await openScene();
  const { desk, customer, cards } = scene;
  const ticket = await openHere(scene, () => open(desk, customer, WAITING));
  const first = await listen(desk, cards, ["department:cards"]);
  const cursor = first.peer.frames.find(({ type }) => type === "ready")?.["cursor"];
  await edit(scene, ticket, { department: "Loans" });
  await heard(scene, first, 1);
  const again = await listen(desk, cards, ["department:cards"]);
  await again.resume(cursor);
  await until(() => eventsOf(scene, again).length === 1, "what it missed");
  assert.deepEqual(eventsOf(scene, again), eventsOf(scene, first));
});
