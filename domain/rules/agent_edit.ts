import { type Agent, type AgentStatus, isActiveAgent, unavailable } from "./agent.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { type Skill, SKILLS_MAX, withLevels } from "./skill.ts";
import type { Instant } from "./time.ts";

/** What is set of an agent; what is not named stays. */
export interface AgentChanges {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly status?: AgentStatus | undefined;
  readonly department?: string | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly skills?: readonly Skill[] | undefined;
  /** Levels by name: they override those of `skills`, and what is not there yet is added. */
  readonly skillLevels?: Readonly<Record<string, number>> | undefined;
  readonly specializations?: readonly string[] | undefined;
  readonly maxTickets?: number | undefined;
  /** Whether it is set online by itself when a shift of it starts. */
  readonly onlineAtShiftStart?: boolean | undefined;
}

/**
 * The agent with these changes. Refuses with `invalid_input` where it would have too many skills,
 * and with `agent_unavailable` to set to work who was deactivated.
 */
export function editAgent(agent: Agent, changes: AgentChanges, at: Instant): Agent | Refusal {
  const { skills = agent.skills, skillLevels = {}, onlineAtShiftStart, ...rest } = changes;
  const levelled = withLevels(skills, skillLevels);
  if (levelled.length > SKILLS_MAX) {
    const message = `An agent has ${SKILLS_MAX} skills at most.`;
    return {
      ...refuse("invalid_input", message),
      errors: [{ path: "skillLevels", code: "too_big", message }],
    };
  }
  if (!isActiveAgent(agent) && (rest.status ?? "offline") !== "offline") return unavailable(agent);
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { onlineAtShiftStart: former = false, ...before } = agent;
  const wish = onlineAtShiftStart ?? former ? { onlineAtShiftStart: true as const } : {};
  return { ...before, ...named, ...wish, skills: levelled, updatedAt: at };
}
