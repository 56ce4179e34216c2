import type { Agent } from "../../domain/rules/agent.ts";
import type { AgentChanges } from "../../domain/rules/agent_edit.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import type { BreakType, Shift } from "../../domain/rules/shift.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { getAgent, setAgentStatus } from "../../domain/services/agents.ts";
import { addBreak } from "../../domain/services/shift_breaks.ts";
import { findShift, scheduleShift } from "../../domain/services/shifts.ts";
import type { Notification } from "../../domain/rules/notification.ts";
import { readList } from "../../domain/store/store.ts";
import { readFeed } from "../../domain/store/feed.ts";
import { granted, openDesk, type Person, type TestDesk } from "./desk.ts";
import { START } from "./time.ts";
import { agentId } from "./work.ts";

/** A desk in memory, at nine, with an agent who works by shifts and somebody who supervises it. */
export interface ShiftDesk extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly ada: Person;
  readonly adaId: string;
  readonly boss: Person;
  readonly customer: Person;
  agent(): Promise<Agent>;
  shift(id: string): Promise<Shift>;
  /** Schedules a shift of Ada's by minutes from nine; its breaks alike. */
  schedule(from: number, to: number, ...breaks: [number, number][]): Promise<Shift>;
  setStatus(status: Agent["status"]): Promise<Agent>;
  /** What Ada has been told, as type and the minute it is of, the oldest first. */
  told(): Promise<string[]>;
  /** The shift events of the feed, as "0 shift.started". */
  events(): Promise<string[]>;
  /** Moves the clock to so many minutes after nine. */
  goTo(minutes: number): void;
}

export function at(minutes: number): Instant {
  return START + minutes * MINUTE_MS;
}

/** Nobody logs in again, however long a test lasts. */
const LONG = { ACCESS_TOKEN_TTL: "900d", REFRESH_TOKEN_TTL: "900d" };

export async function openShiftDesk(
  { agent = { status: "offline" }, env = {} }: {
    readonly agent?: AgentChanges;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<ShiftDesk> {
  const desk = await openDesk({ ...LONG, ...env });
  const ada = await desk.join("agent", { name: "Ada", agent });
  const boss = await desk.join("supervisor");
  const customer = await desk.join("user");
  const adaId = agentId(ada);
  return {
    desk,
    ada,
    adaId,
    boss,
    customer,
    agent: async () => granted(await getAgent(desk.desk, adaId)).record,
    shift: async (id) => granted(await findShift(desk.desk, id)).record,
    async schedule(from, to, ...breaks) {
      const request = {
        start: at(from),
        end: at(to),
        timezone: "UTC",
        breaks: breaks.map(([start, end]) => ({
          type: "lunch" as const,
          start: at(start),
          end: at(end),
        })),
      };
      return granted(await scheduleShift(desk.desk, boss.actor, adaId, request));
    },
    setStatus: async (status) =>
      granted(await setAgentStatus(desk.desk, ada.actor, adaId, { status })),
    async told() {
      await desk.background.idle();
      const prefix = ["notification", ada.actor.userId];
      const rows = await readList<Notification>(desk.desk.store, prefix, { limit: 1_000 });
      return rows.map(({ value: { type, createdAt } }) => `${minuteOf(createdAt)} ${type}`);
    },
    async events() {
      const entries = await readFeed(desk.desk.store, "", 10_000);
      return entries.flatMap(({ events }) => events).filter(isOfShift)
        .map(({ type, at }) => `${minuteOf(at)} ${type}`);
    },
    goTo(minutes) {
      desk.clock.advance(at(minutes) - desk.clock.now());
    },
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

type OfShift = Extract<FeedEvent, { shiftId: string }>;

function isOfShift(event: FeedEvent): event is OfShift {
  return "shiftId" in event;
}

function minuteOf(instant: Instant): number {
  return (instant - START) / MINUTE_MS;
}

/** Plans a break of Ada's by minutes from nine. */
export async function planBreak(
  { desk, ada }: ShiftDesk,
  shift: Shift,
  from: number,
  to: number,
  type: BreakType = "lunch",
): Promise<Shift> {
  const plan = { id: desk.desk.store.newId(), type, start: at(from), end: at(to) };
  return granted(await addBreak(desk.desk, ada.actor, shift, plan));
}
