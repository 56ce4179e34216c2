import assert from "node:assert/strict";
import { Webhook as Verifier } from "standardwebhooks";
import type { FeedEvent } from "../../domain/rules/event.ts";
import type { Webhook, WebhookInput } from "../../domain/rules/webhook.ts";
import type { SendOutcome, WebhookDelivery } from "../../domain/rules/webhook_delivery.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { listDeliveries } from "../../domain/services/webhook_log.ts";
import type { Send, SendRequest } from "../../domain/services/webhook_sender.ts";
import { createWebhook } from "../../domain/services/webhooks.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, type Person, type TestDesk } from "./desk.ts";

/** A place outside, which keeps what it is sent and answers as it is told. */
export interface Receiver {
  readonly send: Send;
  readonly got: SendRequest[];
  /** Replaced by tests; answers 204 unless told otherwise. */
  answer: (request: SendRequest) => SendOutcome | Promise<SendOutcome>;
}

export function makeReceiver(): Receiver {
  const receiver: Receiver = {
    got: [],
    answer: () => ({ status: 204 }),
    send(request) {
      receiver.got.push(request);
      return Promise.resolve(receiver.answer(request));
    },
  };
  return receiver;
}

/** A desk with a receiver, and nothing that delivers by itself: tests say when. */
export interface HookedDesk extends AsyncDisposable {
  readonly test: TestDesk;
  readonly desk: Desk;
  readonly admin: Person;
  readonly receiver: Receiver;
  /** A webhook that is told of `ticket.updated`, unless told otherwise. */
  add(input?: Partial<WebhookInput>): Promise<Webhook>;
  /** Commits events with these numbers, one after the other. */
  tell(...numbers: number[]): Promise<void>;
}

export async function openHooked(): Promise<HookedDesk> {
  const receiver = makeReceiver();
  const test = await openDesk({}, receiver.send);
  await test.background.stop();
  const { desk } = test;
  const admin = await test.join("admin");
  return {
    test,
    desk,
    admin,
    receiver,
    async add(input = {}) {
      const asked = { url: "https://example.com/hook", eventTypes: ["ticket.updated"] } as const;
      return granted(await createWebhook(desk, admin.actor, { ...asked, ...input })).webhook;
    },
    async tell(...numbers) {
      for (const number of numbers) {
        granted(await transact(desk.store, (tx) => Promise.resolve(tx.emit(happening(number)))));
      }
    },
    async [Symbol.asyncDispose]() {
      await test.assertSound();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** Something that happened to a ticket, told apart by its number. */
export function happening(number: number): FeedEvent {
  return {
    type: "ticket.updated",
    at: 0,
    performedBy: null,
    ticket: {
      id: "019ab3c4-0000-7000-8000-000000000042",
      number,
      status: "queued",
      priority: 2,
      department: "general",
      createdBy: "019ab3c4-0000-7000-8000-0000000000ad",
      assignee: null,
    },
    action: "status_updated",
    details: {},
    internal: false,
  };
}

/** The numbers of the events in what was sent. */
export function numbersOf(sent: readonly Pick<SendRequest, "body">[]): number[] {
  return sent.map(({ body }) => JSON.parse(body).data.number);
}

export function idOf({ headers }: SendRequest): string | undefined {
  return headers["webhook-id"];
}

/** Fails unless the secret has signed this; at any time, for clocks of tests stand elsewhere. */
export function assertSigned({ headers, body }: SendRequest, secret: string): void {
  const id = headers["webhook-id"] ?? "";
  const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
  const expected = new Verifier(secret).sign(id, at, body);
  const signatures = headers["webhook-signature"]?.split(" ") ?? [];
  assert.ok(signatures.includes(expected), `${signatures} has no ${expected}`);
}

/** The log, newest first. */
export async function logOf(desk: Desk, webhook: Webhook): Promise<readonly WebhookDelivery[]> {
  return (await listDeliveries(desk, webhook.id, { before: null, limit: 1_000 })).items;
}
