import { bucketOf } from "./histogram.ts";
import { eachBucket, sectionsOf } from "./sla_coding.ts";
import {
  addSum,
  type Figures,
  figuresOfGroup,
  type Group,
  type GroupFigures,
  groupName,
  type Measure,
  type MeasuredCount,
  placeOf,
  WHOLE_DESK,
} from "./sla_metrics.ts";

/** Figures of some hours, days or months, for change: cells by their names. */
export type Pack = Map<string, Cell>;

export interface Cell {
  /** From 0 to 23 where the pack tells the hours of a day apart, else 0. */
  readonly hour: number;
  readonly group: Group;
  /** Of the measure. */
  readonly place: number;
  count: number;
  milliseconds: number;
  readonly buckets: Map<number, number>;
}

/** What was stored, for change; throws when a later version of the program wrote it. */
export function parsePack(bytes: Uint8Array): Pack {
  const pack: Pack = new Map();
  for (const section of sectionsOf(bytes)) {
    const { hour, group, place, count, milliseconds } = section;
    const cell = cellOf(pack, hour, group, place);
    cell.count += count;
    cell.milliseconds += milliseconds;
    eachBucket(section, (bucket, of) => addTo(cell.buckets, bucket, of));
  }
  return pack;
}

/** Adds a single count, in an hour of the pack's day. */
export function addToPack(
  pack: Pack,
  hour: number,
  group: Group,
  { measure, milliseconds }: MeasuredCount,
): void {
  const cell = cellOf(pack, hour, group, placeOf(measure));
  cell.count += 1;
  if (milliseconds === null) return;
  cell.milliseconds += milliseconds;
  addTo(cell.buckets, bucketOf(milliseconds), 1);
}

/** Adds a finer pack to another one; by default to one that does not tell hours apart. */
export function addPack(pack: Pack, finer: Pack, placed: Placed = inOneHour): void {
  for (const { place, count, milliseconds, buckets, ...from } of finer.values()) {
    const { hour, group } = placed(from);
    const cell = cellOf(pack, hour, group, place);
    cell.count += count;
    cell.milliseconds += milliseconds;
    for (const [bucket, of] of buckets) addTo(cell.buckets, bucket, of);
  }
}

/** The hour and group of a cell. */
type Place = Pick<Cell, "hour" | "group">;

/** Which hour and group of a pack take what is of one of a finer pack. */
export type Placed = (place: Place) => Place;

export function inOneHour({ group }: Place): Place {
  return { hour: 0, group };
}

/** In packs of the whole desk that tell hours apart. */
export function asWholeDesk({ hour }: Place): Place {
  return { hour, group: WHOLE_DESK };
}

function cellOf(pack: Pack, hour: number, group: Group, place: number): Cell {
  const name = `${hour} ${place} ${groupName(group)}`;
  const known = pack.get(name);
  if (known !== undefined) return known;
  const { department, priority, category } = group;
  const cell: Cell = {
    hour,
    group: { department, priority, category },
    place,
    count: 0,
    milliseconds: 0,
    buckets: new Map(),
  };
  pack.set(name, cell);
  return cell;
}

function addTo(buckets: Map<number, number>, bucket: number, count: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
}

/** Which figures of a pack go where. */
export interface Sink {
  /** Where the figures of an hour go; none for an hour that nobody asks for. */
  readonly targetsOf: (hour: number) => readonly Target[];
  readonly wants: (group: Group) => boolean;
  /** All that is wanted goes into one group, else each into its own. */
  readonly isTogether?: boolean;
}

export interface Target {
  readonly figures: Figures;
  /** Whether they are added to these, or taken away. */
  readonly sign: 1 | -1;
}

/** Adds what was stored to figures; what is not wanted is passed over, and no bucket is an object. */
export function addFigures(
  bytes: Uint8Array,
  { targetsOf, wants, isTogether = false }: Sink,
): void {
  let group: Group | null = null;
  let hour = -1;
  let targets: readonly (Target & { readonly ofGroup: GroupFigures })[] = [];
  for (const section of sectionsOf(bytes, (hour) => targetsOf(hour).length > 0)) {
    // Sections of one hour and group follow each other.
    if (section.group !== group || section.hour !== hour) {
      ({ group, hour } = section);
      const of = isTogether ? WHOLE_DESK : group;
      targets = wants(group)
        ? targetsOf(hour).map((each) => ({ ...each, ofGroup: figuresOfGroup(each.figures, of) }))
        : [];
    }
    for (const { figures, sign, ofGroup } of targets) {
      addSum(ofGroup, section.place, sign * section.count, sign * section.milliseconds);
      const histogram = figures.histograms?.[section.place];
      if (histogram === undefined) continue;
      eachBucket(section, (bucket, count) => {
        histogram[bucket] = (histogram[bucket] ?? 0) + sign * count;
      });
    }
  }
}

/** Hands over what a stored pack has of one measure: of each hour and department, in some parts. */
export function eachCount(
  bytes: Uint8Array,
  measure: Measure,
  add: (hour: number, department: string, count: number) => void,
): void {
  const wanted = placeOf(measure);
  for (const { hour, group, place, count } of sectionsOf(bytes)) {
    if (place === wanted) add(hour, group.department, count);
  }
}
