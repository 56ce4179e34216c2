import { type Group, groupName } from "./sla_metrics.ts";
import type { Cell, Pack } from "./sla_pack.ts";
import { PRIORITIES } from "./ticket.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

/**
 * How packs are stored, all of it as varints. A pack is its schema, the groups that it has
 * (department, priority, category), and its hours in their order; an hour is its number, its length
 * in bytes, and its sections in the order of groups and measures; a section is the places of group
 * and measure, its count, its sum of milliseconds, the length of its buckets, and these. A bucket is
 * twice its distance from the one before, and one more where a count follows: else it counts one.
 */
const SCHEMA = 1;

/** What a pack has of one measure, in one hour and group. */
export interface Section {
  readonly hour: number;
  readonly group: Group;
  readonly place: number;
  readonly count: number;
  readonly milliseconds: number;
  readonly bytes: Uint8Array;
  /** Where its buckets stand. */
  readonly from: number;
  readonly to: number;
}

/** A pack as it is stored: the same figures make the same bytes. */
export function packBytes(pack: Pack): Uint8Array {
  const cells = [...pack.values()];
  const groups = new Map(cells.map(({ group }) => [groupName(group), group]));
  const names = [...groups.keys()].sort();
  const writer = new VarintWriter();
  writer.number(SCHEMA);
  writer.number(names.length);
  for (const name of names) {
    const group = groups.get(name);
    if (group === undefined) continue; // every name is one of theirs
    writer.text(group.department);
    writer.number(group.priority);
    writer.text(group.category);
  }
  const places = new Map(names.map((name, place) => [name, place]));
  const hours = Map.groupBy(cells, ({ hour }) => hour);
  for (const [hour, ofHour] of [...hours].sort(([a], [b]) => a - b)) {
    writer.number(hour);
    writer.piece(sectionBytes(ofHour, places));
  }
  return writer.bytes();
}

function sectionBytes(
  cells: readonly Cell[],
  places: ReadonlyMap<string, number>,
): Uint8Array {
  const placed = cells.map((cell) => ({ cell, at: places.get(groupName(cell.group)) ?? 0 }));
  placed.sort((a, b) => a.at - b.at || a.cell.place - b.cell.place);
  const writer = new VarintWriter();
  for (const { cell, at } of placed) {
    for (const each of [at, cell.place, cell.count, cell.milliseconds]) writer.number(each);
    writer.piece(bucketBytes(cell.buckets));
  }
  return writer.bytes();
}

function bucketBytes(buckets: ReadonlyMap<number, number>): Uint8Array {
  const writer = new VarintWriter();
  let before = 0;
  for (const [bucket, count] of [...buckets].sort(([a], [b]) => a - b)) {
    writer.number((bucket - before) * 2 + (count === 1 ? 0 : 1));
    if (count !== 1) writer.number(count);
    before = bucket;
  }
  return writer.bytes();
}

/**
 * The sections of a stored pack in their order, of the wanted hours alone. Throws when a later
 * version of the program wrote it, or nobody did.
 */
export function* sectionsOf(
  bytes: Uint8Array,
  wantsHour: (hour: number) => boolean = () => true,
): Generator<Section> {
  const reader = new VarintReader(bytes);
  const schema = reader.number();
  if (schema !== SCHEMA) {
    throw new Error(`Cannot read a pack of schema ${schema}: this version knows ${SCHEMA}`);
  }
  const groups = readGroups(reader, bytes.length);
  while (reader.at < bytes.length) {
    const hour = reader.number();
    const length = reader.number();
    const end = reader.at + length;
    if (!wantsHour(hour)) {
      reader.at = end;
      continue;
    }
    while (reader.at < end) {
      const group = groups[reader.number()];
      const place = reader.number();
      const count = reader.number();
      const milliseconds = reader.number();
      const bucketBytes = reader.number();
      if (group === undefined) throw new Error("Cannot read a pack: it has no such group");
      const from = reader.at;
      reader.at = from + bucketBytes;
      yield { hour, group, place, count, milliseconds, bytes, from, to: reader.at };
    }
  }
}

function readGroups(reader: VarintReader, end: number): Group[] {
  const groups: Group[] = [];
  for (let left = reader.number(); left > 0 && reader.at < end; left--) {
    const department = reader.text();
    const priority = PRIORITIES[reader.number() - 1] ?? 2;
    groups.push({ department, priority, category: reader.text() });
  }
  return groups;
}

/** What each bucket of a section counts, in their order. */
export function eachBucket(
  { bytes, from, to }: Section,
  add: (bucket: number, count: number) => void,
): void {
  const reader = new VarintReader(bytes, from);
  let bucket = 0;
  while (reader.at < to) {
    const step = reader.number();
    bucket += step >> 1;
    add(bucket, (step & 1) === 0 ? 1 : reader.number());
  }
}
