import { z } from "zod";
import { type Actor, isStaff } from "../../domain/rules/actor.ts";
import { ASPECTS } from "../../domain/rules/classifier.ts";
import { confidenceOf } from "../../domain/rules/suggestion.ts";
import { PRIORITIES, type Ticket } from "../../domain/rules/ticket.ts";
import { iso } from "../../domain/rules/time.ts";
import type { classifierState } from "../../domain/services/classifier_state.ts";
import { instant } from "../http/answers.ts";

const count = z.number().int().min(0);
const confidence = z.number().min(0).max(1);

export const suggestionShape = z.object({
  category: z.string().nullable().meta({ description: "Null where it is not known enough." }),
  priority: z.literal(PRIORITIES).nullable(),
  confidence: confidence.meta({
    description: "The least of `confidences`: how often it is right where it is so sure.",
  }),
  confidences: z.object({ category: confidence.nullable(), priority: confidence.nullable() }),
  applied: z.array(z.enum(ASPECTS)).meta({ description: "What the ticket was opened with." }),
}).meta({ id: "Suggestion" });

/** What was suggested for a ticket; customers do not see it. */
export function suggestionView(
  { suggested }: Ticket,
  actor: Actor,
): z.infer<typeof suggestionShape> | null {
  if (suggested === undefined || !isStaff(actor)) return null;
  const { category, priority, confidences, applied } = suggested;
  const confidence = confidenceOf(suggested);
  return { category, priority, confidence, confidences: { ...confidences }, applied: [...applied] };
}

const labelShape = z.object({ name: z.string(), examples: count });

export const classificationShape = z.object({
  generation: count.meta({ description: "One more each time that it learned or forgot." }),
  tickets: count.meta({ description: "How many tickets it learned from." }),
  categories: z.array(labelShape),
  priorities: z.array(labelShape),
  blocks: count.meta({ description: "In how many pieces it is stored." }),
  changedAt: instant.nullable().meta({ description: "Null when nothing was ever learned." }),
}).meta({ id: "Classification" });

export function classificationView(
  head: Awaited<ReturnType<typeof classifierState>>,
): z.infer<typeof classificationShape> {
  const { generation, labels, tickets, blocks, changedAt } = head;
  const known = (aspect: string): z.infer<typeof labelShape>[] =>
    labels
      .filter((label) => label.aspect === aspect && label.examples > 0)
      .map(({ name, examples }) => ({ name, examples }))
      .sort((a, b) => b.examples - a.examples || (a.name < b.name ? -1 : 1));
  return {
    generation,
    tickets,
    categories: known("category"),
    priorities: known("priority"),
    blocks: blocks.filter((name) => name !== null).length,
    changedAt: generation === 0 ? null : iso(changedAt),
  };
}
