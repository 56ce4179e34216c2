import { z } from "zod";
import {
  type Agent,
  AGENT_STATUSES,
  currentLoad,
  hasCapacity,
  isActiveAgent,
} from "../../domain/rules/agent.ts";
import { SKILL_LEVEL_MAX } from "../../domain/rules/skill.ts";
import { HOUR_MS, iso } from "../../domain/rules/time.ts";
import { id, instant } from "../http/answers.ts";
import { breakShape, breakView } from "./shift.ts";

export const agentShape = z.object({
  id,
  _id: id,
  user: id.nullable(),
  name: z.string(),
  email: z.string(),
  status: z.enum(AGENT_STATUSES),
  onBreak: z.boolean(),
  active: z.boolean().meta({ description: "Whether the agent works tickets at all." }),
  department: z.string(),
  teams: z.array(z.string()),
  skills: z.array(z.string()),
  skillLevels: z.record(z.string(), z.number().int().min(1).max(SKILL_LEVEL_MAX)),
  specializations: z.array(z.string()),
  maxTickets: z.number().int().meta({
    description: "So many open tickets it may have before it is at capacity.",
  }),
  currentLoad: z.number().meta({ description: "Hours estimated for the open tickets." }),
  activeTickets: z.array(id).meta({
    description: "The ids of its open tickets; workload views tell by this name how many.",
  }),
  currentTicket: id.nullable(),
  isAtCapacity: z.boolean(),
  shift: z.object({
    start: instant,
    end: instant,
    timezone: z.string(),
    breaks: z.array(breakShape),
  }).meta({ description: "The current one, else the next, else the last; else an empty one." }),
  onlineAtShiftStart: z.boolean().meta({
    description: "Whether it is set online by itself when a shift of it starts.",
  }),
  performance: z.object({
    averageResolutionTime: z.number().nullable().meta({ description: "Minutes." }),
    ticketsResolved: z.number().int().meta({
      description: "Ever since, without those that were reopened.",
    }),
    customerSatisfaction: z.number().min(1).max(5).nullable().meta({
      description: "The average score of its resolutions, from 1 to 5; null before the first one.",
    }),
    slaComplianceRate: z.number().min(0).max(100).meta({
      description: "Percent of `ticketsResolved` that were resolved in time, ever since; 100 " +
        "before the first one. Metrics and analytics tell by this name of all promises, in a " +
        "range of time.",
    }),
  }),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: "Agent" });

const SHIFT_HOURS_SHOWN = 8;

export function agentView(agent: Agent): z.infer<typeof agentShape> {
  const { id, userId, name, email, status, onBreak, department, teams, skills } = agent;
  const { count, minutes, met } = agent.resolutions;
  return {
    id,
    _id: id,
    user: userId,
    name,
    email,
    status,
    onBreak,
    active: isActiveAgent(agent),
    department,
    teams: [...teams],
    skills: skills.map((skill) => skill.name),
    skillLevels: Object.fromEntries(skills.map((skill) => [skill.name, skill.level])),
    specializations: [...agent.specializations],
    maxTickets: agent.maxTickets,
    currentLoad: currentLoad(agent),
    activeTickets: agent.activeTickets.map((held) => held.id),
    currentTicket: agent.currentTicketId,
    isAtCapacity: !hasCapacity(agent),
    shift: shownShiftView(agent),
    onlineAtShiftStart: agent.onlineAtShiftStart === true,
    performance: {
      averageResolutionTime: count === 0 ? null : Math.round(minutes / count),
      ticketsResolved: count,
      customerSatisfaction: averageScore(agent.ratings),
      slaComplianceRate: count === 0 ? 100 : Math.round(1_000 * met / count) / 10,
    },
    createdAt: iso(agent.createdAt),
    updatedAt: iso(agent.updatedAt),
  };
}

/** To the hundredth. */
function averageScore(ratings: Agent["ratings"]): number | null {
  return ratings === undefined ? null : Math.round(100 * ratings.scores / ratings.count) / 100;
}

/** Never null for the predecessor's clients: an agent without shifts has an empty one. */
function shownShiftView({ shifts, createdAt }: Agent): z.infer<typeof agentShape>["shift"] {
  const {
    start = createdAt,
    end = createdAt + SHIFT_HOURS_SHOWN * HOUR_MS,
    timezone = "UTC",
    breaks = [],
  } = shifts?.shown ?? {};
  return { start: iso(start), end: iso(end), timezone, breaks: breaks.map(breakView) };
}
