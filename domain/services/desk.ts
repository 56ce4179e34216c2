import type { Config } from "../config.ts";
import type { FeedEvent } from "../rules/event.ts";
import { type Classification, makeClassification } from "./classification.ts";
import type { Passwords } from "./passwords.ts";
import { type Histories, makeHistories } from "./history.ts";
import { makePeople, type People } from "./people.ts";
import { overdueCount, queueLength } from "../store/counters.ts";
import type { Store } from "../store/store.ts";
import { makePulse, type Pulse } from "./pulse.ts";
import { makePrincipals, type Principals } from "./principals.ts";
import { makeSlaBook, type SlaBook } from "./sla_book.ts";
import { makeTokens, type Tokens } from "./tokens.ts";
import { makeSender, type Send } from "./webhook_sender.ts";

/** What every verb works with. */
export interface Desk {
  readonly store: Store;
  readonly config: Config;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly people: People;
  readonly histories: Histories;
  readonly principals: Principals;
  /** SLA configurations and calendars. */
  readonly book: SlaBook;
  readonly classification: Classification;
  /** Reaches the places outside that webhooks name. */
  readonly sendWebhook: Send;
  readonly pulse: Pulse;
  /** Drops what is remembered of records that an event says have changed. */
  forget(events: readonly FeedEvent[]): void;
}

export async function makeDesk(
  store: Store,
  config: Config,
  passwords: Passwords,
  sendWebhook: Send = makeSender(config.webhooksMayBePrivate),
): Promise<Desk> {
  const tokens = await makeTokens(store, config);
  const people = makePeople(store);
  const histories = makeHistories(store);
  const principals = makePrincipals(store, tokens);
  const book = makeSlaBook(store);
  const classification = makeClassification(store);
  const pulse = makePulse(store.now);
  store.meters.lookUp("queueLength", () => queueLength(store));
  store.meters.lookUp("dueOverdue", () => overdueCount(store, "due"));
  store.meters.lookUp("shiftsOverdue", () => overdueCount(store, "shift_due"));
  store.meters.lookUp("shiftPatternsOverdue", () => overdueCount(store, "shift_pattern_due"));
  store.meters.lookUp("departuresOverdue", () => overdueCount(store, "departure_due"));
  const forget = (events: readonly FeedEvent[]): void => {
    for (const event of events) {
      people.forget(event);
      principals.forget(event);
      book.forget(event);
      classification.forget(event);
    }
  };
  // This process knows of its own commits at once; the relay tells of those of others.
  store.committer.onCommit(({ events }) => forget(events));
  return {
    store,
    config,
    passwords,
    tokens,
    people,
    histories,
    principals,
    book,
    classification,
    pulse,
    sendWebhook,
    forget,
  };
}
