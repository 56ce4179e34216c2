/**
 * How many agents work needs. Live work waits for nobody: A. K. Erlang's formulas for calls that come
 * at random and are handled for times that are exponentially distributed. Ticket work can wait, and
 * needs its hours alone.
 */

/** Calls or chats that come in a stretch of time, and how long each takes an agent. */
export interface LiveWork {
  readonly arrivals: number;
  readonly periodSeconds: number;
  readonly handlingSeconds: number;
}

/** That this share of the work is taken up within so many seconds. */
export interface ServiceTarget {
  readonly share: number;
  readonly withinSeconds: number;
}

export interface LiveStaffing {
  /** Who must be at work. */
  readonly agents: number;
  /** Who must be employed for it, as some of them are on breaks or away. */
  readonly staff: number;
  readonly serviceLevel: number;
  /** The share of their time in which agents are busy. */
  readonly occupancy: number;
}

/** More agents than this are not looked for. */
export const AGENTS_SEARCHED_MAX = 10_000;

/** What a division leaves behind the point is no further agent. */
const ROUNDING = 1e-9;

/**
 * The fewest agents who reach the target, and how well they do; null when more than
 * `AGENTS_SEARCHED_MAX` would have to be. `shrinkage` is the share of paid time in which an agent is
 * not at work, from 0 to below 1.
 */
export function staffLive(
  work: LiveWork,
  target: ServiceTarget,
  shrinkage: number,
): LiveStaffing | null {
  const load = erlangs(work);
  let blocked = 1;
  for (let agents = 1; agents <= AGENTS_SEARCHED_MAX; agents++) {
    blocked = nextBlocked(load, agents, blocked);
    if (agents <= load) continue;
    const level = levelOf(work, agents, target.withinSeconds, waiting(load, agents, blocked));
    if (level < target.share) continue;
    const staff = withShrinkage(agents, shrinkage);
    return { agents, staff, serviceLevel: level, occupancy: load / agents };
  }
  return null;
}

/** The share of work that is taken up within so many seconds; 0 with too few agents ever to keep up. */
export function serviceLevel(work: LiveWork, agents: number, withinSeconds: number): number {
  return levelOf(work, agents, withinSeconds, erlangC(erlangs(work), agents));
}

function levelOf(work: LiveWork, agents: number, withinSeconds: number, waits: number): number {
  const spare = agents - erlangs(work);
  if (spare <= 0) return 0;
  return 1 - waits * Math.exp(-spare * withinSeconds / work.handlingSeconds);
}

/** Average speed of answer, in seconds; infinite with too few agents ever to keep up. */
export function averageWaitSeconds(work: LiveWork, agents: number): number {
  const load = erlangs(work);
  if (load === 0) return 0;
  if (agents <= load) return Infinity;
  return erlangC(load, agents) * work.handlingSeconds / (agents - load);
}

/** How many agents would be busy all the time. */
export function erlangs({ arrivals, periodSeconds, handlingSeconds }: LiveWork): number {
  return arrivals * handlingSeconds / periodSeconds;
}

/** The share of calls that find all agents busy where none can wait (Erlang B, by its recursion). */
export function erlangB(load: number, agents: number): number {
  let blocked = 1;
  for (let each = 1; each <= agents; each++) blocked = nextBlocked(load, each, blocked);
  return blocked;
}

/** The share of calls that must wait (Erlang C); 1 with too few agents ever to keep up. */
export function erlangC(load: number, agents: number): number {
  return waiting(load, agents, erlangB(load, agents));
}

/** Erlang B of one agent more: B(n) = A·B(n−1) / (n + A·B(n−1)). */
function nextBlocked(load: number, agents: number, blocked: number): number {
  return load * blocked / (agents + load * blocked);
}

function waiting(load: number, agents: number, blocked: number): number {
  if (agents <= load) return load === 0 ? 0 : 1;
  return agents * blocked / (agents - load * (1 - blocked));
}

function withShrinkage(agents: number, shrinkage: number): number {
  return Math.ceil(agents / (1 - shrinkage) - ROUNDING);
}

/** Tickets that are there or come, within the hours in which they are to be worked off. */
export interface TicketWork {
  readonly tickets: number;
  readonly handlingHours: number;
  /** Hours that one agent is there for them. */
  readonly productiveHours: number;
  /** The share of these in which an agent is to be busy at most: above 0, up to 1. */
  readonly occupancy: number;
}

export interface TicketStaffing {
  readonly agents: number;
  /** The share of their time in which so many agents are busy. */
  readonly occupancy: number;
}

/** The fewest agents who do it: tickets · handling time / (productive hours · occupancy). */
export function staffTickets(work: TicketWork): TicketStaffing {
  const agents = Math.max(0, Math.ceil(agentsNeeded(work) - ROUNDING));
  const hours = work.tickets * work.handlingHours;
  return { agents, occupancy: agents === 0 ? 0 : hours / (agents * work.productiveHours) };
}

/** The same as a number with a fraction. */
export function agentsNeeded(work: TicketWork): number {
  const { tickets, handlingHours, productiveHours, occupancy } = work;
  return tickets * handlingHours / (productiveHours * occupancy);
}
