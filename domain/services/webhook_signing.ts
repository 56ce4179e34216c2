import { Webhook as Signer } from "standardwebhooks";
import type { Instant } from "../rules/time.ts";
import { signingSecrets, type Webhook } from "../rules/webhook.ts";

const USER_AGENT = "Smart-Ticketing-Webhooks/1";

/**
 * The headers of a message by Standard Webhooks (https://www.standardwebhooks.com): while a secret
 * is being replaced both of them sign, parted by a space.
 */
export function signedHeaders(
  webhook: Webhook,
  messageId: string,
  body: string,
  at: Instant,
): Record<string, string> {
  const timestamp = new Date(at);
  const signatures = signingSecrets(webhook, at).map((secret) =>
    new Signer(secret).sign(messageId, timestamp, body)
  );
  return {
    "content-type": "application/json",
    "user-agent": USER_AGENT,
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(at / 1_000)),
    "webhook-signature": signatures.join(" "),
  };
}
