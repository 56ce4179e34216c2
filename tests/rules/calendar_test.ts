import assert from "node:assert/strict";
import {
  DEFAULT_CALENDAR,
  HOLIDAYS_MAX,
  type Hours,
  HOURS_FAULTS_MAX,
  hoursFaults,
  WEEKDAYS,
  type Weekly,
  type Window,
  WINDOWS_A_DAY_MAX,
} from "../../domain/rules/calendar.ts";
import { CHANGING_ZONES, someHours } from "../support/calendars.ts";

const SOUND = someHours("Europe/Berlin", [["09:00", "17:00"]]);

Deno.test("the default calendar, and hours from nine to five in any zone, have no fault", () => {
  assert.deepEqual(hoursFaults(DEFAULT_CALENDAR), []);
  const zones = ["UTC", "Etc/GMT+5", "Asia/Calcutta", "Asia/Kolkata", ...CHANGING_ZONES];
  for (const timezone of zones) assert.deepEqual(hoursFaults({ ...SOUND, timezone }), [], timezone);
});

Deno.test("hours are in an IANA time zone, by its name as it is written", () => {
  const no = "No IANA time zone has this name";
  const offsets = ["+01:00", "-0500", "+01", "−01:00", "Z"];
  const unknown = ["", " ", "Berlin", "Mars/Phobos", "Europe/Berlin ", "CEST", "undefined"];
  const others = ["2026-01-01T00:00[Europe/Berlin]", "[Europe/Berlin]", "E".repeat(10_000)];
  for (const timezone of [...offsets, ...unknown, ...others]) {
    faultsAre({ timezone }, [[["timezone"], no]]);
  }
  faultsAre({ timezone: "europe/berlin" }, [
    [["timezone"], "This time zone is written Europe/Berlin"],
  ]);
});

const TOLD = 'as "HH:MM"';
const windows: readonly (readonly [Window[], (readonly [(string | number)[], string])[]])[] = [
  [[["00:00", "24:00"]], []],
  [[["23:59", "24:00"]], []],
  [[["09:00", "12:00"], ["12:00", "17:00"]], []],
  [[["13:00", "17:00"], ["09:00", "12:00"]], []],
  [[["9:00", "17:00"]], [[[0, 0], TOLD]]],
  [[["09:00", "25:00"]], [[[0, 1], TOLD]]],
  [[["09:60", "12:60"]], [[[0, 0], TOLD], [[0, 1], TOLD]]],
  [[["24:00", "24:00"]], [[[0, 0], TOLD]]],
  [[["09:00", "24:01"]], [[[0, 1], TOLD]]],
  [[["09:00:00", "17:00"]], [[[0, 0], TOLD]]],
  [[["", "17:00\n"]], [[[0, 0], TOLD], [[0, 1], TOLD]]],
  [[["٠٩:٠٠", "17:00"]], [[[0, 0], TOLD]]],
  [[["09:00", "09:00"]], [[[0], "ends after it begins"]]],
  [[["22:00", "06:00"]], [[[0], "ends after it begins"]]],
  [[["09:00", "00:00"]], [[[0], "ends after it begins"]]],
  [[["09:00", "12:00"], ["11:59", "17:00"]], [[[1], "Overlaps"]]],
  [[["11:59", "17:00"], ["09:00", "12:00"]], [[[1], "Overlaps"]]],
  [[["09:00", "17:00"], ["10:00", "11:00"]], [[[1], "Overlaps"]]],
  [[["10:00", "11:00"], ["09:00", "17:00"]], [[[1], "Overlaps"]]],
  [[["09:00", "17:00"], ["09:00", "17:00"]], [[[1], "Overlaps"]]],
  [[["09:00", "12:00"], ["13:00", "14:00"], ["11:00", "15:00"]], [[[2], "Overlaps"]]],
  // One that is no window is told as that alone, and stands in nobody's way.
  [[["12:00", "11:00"], ["10:00", "13:00"]], [[[0], "ends after it begins"]]],
  [[["08:0", "12:00"], ["09:00", "11:00"]], [[[0, 0], TOLD]]],
  [[["08:00", "12:0"], ["09:00", "11:00"]], [[[0, 1], TOLD]]],
];

for (const [told, faults] of windows) {
  Deno.test(`of the windows ${JSON.stringify(told)} ${faults.length} are no good`, () => {
    const expected = faults.map(([path, message]) =>
      [["weekly", "tue", ...path], message] as const
    );
    faultsAre({ weekly: { mon: [["09:00", "17:00"]], tue: told } }, expected);
  });
}

Deno.test("a day has at most twelve windows, and more are one fault", () => {
  const hourly = (count: number): Window[] =>
    Array.from({ length: count }, (_, hour) => {
      const [open, close] = [hour, hour + 1].map((of) => `${String(of).padStart(2, "0")}:00`);
      return [open ?? "", close ?? ""];
    });
  faultsAre({ weekly: { sun: hourly(WINDOWS_A_DAY_MAX) } }, []);
  faultsAre({ weekly: { sun: hourly(WINDOWS_A_DAY_MAX + 1) } }, [
    [["weekly", "sun"], "at most 12 windows"],
  ]);
  faultsAre({ weekly: { sun: Array(10_000).fill(["x", "y"]) } }, [
    [["weekly", "sun"], "at most 12 windows"],
  ]);
});

Deno.test("a day of the week has one of seven names", () => {
  const weekly = { mon: [["09:00", "17:00"]], Tue: [["09:00", "17:00"]], friday: [] } as Weekly;
  const message = "A day of the week is one of mon, tue, wed, thu, fri, sat, sun";
  faultsAre({ weekly }, [[["weekly", "Tue"], message], [["weekly", "friday"], message]]);
  // Also where it is always open and no day has windows.
  faultsAre({ alwaysOpen: true, weekly: { mon: [], Tue: [] } as Weekly }, [
    [["weekly", "Tue"], message],
  ]);
});

Deno.test("some time of the week is open", () => {
  for (const weekly of [{}, { mon: [] }, { mon: [], sun: undefined }]) {
    faultsAre({ weekly }, [[["weekly"], "No time of the week is open"]]);
  }
});

Deno.test("a holiday is a date that exists, and is named once", () => {
  faultsAre({ holidays: ["2026-12-25", "2028-02-29", "0001-01-01", "9999-12-31"] }, []);
  const dates = [
    "2026-02-30",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-01-00",
  ];
  const texts = ["", "2026-1-1", "26-01-01", "2026-01-01T00:00Z", "25.12.2026", "+002026-01-01"];
  const expected = [...dates, ...texts].map((_, index) =>
    [["holidays", index], "a date that exists"] as const
  );
  faultsAre({ holidays: [...dates, ...texts] }, expected);
  faultsAre({ holidays: ["2026-12-25", "2026-12-26", "2026-12-25", "2026-12-25"] }, [
    [["holidays", 2], "named twice"],
    [["holidays", 3], "named twice"],
  ]);
});

Deno.test("there are at most a thousand holidays, and ten thousand are one fault", () => {
  const days = Array.from(
    { length: 10_000 },
    (_, index) => Temporal.PlainDate.from("2026-01-01").add({ days: index }).toString(),
  );
  faultsAre({ holidays: days.slice(0, HOLIDAYS_MAX) }, []);
  faultsAre({ holidays: days.slice(0, HOLIDAYS_MAX + 1) }, [[["holidays"], "at most 1000"]]);
  faultsAre({ holidays: days }, [[["holidays"], "at most 1000"]]);
});

Deno.test("what is always open has neither windows nor holidays, which it would pass over", () => {
  const open = { alwaysOpen: true, weekly: { mon: [], tue: undefined }, holidays: [] };
  faultsAre(open, []);
  faultsAre({ ...open, weekly: { mon: [["25:00", "x"]] } }, [[["weekly"], "no windows"]]);
  const friday = { Friday: [["09:00", "17:00"]] } as Weekly;
  faultsAre({ ...open, weekly: friday }, [[["weekly"], "no windows"]]);
  faultsAre({ ...open, holidays: ["2026-12-25"] }, [[["holidays"], "no holidays"]]);
  faultsAre({ ...open, timezone: "?", weekly: SOUND.weekly, holidays: ["x"] }, [
    [["timezone"], "No IANA"],
    [["weekly"], "no windows"],
    [["holidays"], "no holidays"],
  ]);
});

Deno.test("every fault is told, in the order of the document, up to a hundred", () => {
  faultsAre({
    timezone: "Nowhere",
    weekly: { sun: [["x", "y"]], mon: [["10:00", "09:00"]] },
    holidays: ["2026-01-01", "?"],
  }, [
    [["timezone"], ""],
    [["weekly", "sun", 0, 0], ""],
    [["weekly", "sun", 0, 1], ""],
    [["weekly", "mon", 0], ""],
    [["holidays", 1], ""],
  ]);
  const all = Object.fromEntries(WEEKDAYS.map((day) => [day, Array(12).fill(["x", "y"])]));
  const faults = hoursFaults({ ...SOUND, weekly: all, holidays: Array(1_000).fill("?") });
  assert.equal(faults.length, HOURS_FAULTS_MAX);
  assert.deepEqual(faults.at(-1)?.path, ["weekly", "fri", 1, 1]);
  const days = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`day ${index}`, []]),
  );
  for (const alwaysOpen of [true, false]) {
    const all = hoursFaults({ ...SOUND, alwaysOpen, weekly: days as Weekly });
    assert.equal(all.length, HOURS_FAULTS_MAX);
  }
});

/** That sound hours with these changes have just these faults, whose messages say so much. */
function faultsAre(
  changes: Partial<Hours>,
  expected: readonly (readonly [path: readonly (string | number)[], message: string])[],
): void {
  const faults = hoursFaults({ ...SOUND, ...changes });
  assert.deepEqual(faults.map(({ path }) => path), expected.map(([path]) => path));
  for (const [index, [, message]] of expected.entries()) {
    assert.ok(faults[index]?.message.includes(message), faults[index]?.message);
  }
}
