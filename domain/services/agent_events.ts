import type { Agent } from "../rules/agent.ts";
import type { Transaction } from "../store/transact.ts";

/** Tells every cache, the live side and the router that the agent is another one from now on. */
export function tellAgent(tx: Transaction, agent: Agent): void {
  const { id: agentId, userId, status, onBreak, updatedAt: at } = agent;
  tx.emit({ type: "agent.changed", at, agentId, userId, status, onBreak });
}
