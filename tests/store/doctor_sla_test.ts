import assert from "node:assert/strict";
import { putCalendar } from "../../domain/services/calendars.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { faultsOf, granted, openDesk } from "../support/desk.ts";

const HOURS = { timezone: "UTC", weekly: { mon: [["09:00", "17:00"]] } } as const;
const CONFIGURATION = keys.slaConfiguration(1, "billing");

/** What must not be, at a key: fields of what stands there, or null to take it away. */
const BROKEN: readonly [what: string, key: KvKey, harm: object | null, found: KvKey][] = [
  ["a configuration later than the book", CONFIGURATION, { version: 9 }, CONFIGURATION],
  [
    "a configuration applied before it was made",
    CONFIGURATION,
    { appliedVersion: 9 },
    CONFIGURATION,
  ],
  ["a configuration that counts by nothing", CONFIGURATION, { calendarId: "no" }, CONFIGURATION],
  [
    "a configuration that counts by what was deleted",
    keys.calendar("office"),
    { deletedAt: 1 },
    CONFIGURATION,
  ],
  ["a calendar later than the book", keys.calendar("shop"), { version: 9 }, keys.calendar("shop")],
  [
    "a department of two calendars",
    keys.calendar("shop"),
    { departments: ["BILLING"] },
    keys.calendar("shop"),
  ],
  ["a book that is gone", keys.slaBook(), null, CONFIGURATION],
  ["an edit that nobody carries", keys.slaBook(), { applying: true }, keys.slaBook()],
  ["an edit carried for nobody", keys.intent("apply_sla", "4"), { place: null }, keys.slaBook()],
];

for (const [what, key, harm, found] of BROKEN) {
  Deno.test(`the doctor finds ${what}, and leaves it`, async () => {
    await using desk = await openDesk();
    const { store } = desk.desk;
    for (const [id, departments] of [["office", ["Billing"]], ["shop", ["Cards"]]] as const) {
      granted(await putCalendar(desk.desk, id, { name: id, ...HOURS, departments }));
      await desk.background.idle();
    }
    const pair = { priority: 1, category: "billing" } as const;
    granted(await putSlaConfiguration(desk.desk, pair, { calendar: "office" }));
    await desk.assertSound();
    const { value } = await store.reader.get<object>(key);
    if (harm === null) await store.reader.delete(key);
    else await store.reader.set(key, { ...value, ...harm });
    const faults = await faultsOf(store);
    assert(faults.length > 0);
    assert(faults.every(({ kind, remedy }) => kind === "broken" && remedy === undefined));
    assert(faults.some((fault) => fault.key.join() === found.join()), JSON.stringify(faults));
    assert.equal(await mend(store), 0);
    assert.deepEqual(await faultsOf(store), faults);
  });
}
