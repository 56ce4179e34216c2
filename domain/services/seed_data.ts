import type { PatternPlan } from "../rules/shift_pattern.ts";

/** The people and requests of the demonstration desk; all of them are invented. */

/** The shifts of an agent that come again every week. */
export interface RecurringShift extends Omit<PatternPlan, "agentId" | "startDate" | "endDate"> {
  readonly agent: string;
  /** Online from the start of each shift. */
  readonly isPunctual: boolean;
}

export const SUPERVISORS = ["Grace Okafor", "Tomás Herrera"] as const;

export const AGENTS = [
  { name: "Amira Haddad", department: "Billing", skills: ["refunds:5", "invoices:4"] },
  { name: "Jonas Weber", department: "Billing", skills: ["invoices:5", "tax:3"] },
  { name: "Mei Tanaka", department: "Technical", skills: ["network:4", "printers:3"] },
  { name: "Oluwaseun Bello", department: "Technical", skills: ["network:3", "accounts:4"] },
  { name: "Petra Novak", department: "Technical", skills: ["printers:5", "laptops:4"] },
  { name: "Rafael Costa", department: "Support", skills: ["accounts:3", "refunds:2"] },
  { name: "Sofia Lindqvist", department: "Support", skills: ["accounts:4", "invoices:2"] },
  { name: "Yusuf Demir", department: "Support", skills: ["laptops:3", "accounts:2"] },
] as const;

/** Day and late shifts, in three time zones; whoever is not punctual comes online by hand. */
export const SHIFTS: readonly RecurringShift[] = [
  {
    agent: "Jonas Weber",
    timezone: "Europe/Berlin",
    weekdays: ["mon", "tue", "wed", "thu", "fri"],
    startTime: "08:00",
    endTime: "16:30",
    breaks: [
      { type: "short-break", startTime: "10:30", endTime: "10:45" },
      { type: "lunch", startTime: "12:30", endTime: "13:00" },
    ],
    isPunctual: true,
  },
  {
    agent: "Yusuf Demir",
    timezone: "Europe/Berlin",
    weekdays: ["mon", "tue", "wed", "thu", "fri"],
    startTime: "13:30",
    endTime: "22:00",
    breaks: [
      { type: "short-break", startTime: "15:45", endTime: "16:00" },
      { type: "lunch", startTime: "18:00", endTime: "18:30" },
    ],
    isPunctual: false,
  },
  {
    agent: "Mei Tanaka",
    timezone: "Asia/Tokyo",
    weekdays: ["tue", "wed", "thu", "fri", "sat"],
    startTime: "09:00",
    endTime: "17:30",
    breaks: [
      { type: "lunch", startTime: "12:00", endTime: "13:00" },
      { type: "short-break", startTime: "15:15", endTime: "15:30" },
    ],
    isPunctual: true,
  },
  {
    agent: "Rafael Costa",
    timezone: "America/Sao_Paulo",
    weekdays: ["mon", "wed", "thu", "sat", "sun"],
    startTime: "15:00",
    endTime: "23:00",
    breaks: [
      { type: "lunch", startTime: "18:00", endTime: "18:30" },
      { type: "short-break", startTime: "21:00", endTime: "21:15" },
    ],
    isPunctual: false,
  },
];

export const CUSTOMERS = [
  "Aino Virtanen",
  "Bilal Qureshi",
  "Chiara Romano",
  "Daniel Mbeki",
  "Eleni Papadaki",
  "Farid Nazari",
  "Gwen Pritchard",
  "Hugo Lefèvre",
  "Ines Duarte",
  "Jakub Zieliński",
  "Kavya Raman",
  "Liam Doyle",
  "Marta Ruiz",
  "Nadia Petrova",
  "Omar Sadiq",
  "Priya Shah",
] as const;

export interface Request {
  readonly title: string;
  readonly description: string;
  readonly category: "technical" | "billing" | "general" | "urgent";
  readonly department: string;
  readonly skills: readonly string[];
  readonly priority: 1 | 2 | 3;
  readonly hours: number;
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
  },
  {
    title: "Invoice lacks our VAT number",
    description: "Our accountant cannot book the March invoice without it. Can you send it again?",
    category: "billing",
    department: "Billing",
    skills: ["invoices"],
    priority: 2,
    hours: 0.5,
  },
  {
    title: "Office is offline",
    description: "Nobody on the second floor has had a connection since this morning.",
    category: "urgent",
    department: "Technical",
    skills: ["network:3"],
    priority: 1,
    hours: 3,
  },
  {
    title: "Printer jams on every duplex page",
    description: "Single pages are fine. We cleaned the rollers and it made no difference.",
    category: "technical",
    department: "Technical",
    skills: ["printers"],
    priority: 3,
    hours: 2,
  },
  {
    title: "Cannot log in after the update",
    description: "It says that my password is wrong, but I have not changed it for months.",
    category: "technical",
    department: "Support",
    skills: ["accounts"],
    priority: 2,
    hours: 0.5,
  },
  {
    title: "Laptop battery lasts twenty minutes",
    description: "It was replaced last year. Is this still under the guarantee?",
    category: "technical",
    department: "Technical",
    skills: ["laptops"],
    priority: 3,
    hours: 1.5,
  },
  {
    title: "How do I add a colleague?",
    description: "I would like to give a new colleague access to our account, for reading only.",
    category: "general",
    department: "general",
    skills: [],
    priority: 3,
    hours: 0.25,
  },
  {
    title: "Delivery address was wrong",
    description: "The parcel went to our old office. Can it be sent on, or do we order again?",
    category: "general",
    department: "Support",
    skills: [],
    priority: 2,
    hours: 0.5,
  },
  {
    title: "Agreement on data processing",
    description: "Our lawyers ask for a signed copy before the end of the quarter.",
    category: "general",
    department: "Support",
    skills: ["contracts"],
    priority: 3,
    hours: 2,
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
