import type { ShiftHappening } from "../rules/shift_edges.ts";
import { shiftEvent, shiftMessage } from "../rules/shift_message.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { addNotification } from "./notifications.ts";

/**
 * Tells the agent and the feed what happened to a shift, in this transaction: up to 3 writes. Reads,
 * without a check, the agent's user where this process does not remember it.
 */
export async function tellShift(
  desk: Desk,
  tx: Transaction,
  happening: ShiftHappening,
): Promise<void> {
  const event = shiftEvent(happening);
  if (event !== null) tx.emit(event);
  const message = shiftMessage(happening);
  if (message === null) return;
  const { userId } = happening.agent;
  const recipient = (await desk.people.users([userId])).get(userId);
  const { store } = desk;
  // Made when it was due: whoever reads it late sees when it should have come.
  addNotification(tx, recipient, { id: store.newId(), message, createdAt: happening.at });
}
