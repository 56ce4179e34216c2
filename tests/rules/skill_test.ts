import assert from "node:assert/strict";
import fc from "fast-check";
import {
  eachOnce,
  fold,
  levelOf,
  parseSkill,
  SKILL_LEVEL_DEFAULT,
  SKILL_LEVEL_MAX,
  SKILL_LEVEL_REQUIRED_DEFAULT,
  withLevels,
} from "../../domain/rules/skill.ts";

Deno.test("an agent's skill is of level 3 unless it says so, a required one of level 1", () => {
  assert.equal(SKILL_LEVEL_DEFAULT, 3);
  assert.equal(SKILL_LEVEL_REQUIRED_DEFAULT, 1);
  assert.equal(SKILL_LEVEL_MAX, 5);
  assert.deepEqual(parseSkill("billing", 3), { name: "billing", level: 3 });
  assert.deepEqual(parseSkill("billing", 1), { name: "billing", level: 1 });
});

Deno.test("a level behind a colon is read, and what is no level belongs to the name", () => {
  const cases: [string, string, number][] = [
    ["billing:1", "billing", 1],
    ["billing:4", "billing", 4],
    ["billing:5", "billing", 5],
    [" Billing :2", "Billing", 2],
    ["sap:hr:3", "sap:hr", 3],
    ["billing:0", "billing:0", 1],
    ["billing:6", "billing:6", 1],
    ["billing:10", "billing:10", 1],
    ["billing:", "billing:", 1],
    ["billing:high", "billing:high", 1],
    ["two\nlines:2", "two\nlines", 2],
    ["4", "4", 1],
  ];
  for (const [text, name, level] of cases) {
    assert.deepEqual(parseSkill(text, 1), { name, level }, text);
  }
});

Deno.test("a skill that is written with its level is read back as it was", () => {
  const name = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
  fc.assert(fc.property(name, fc.integer({ min: 1, max: 5 }), (text, level) => {
    assert.deepEqual(parseSkill(`${text}:${level}`, 3), { name: text, level });
  }));
});

Deno.test("an agent's level is found whatever the case of the name, and is 0 without the skill", () => {
  const skills = [{ name: "Billing", level: 4 }, { name: "Café", level: 2 }];
  assert.equal(levelOf(skills, "billing"), 4);
  assert.equal(levelOf(skills, " BILLING "), 4);
  assert.equal(levelOf(skills, "cafe\u0301"), 2);
  assert.equal(levelOf(skills, "bill"), 0);
  assert.equal(levelOf([], "billing"), 0);
});

Deno.test("names are the same in every case and in every form of their accents", () => {
  const same = [
    ["Straße", " straße "],
    ["ÉCOLE", "e\u0301cole"],
    // Lower-cased, the two code points of the first have one of their own.
    ["J\u030C", "\u01F0"],
  ];
  for (const [one = "", other = ""] of same) assert.equal(fold(one), fold(other), one);
  assert.notEqual(fold("école"), fold("ecole"));
});

Deno.test("folding a name twice changes no more than folding it once", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assert.equal(fold(fold(name)), fold(name));
  }));
});

Deno.test("levels are set of the skills that are there, and bring what is not", () => {
  const skills = [{ name: "Billing", level: 1 }, { name: "tax", level: 2 }];
  assert.deepEqual(withLevels(skills, { BILLING: 4, law: 5 }), [
    { name: "Billing", level: 4 },
    { name: "tax", level: 2 },
    { name: "law", level: 5 },
  ]);
  assert.deepEqual(skills[0], { name: "Billing", level: 1 });
  assert.deepEqual(withLevels([], { law: 2, LAW: 3 }), [{ name: "law", level: 3 }]);
});

Deno.test("a skill that is named twice is one, of the higher level", () => {
  const named = [["Tax", 1], ["law", 2], ["TAX", 5], [" tax ", 3]] as const;
  assert.deepEqual(eachOnce(named.map(([name, level]) => ({ name, level }))), [
    { name: "Tax", level: 5 },
    { name: "law", level: 2 },
  ]);
});
