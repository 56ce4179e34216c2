import type { Hours } from "../../domain/rules/calendar.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import type { Priority } from "../../domain/rules/ticket.ts";
import type { Edict, Kind, Opening, Promised } from "./diary.ts";

/** What the specification promises where nobody configured anything: response, resolution. */
const DEFAULTS: Readonly<Record<string, readonly [number, number]>> = {
  "1 urgent": [30, 120],
  "1 technical": [45, 240],
  "1 billing": [60, 240],
  "1 general": [60, 480],
  "2 urgent": [60, 240],
  "2 technical": [120, 480],
  "2 billing": [120, 480],
  "2 general": [240, 720],
  "3 urgent": [120, 480],
  "3 technical": [480, 1_440],
  "3 billing": [480, 1_440],
  "3 general": [480, 1_440],
};

const ALWAYS: Hours = { timezone: "UTC", alwaysOpen: true, weekly: {}, holidays: [] };

/** All that is promised, as it stands after some edicts. */
export class ModelBook {
  readonly #promises = new Map<string, Promised>();
  readonly #calendars = new Map<string, Opening>();

  enact(edict: Edict): void {
    if (edict.verb === "promise") {
      this.#promises.set(`${edict.priority} ${edict.category}`, edict.promised);
    } else if (edict.verb === "calendar") this.#calendars.set(edict.id, edict.opening);
    else this.#calendars.delete(edict.id);
  }

  /** Which pair's promise holds for a ticket. */
  pairFor({ priority, category }: Kind): string {
    const own = `${priority} ${category}`;
    return this.#promises.has(own) || own in DEFAULTS ? own : `${priority} general`;
  }

  promiseFor(kind: Kind): Promised {
    const pair = this.pairFor(kind);
    const [response, resolution] = DEFAULTS[pair] ?? [60, 480];
    return this.#promises.get(pair) ?? {
      responseTime: response,
      nextReplyTime: null,
      resolutionTime: resolution,
      pauseOnPending: true,
      replyOnly: false,
      escalationRules: rulesFor(kind.priority, response),
      calendarId: "default",
    };
  }

  /** The calendar that names the department, else the promise's own. */
  calendarFor({ department }: Kind, configured: string): string {
    const named = [...this.#calendars].find(([, { departments }]) =>
      departments.some((each) => each.toLowerCase() === department.toLowerCase())
    );
    return named?.[0] ?? (this.#calendars.has(configured) ? configured : "default");
  }

  hoursOf(calendarId: string): Hours {
    return this.#calendars.get(calendarId)?.hours ?? ALWAYS;
  }
}

function rulesFor(priority: Priority, response: number): EscalationRule[] {
  const rule = { on: "response", reassign: false } as const;
  const first: EscalationRule = {
    ...rule,
    level: 1,
    threshold: response,
    notifyRoles: ["supervisor"],
  };
  const second: EscalationRule = {
    ...rule,
    level: 2,
    threshold: 2 * response,
    notifyRoles: ["supervisor", "admin"],
  };
  return priority === 1 ? [first, second] : priority === 2 ? [first] : [];
}
