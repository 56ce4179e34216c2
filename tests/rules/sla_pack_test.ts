import assert from "node:assert/strict";
import fc from "fast-check";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import {
  addCount,
  type Figures,
  type Group,
  makeFigures,
  type MeasuredCount,
  MEASURES,
  WHOLE_DESK,
} from "../../domain/rules/sla_metrics.ts";
import {
  addFigures,
  addPack,
  addToPack,
  type Pack,
  parsePack,
  type Sink,
} from "../../domain/rules/sla_pack.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";

interface Happening {
  readonly hour: number;
  readonly group: Group;
  readonly count: MeasuredCount;
}

const group = fc.record({
  department: fc.constantFrom("billing", "support", "größe 北", "a\u0000b"),
  priority: fc.constantFrom(...PRIORITIES),
  category: fc.constantFrom("general", "urgent"),
});
const count = fc.constantFrom(...MEASURES).chain((measure) =>
  fc.record({
    hour: fc.constant(0),
    measure: fc.constant(measure),
    milliseconds: /business|wall/.test(measure)
      ? fc.oneof(fc.nat({ max: 100_000 }), fc.maxSafeNat().map((n) => Math.floor(n / 1_000)))
      : fc.constant(null),
  })
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({ hour: fc.nat({ max: 23 }), group, count }),
  { maxLength: 100 },
);

function packOf(all: readonly Happening[]): Pack {
  const pack: Pack = new Map();
  for (const { hour, group, count } of all) addToPack(pack, hour, group, count);
  return pack;
}

function figuresOf(all: readonly Happening[]): Figures {
  const figures = makeFigures(true);
  for (const { group, count } of all) addCount(figures, group, count);
  return figures;
}

/** In an order that does not depend on what came first, and without what came to nothing. */
function shown({ groups, histograms }: Figures): unknown {
  const all = [...groups].filter(([, { counts }]) => counts.some((each) => each !== 0));
  return { groups: all.sort(([a], [b]) => a < b ? -1 : 1), histograms };
}

const wantsAll = (): boolean => true;

/** Where the figures of each hour go, in one place at most. */
function to(
  figuresOf: (hour: number) => Figures | null,
  wants: (group: Group) => boolean = wantsAll,
  sign: 1 | -1 = 1,
): Sink {
  return {
    targetsOf: (hour) => {
      const figures = figuresOf(hour);
      return figures === null ? [] : [{ figures, sign }];
    },
    wants,
  };
}

Deno.test("a pack that was stored is the same pack, whatever was counted", () => {
  fc.assert(fc.property(happenings, (all) => {
    const bytes = packBytes(packOf(all));
    const figures = makeFigures(true);
    addFigures(bytes, to(() => figures));
    assert.deepEqual(shown(figures), shown(figuresOf(all)));
    assert.deepEqual(packBytes(parsePack(bytes)), bytes);
  }));
});

Deno.test("the same figures make the same bytes, in whatever order they came", () => {
  fc.assert(fc.property(happenings, (all) => {
    const bytes = packBytes(packOf(all));
    assert.deepEqual(packBytes(packOf(all.toReversed())), bytes);
    const half = Math.floor(all.length / 2);
    const later = parsePack(packBytes(packOf(all.slice(half))));
    for (const { hour, group, count } of all.slice(0, half)) addToPack(later, hour, group, count);
    assert.deepEqual(packBytes(later), bytes);
  }));
});

Deno.test("packs of hours added up make the pack that was never told apart by hours", () => {
  fc.assert(fc.property(happenings, happenings, (some, others) => {
    const sum: Pack = new Map();
    for (const part of [some, others]) addPack(sum, packOf(part));
    const all = [...some, ...others].map((each) => ({ ...each, hour: 0 }));
    assert.deepEqual(packBytes(sum), packBytes(packOf(all)));
  }));
});

Deno.test("only the wanted hours and groups are added, and what is taken away leaves the rest", () => {
  fc.assert(fc.property(happenings, fc.nat({ max: 24 }), group, (all, hour, { department }) => {
    const bytes = packBytes(packOf(all));
    const figures = makeFigures(true);
    const wants = (group: Group): boolean => group.department === department;
    const ofHours = (of: number): Figures | null => of < hour ? figures : null;
    addFigures(bytes, to(ofHours, wants));
    const wanted = all.filter(({ group }) => wants(group));
    const early = figuresOf(wanted.filter((each) => each.hour < hour));
    assert.deepEqual(shown(figures), shown(early));
    const rest = makeFigures(true);
    addFigures(bytes, to(() => rest, wants));
    addFigures(bytes, to((of) => of < hour ? rest : null, wants, -1));
    assert.deepEqual(shown(rest), shown(figuresOf(wanted.filter((each) => each.hour >= hour))));
  }));
});

Deno.test("hours go where they are asked to", () => {
  const billing = { department: "billing", priority: 1, category: "general" } as const;
  const created = { hour: 0, measure: "created", milliseconds: null } as const;
  const pack: Pack = new Map();
  for (const hour of [0, 11, 12, 23]) addToPack(pack, hour, billing, created);
  const [morning, evening] = [makeFigures(false), makeFigures(false)];
  addFigures(packBytes(pack), to((at) => at < 12 ? morning : evening));
  for (const figures of [morning, evening]) {
    assert.deepEqual([...figures.groups.values()].map(({ counts }) => counts[0]), [2]);
  }
});

Deno.test("an hour that is asked for several times goes to each, added or taken away", () => {
  fc.assert(fc.property(happenings, (all) => {
    const [once, none] = [makeFigures(true), makeFigures(true)];
    const targets = [
      { figures: once, sign: 1 },
      { figures: none, sign: 1 },
      { figures: none, sign: -1 },
    ] as const;
    addFigures(packBytes(packOf(all)), { targetsOf: () => targets, wants: wantsAll });
    assert.deepEqual(shown(once), shown(figuresOf(all)));
    assert.deepEqual(shown(none), shown(makeFigures(true)));
  }));
});

Deno.test("what nobody tells apart is one group, of all that is wanted", () => {
  fc.assert(fc.property(happenings, group, (all, { department }) => {
    const wants = (group: Group): boolean => group.department === department;
    const figures = makeFigures(true);
    addFigures(packBytes(packOf(all)), { ...to(() => figures, wants), isTogether: true });
    assert.ok(figures.groups.size <= 1);
    const wanted = all.filter(({ group }) => wants(group));
    const asOne = wanted.map((each) => ({ ...each, group: WHOLE_DESK }));
    assert.deepEqual(shown(figures), shown(figuresOf(asOne)));
  }));
});

Deno.test("a pack of a later schema is refused, not misread", () => {
  const bytes = packBytes(new Map());
  bytes[0] = 2;
  assert.throws(() => parsePack(bytes), /schema 2/);
});

Deno.test("a pack that lost its end is read to where it ends", () => {
  const all = fc.sample(happenings, { numRuns: 20, seed: 7 }).flat();
  const bytes = packBytes(packOf(all));
  for (let length = 1; length < bytes.length; length += 7) {
    try {
      parsePack(bytes.subarray(0, length));
    } catch (error) {
      assert.match(String(error), /Cannot read a pack/);
    }
  }
});
