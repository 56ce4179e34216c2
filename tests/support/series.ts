import { HOURS_A_WEEK } from "../../domain/rules/forecast.ts";
import { type Chance, chanceOf } from "../simulation/chance.ts";

/**
 * Monthly passengers of international airlines in thousands, January 1949 to December 1960: series G
 * of G. E. P. Box and G. M. Jenkins, Time Series Analysis: Forecasting and Control, 1976.
 */
export const AIR_PASSENGERS = Float64Array.of(
  ...[112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118],
  ...[115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140],
  ...[145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166],
  ...[171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194],
  ...[196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201],
  ...[204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229],
  ...[242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278],
  ...[284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306],
  ...[315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336],
  ...[340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337],
  ...[360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405],
  ...[417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432],
);

/** What a made-up desk is asked each hour: chance around a rate. */
export interface MadeUpDesk {
  readonly name: string;
  readonly weeks: number;
  readonly seed: number;
  /** How many come in this hour on average; `dayOff` says what a day has of its usual number. */
  readonly rate: (hour: number, dayOff: (percent: number, share: number) => number) => number;
}

const BY_HOUR = [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 20, 19, 16, 17, 18, 17, 14, 11, 8, 7, 6, 5, 4, 3];
const BY_DAY = [1.25, 1.2, 1.1, 1.05, 0.95, 0.45, 0.3];
const BY_HOUR_MEAN = BY_HOUR.reduce((sum, each) => sum + each, 0) / BY_HOUR.length;

/** A week of office hours, quiet at its end; 0.9 on average. */
function usual(hour: number): number {
  const ofHour = (BY_HOUR[hour % 24] ?? 0) / BY_HOUR_MEAN;
  return ofHour * (BY_DAY[Math.floor(hour / 24) % 7] ?? 0);
}

function weekOf(hour: number): number {
  return hour / HOURS_A_WEEK;
}

/** Two each of what makes forecasts hard. */
export const MADE_UP: readonly MadeUpDesk[] = [
  { name: "growing", weeks: 26, seed: 1, rate: (h) => 4 * usual(h) * (1 + 0.04 * weekOf(h)) },
  { name: "shrinking", weeks: 30, seed: 2, rate: (h) => 12 * usual(h) * Math.exp(-weekOf(h) / 33) },
  { name: "busy by day and week", weeks: 52, seed: 3, rate: (h) => 20 * usual(h) },
  { name: "quiet by day and week", weeks: 12, seed: 4, rate: (h) => 2.5 * usual(h) },
  { name: "shifted up", weeks: 30, seed: 5, rate: (h) => (weekOf(h) > 18 ? 9 : 5) * usual(h) },
  { name: "shifted down", weeks: 30, seed: 6, rate: (h) => (weekOf(h) > 25 ? 4 : 8) * usual(h) },
  { name: "with holidays", weeks: 52, seed: 7, rate: (h, off) => 6 * usual(h) * off(6, 0.1) },
  {
    name: "with holidays and quiet weeks",
    weeks: 40,
    seed: 8,
    rate: (h, off) => 10 * usual(h) * off(4, 0) * (Math.floor(weekOf(h)) % 13 === 12 ? 0.4 : 1),
  },
  { name: "sparse", weeks: 26, seed: 9, rate: (h) => 0.25 * usual(h) },
  { name: "very sparse", weeks: 40, seed: 10, rate: (h) => 0.08 * usual(h) },
];

/** What came to a made-up desk, hour by hour. */
export function madeUpHours({ weeks, seed, rate }: MadeUpDesk): Float64Array {
  const chance = chanceOf(seed);
  const days = new Map<number, number>();
  return Float64Array.from({ length: weeks * HOURS_A_WEEK }, (_, hour) => {
    const day = Math.floor(hour / 24);
    const dayOff = (percent: number, share: number): number => {
      const known = days.get(day) ?? (chance.percent(percent) ? share : 1);
      days.set(day, known);
      return known;
    };
    return happenings(chance, rate(hour, dayOff));
  });
}

/** How often something happens that happens so often on average: Poisson, by the products of Knuth. */
function happenings(chance: Chance, average: number): number {
  const end = Math.exp(-average);
  let count = 0;
  for (let product = chance.next(); product > end; product *= chance.next()) count += 1;
  return count;
}

/** The sums of days. */
export function byDays(hours: Float64Array): Float64Array {
  return Float64Array.from(
    { length: Math.floor(hours.length / 24) },
    (_, day) => hours.subarray(day * 24, day * 24 + 24).reduce((sum, each) => sum + each, 0),
  );
}
