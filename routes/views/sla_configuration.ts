import { z } from "zod";
import { NOTIFIED_ROLES, type SlaConfiguration } from "../../domain/rules/sla_configuration.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";
import { iso } from "../../domain/rules/time.ts";
import { instant } from "../http/answers.ts";

const minutes = z.number().int().meta({ description: "Minutes in which there is work." });

export const slaConfigurationShape = z.object({
  id: z.string(),
  _id: z.string(),
  priority: z.literal(PRIORITIES),
  category: z.string(),
  responseTime: minutes,
  nextReplyTime: minutes.optional(),
  resolutionTime: minutes,
  pauseOnPending: z.boolean(),
  replyOnly: z.boolean().meta({ description: "Only a public reply is a first response." }),
  escalationRules: z.array(z.object({
    level: z.number().int(),
    threshold: minutes,
    notifyRoles: z.array(z.enum(NOTIFIED_ROLES)),
    on: z.enum(["response", "resolution"]),
    reassign: z.boolean(),
  })),
  calendar: z.string().meta({ description: "A calendar's id." }),
  isDefault: z.boolean().meta({ description: "It is as it was from the start." }),
  version: z.number().int().meta({ description: "Grows with every edit; 0 from the start." }),
  updatedAt: instant.optional(),
}).meta({ id: "SlaConfiguration" });

export function slaConfigurationView(
  configuration: SlaConfiguration,
): z.infer<typeof slaConfigurationShape> {
  const { priority, category, responseTime, nextReplyTime, resolutionTime } = configuration;
  const { pauseOnPending, replyOnly, escalationRules, calendarId, version } = configuration;
  const id = `${priority}-${category}`;
  return {
    id,
    _id: id,
    priority,
    category,
    responseTime,
    ...(nextReplyTime === null ? {} : { nextReplyTime }),
    resolutionTime,
    pauseOnPending,
    replyOnly,
    escalationRules: escalationRules.map((rule) => ({
      ...rule,
      notifyRoles: [...rule.notifyRoles],
    })),
    calendar: calendarId,
    isDefault: version === 0,
    version,
    ...(version === 0 ? {} : { updatedAt: iso(configuration.updatedAt) }),
  };
}
