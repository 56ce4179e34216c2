import { DAY_MS, type Instant } from "../../domain/rules/time.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { openDesk, type TestDesk } from "./desk.ts";
import { addMeasured } from "./measurements.ts";
import { openings } from "./openings.ts";

/** A desk with so many weeks of tickets of billing, which are packed. */
export async function openFilled(weeks: number): Promise<TestDesk> {
  const desk = await openDesk();
  const end = desk.clock.now();
  await addMeasured(
    desk.desk.store,
    openings("billing", { start: end - weeks * 7 * DAY_MS, end }, usual),
  );
  await packMeasurements(desk.desk);
  return desk;
}

/** More by day than by night, and by weekday. */
function usual(hour: Instant): number {
  const local = Temporal.Instant.fromEpochMilliseconds(hour).toZonedDateTimeISO("UTC");
  return local.hour >= 9 && local.hour < 17 ? 8 - local.dayOfWeek : 0;
}
