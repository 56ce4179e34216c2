import type { Agent } from "../rules/agent.ts";
import type { Transaction } from "../store/transact.ts";

/** Tells every cache, the live side and the router that the agent is another one from now on. */
export function tellAgent(tx: Transaction, { id, userId, status, updatedAt: at }: Agent): void {
  tx.emit({ type: "agent.changed", at, agentId: id, userId, status });
}
