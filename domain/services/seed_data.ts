import type { Score } from "../rules/ticket.ts";

/** What is asked and said at the demonstration desk; all of it is invented. */

export interface Request {
  readonly title: string;
  readonly description: string;
  readonly category: "technical" | "billing" | "general" | "urgent";
  readonly department: string;
  readonly skills: readonly string[];
  readonly priority: 1 | 2 | 3;
  readonly hours: number;
  /** In proportion to the others. */
  readonly often: number;
}

/** Asks for what no agent knows: it waits. */
export const UNANSWERABLE: Request = {
  title: "Datganiad yn Gymraeg",
  description: "Please send my statement in Welsh, and call me back in Welsh too.",
  category: "general",
  department: "Billing",
  skills: ["welsh"],
  priority: 3,
  hours: 1,
  often: 0,
};

export const REQUESTS: readonly Request[] = [
  {
    title: "Charged twice for the same order",
    description: "My statement shows order 88131 two times. Please give one of them back.",
    category: "billing",
    department: "Billing",
    skills: ["refunds"],
    priority: 1,
    hours: 1,
    often: 8,
  },
  {
    title: "Invoice lacks our VAT number",
    description: "Our accountant cannot book the March invoice without it. Can you send it again?",
    category: "billing",
    department: "Billing",
    skills: ["invoices"],
    priority: 2,
    hours: 0.5,
    often: 10,
  },
  {
    title: "Office is offline",
    description: "Nobody on the second floor has had a connection since this morning.",
    category: "urgent",
    department: "Technical",
    skills: ["network:3"],
    priority: 1,
    hours: 3,
    often: 3,
  },
  {
    title: "Printer jams on every duplex page",
    description: "Single pages are fine. We cleaned the rollers and it made no difference.",
    category: "technical",
    department: "Technical",
    skills: ["printers"],
    priority: 3,
    hours: 2,
    often: 8,
  },
  {
    title: "Cannot log in after the update",
    description: "It says that my password is wrong, but I have not changed it for months.",
    category: "technical",
    department: "Support",
    skills: ["accounts"],
    priority: 2,
    hours: 0.5,
    often: 18,
  },
  {
    title: "Laptop battery lasts twenty minutes",
    description: "It was replaced last year. Is this still under the guarantee?",
    category: "technical",
    department: "Technical",
    skills: ["laptops"],
    priority: 3,
    hours: 1.5,
    often: 6,
  },
  {
    title: "How do I add a colleague?",
    description: "I would like to give a new colleague access to our account, for reading only.",
    category: "general",
    department: "general",
    skills: [],
    priority: 3,
    hours: 0.25,
    often: 13,
  },
  {
    title: "Delivery address was wrong",
    description: "The parcel went to our old office. Can it be sent on, or do we order again?",
    category: "general",
    department: "Support",
    skills: [],
    priority: 2,
    hours: 0.5,
    often: 9,
  },
  {
    title: "Agreement on data processing",
    description: "Our lawyers ask for a signed copy before the end of the quarter.",
    category: "general",
    department: "Support",
    skills: ["contracts"],
    priority: 3,
    hours: 2,
    often: 3,
  },
];

export const REPLIES = [
  "Thank you for writing. I am looking into it and will tell you before the day is over.",
  "I can see what you describe. Give me a moment to check this with the team.",
  "I have found the cause and am putting it right now.",
] as const;

export const QUESTIONS = [
  "Could you tell me the order number, please?",
  "Does it also happen when you try it in another browser?",
] as const;

export const ANSWERS = ["It is 40217, from last Tuesday.", "Yes, exactly the same there."] as const;

export const NOTES = [
  "Same cause as last week's; the supplier knows.",
  "Called the customer, who is friendly but in a hurry.",
] as const;

export const CLOSINGS = [
  "This is done. Write here if anything is still amiss.",
  "It should work again now. Please try it once more.",
] as const;

/** What customers say of a resolution that did not last. */
export const SETBACKS = [
  "I am sorry, but since this morning it is the same again.",
  "It works for me, but not for my colleague.",
] as const;

/** What customers think of a resolution: how often in proportion, and how often after waiting. */
export const OPINIONS: readonly {
  readonly score: Score;
  readonly often: number;
  readonly afterWaiting: number;
  readonly comments: readonly string[];
}[] = [
  {
    score: 5,
    often: 50,
    afterWaiting: 16,
    comments: ["Quick and kind, thank you!", "Done within the hour. Wonderful."],
  },
  {
    score: 4,
    often: 33,
    afterWaiting: 30,
    comments: ["Good help, although I had to explain it twice.", "All is well again."],
  },
  { score: 3, often: 11, afterWaiting: 32, comments: ["It works now, but it took a while."] },
  { score: 2, often: 4, afterWaiting: 12, comments: ["I had to ask several times."] },
  { score: 1, often: 2, afterWaiting: 10, comments: ["Too late: we had lost the day by then."] },
];
