import type { PatternPlan } from "../rules/shift_pattern.ts";

/** The people of the demonstration desk; all of them are invented. */

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
  { name: "Sofia Lindqvist", department: "Support", skills: ["accounts:4", "contracts:3"] },
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
