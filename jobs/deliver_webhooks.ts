import type { Desk } from "../domain/services/desk.ts";
import { deliverOnce } from "../domain/services/webhook_deliverer.ts";

/** Delivers what is due to webhooks that no living process looks after. */
export async function deliverWebhooks(desk: Desk): Promise<{ delivered: number }> {
  return { delivered: await deliverOnce(desk) };
}
