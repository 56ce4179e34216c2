import { packBytes } from "../rules/sla_coding.ts";
import {
  addPack,
  asWholeDesk,
  inOneHour,
  type Pack,
  parsePack,
  type Placed,
} from "../rules/sla_pack.ts";
import { PACK_LEVELS, type PackLevel, packStart } from "../rules/sla_range.ts";
import type { Priority } from "../rules/ticket.ts";
import type { Fault } from "./doctor_indexes.ts";
import { keys, keyText, type PackName } from "./keys.ts";
import type { KvKey } from "./open.ts";
import { deskPackName, joinPieces, piecesOf } from "./sla_packs.ts";

const SUMMED = PACK_LEVELS.filter((level) => level !== "hours");

export interface StandingPiece {
  readonly key: KvKey;
  readonly value: unknown;
}

/** Whether the packs of the whole desk must have all that those of departments have. */
export function areWhole(deskPacks: unknown): boolean {
  return (deskPacks as { readonly builtUntil?: unknown }).builtUntil === null;
}

/**
 * What is wrong with the packs of figures. Those of departments and agents that tell hours apart are
 * taken for right: days, thirds and months are sums of them, and so is all of the desk's once it has
 * `hasDeskPacks`. Where one cannot be read, the sums that it is in are left.
 */
export function* examinePacks(
  standing: readonly StandingPiece[],
  hasDeskPacks: boolean,
): Generator<Fault> {
  const summed = new Map<string, { readonly name: PackName; readonly pack: Pack }>();
  const unknown = new Set<string>();
  const isSum = ({ key }: StandingPiece): boolean =>
    levelOf(key) !== "hours" || (hasDeskPacks && key[1] === "desk");
  for (const { name, pieces } of packsOf(standing.filter((each) => !isSum(each)))) {
    const hours = parsed(pieces);
    for (const { sumName, placed } of sumsOf(name, hasDeskPacks)) {
      const text = keyText(keys.slaPack(sumName, 0));
      if (hours === null) unknown.add(text);
      else {
        const sum = summed.get(text) ?? { name: sumName, pack: new Map() };
        summed.set(text, sum);
        addPack(sum.pack, hours, placed);
      }
    }
    if (hours !== null) continue;
    yield { kind: "broken", key: keys.slaPack(name, 0), message: "cannot be read" };
  }
  const rest = new Map(standing.filter(isSum).map((each) => [keyText(each.key), each]));
  for (const [text, { name, pack }] of summed) {
    if (!unknown.has(text)) yield* comparePack(name, pack, rest);
  }
  for (const { key } of rest.values()) {
    if (unknown.has(keyText([...key.slice(0, -1), 0]))) continue;
    yield { kind: "stray", key, message: "nothing was counted for it", remedy: null };
  }
}

interface Sum {
  readonly sumName: PackName;
  readonly placed: Placed;
}

/** The packs that a pack of hours is in. */
function sumsOf(name: PackName, hasDeskPacks: boolean): Sum[] {
  const own = SUMMED.map((level): Sum => ({
    sumName: { ...name, level, start: packStart(level, name.start) },
    placed: inOneHour,
  }));
  if (!hasDeskPacks || name.scope !== "department") return own;
  const ofDesk = PACK_LEVELS.map((level): Sum => ({
    sumName: deskPackName(level, packStart(level, name.start)),
    placed: level === "hours" ? asWholeDesk : (cell) => inOneHour(asWholeDesk(cell)),
  }));
  return [...own, ...ofDesk];
}

/** Takes the pieces of a sum from those that stand there, and says which are not as they must be. */
function* comparePack(
  name: PackName,
  pack: Pack,
  standing: Map<string, StandingPiece>,
): Generator<Fault> {
  for (const [index, value] of piecesOf(packBytes(pack)).entries()) {
    const key = keys.slaPack(name, index);
    const found = standing.get(keyText(key));
    standing.delete(keyText(key));
    const remedy = { value };
    if (found === undefined) yield { kind: "missing", key, message: "no sum", remedy };
    else if (!isSame(found.value, value)) {
      yield { kind: "wrong", key, message: "is not the sum of its parts", remedy };
    }
  }
}

interface StandingPack {
  readonly name: PackName;
  readonly pieces: readonly unknown[];
}

/** The pieces come in the order of their keys. */
function packsOf(standing: readonly StandingPiece[]): StandingPack[] {
  const byPack = Map.groupBy(standing, ({ key }) => keyText(key.slice(0, -1)));
  return [...byPack.values()].map((pieces) => {
    // As keys.slaPack made it.
    const [, scope, level, start, whose, priority] = pieces[0]?.key as [
      string,
      PackName["scope"],
      PackLevel,
      number,
      string,
      Priority,
    ];
    const name = { scope, level, start, whose, priority };
    return { name, pieces: pieces.map(({ value }) => value) };
  });
}

/** Null when pieces are missing, or what they hold is no pack. */
function parsed(pieces: readonly unknown[]): Pack | null {
  const bytes = pieces.filter((piece) => piece instanceof Uint8Array);
  const isWhole = bytes.length === pieces.length &&
    bytes.every((piece, index) => piece[0] === pieces.length - 1 - index);
  if (!isWhole) return null;
  try {
    const joined = joinPieces(bytes);
    const pack = parsePack(joined);
    return isSame(packBytes(pack), joined) ? pack : null;
  } catch {
    return null;
  }
}

function levelOf(key: KvKey): unknown {
  return key[2];
}

function isSame(a: unknown, b: Uint8Array): boolean {
  return a instanceof Uint8Array && a.length === b.length &&
    a.every((byte, index) => byte === b[index]);
}
