import assert from "node:assert/strict";
import type { Status } from "../../domain/rules/ticket.ts";
import type { Answer, Person, TestDesk } from "./desk.ts";

/** The wire form of a record, for assertions. */
export type View = Answer["json"];

/** Opens a ticket over HTTP; what is not named is as short as it may be. */
export async function open(desk: TestDesk, person: Person, input: object = {}): Promise<View> {
  const ticket = { title: "A ticket", description: "It does not work.", ...input };
  return dataOf(await desk.call(person, "POST", "/api/tickets", ticket), 201);
}

/** Opens a ticket that nobody can take by itself, and gives it to an agent. */
export async function openFor(
  desk: TestDesk,
  requester: Person,
  agent: Person,
  supervisor: Person,
  input: object = {},
): Promise<View> {
  const ticket = await open(desk, requester, { requiredSkills: ["nobody has it"], ...input });
  return await move(desk, supervisor, ticket, "assigned", { agentId: agentId(agent) });
}

export async function move(
  desk: TestDesk,
  person: Person,
  ticket: View,
  status: Status,
  more: object = {},
): Promise<View> {
  const path = `/api/tickets/${ticket.id}/status`;
  return dataOf(await desk.call(person, "PUT", path, { status, ...more }), 200);
}

export async function say(
  desk: TestDesk,
  person: Person,
  ticket: View,
  body: string,
  visibility: "public" | "internal" = "public",
): Promise<View> {
  const path = `/api/tickets/${ticket.id}/comments`;
  return dataOf(await desk.call(person, "POST", path, { body, visibility }), 201);
}

/** The `data` of a GET that must succeed, once all that goes on by itself has been done. */
export async function look(desk: TestDesk, person: Person, path: string): Promise<View> {
  await desk.background.idle();
  return dataOf(await desk.call(person, "GET", path), 200);
}

export async function ticketOf(desk: TestDesk, person: Person, ticket: View): Promise<View> {
  return await look(desk, person, `/api/tickets/${ticket.id}`);
}

export function dataOf({ status, json }: Answer, expected: number): View {
  assert.equal(status, expected, JSON.stringify(json));
  return json.data;
}

/** The id of the person's agent record. */
export function agentId({ actor }: Person): string {
  if (actor.agent === null) throw new Error(`${actor.name} is no agent`);
  return actor.agent.id;
}

/** Everything a list has, page by page along its cursors; `between` happens after each page. */
export async function walk(
  desk: TestDesk,
  person: Person,
  path: string,
  between: (page: number) => Promise<void> = () => Promise.resolve(),
): Promise<View[]> {
  const items: View[] = [];
  const joint = path.includes("?") ? "&" : "?";
  let cursor: string | null = "";
  for (let page = 1; cursor !== null; page++) {
    assert.ok(page < 1_000, "The walk does not end");
    const asked: string = cursor === "" ? path : `${path}${joint}cursor=${cursor}`;
    const answer = await desk.call(person, "GET", asked);
    items.push(...dataOf(answer, 200));
    assert.equal(answer.json.count, answer.json.data.length);
    cursor = answer.json.nextCursor;
    await between(page);
  }
  return items;
}
