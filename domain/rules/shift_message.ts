import type { ShiftFeedEvent } from "./event.ts";
import type { Message } from "./notification.ts";
import type { Break, BreakType, Shift } from "./shift.ts";
import type { ShiftHappening } from "./shift_edges.ts";
import { iso, MINUTE_MS } from "./time.ts";
import { wallClock } from "./timezone.ts";

/** What its agent is told of something that happens to its shift; null where it is told nothing. */
export function shiftMessage({ kind, at, shift, breakId }: ShiftHappening): Message | null {
  switch (kind) {
    case "starting":
      return messageOf("shift_starting", shift, `Your shift starts at ${timeOf(shift, "start")}`, {
        start: iso(shift.start),
      });
    case "ending_30":
    case "ending_5":
      return messageOf("shift_ending", shift, `Your shift ends at ${timeOf(shift, "end")}`, {
        end: iso(shift.end),
        // Fewer than the notice has where the shift was made that short.
        minutes: Math.round((shift.end - at) / MINUTE_MS),
      });
    case "break_reminder":
      return reminder(shift, breakWith(shift, breakId));
    default:
      return null;
  }
}

const NAMES: Readonly<Record<BreakType, string>> = {
  lunch: "lunch",
  "short-break": "break",
  training: "training",
  meeting: "meeting",
};

function reminder(shift: Shift, { id, type, start }: Break): Message {
  const text = `Your ${NAMES[type]} starts at ${wallClock(start, shift.timezone)}`;
  return messageOf("break_reminder", shift, text, {
    breakId: id,
    breakType: type,
    start: iso(start),
  });
}

function timeOf(shift: Shift, edge: "start" | "end"): string {
  return wallClock(shift[edge], shift.timezone);
}

function messageOf(
  type: Message["type"],
  { id: shiftId }: Shift,
  message: string,
  more: Message["metadata"],
): Message {
  return { type, message, ticketId: null, metadata: { shiftId, ...more } };
}

/** What the feed is told of it; null where nobody is. */
export function shiftEvent(
  { kind, at, shift, agent, breakId }: ShiftHappening,
): ShiftFeedEvent | null {
  const { id: shiftId, agentId } = shift;
  const shared = { at, agentId, userId: agent.userId, shiftId };
  switch (kind) {
    case "started":
    case "ended": {
      const type = kind === "started" ? "shift.started" : "shift.ended";
      return { type, ...shared, details: { overtime: shift.overtime === true } };
    }
    case "break_started":
    case "break_ended": {
      const type = kind === "break_started" ? "break.started" : "break.ended";
      const { id, type: breakType } = breakWith(shift, breakId);
      return { type, ...shared, details: { breakId: id, breakType } };
    }
    default:
      return null;
  }
}

/** The wire form of an event of a shift. */
export function presentShiftEvent(
  { agentId, shiftId, at, details }: ShiftFeedEvent,
): Record<string, unknown> {
  return { agentId, shiftId, at: iso(at), ...details };
}

function breakWith({ id, breaks }: Shift, breakId: string | undefined): Break {
  const found = breaks.find((each) => each.id === breakId);
  if (found === undefined) {
    throw new Error(`Cannot tell of a break of shift ${id}: ${breakId} is none`);
  }
  return found;
}
