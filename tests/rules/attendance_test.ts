import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AttendedStretch,
  come,
  isThere,
  leave,
  STRETCHES_MAX,
} from "../../domain/rules/attendance.ts";

Deno.test("an agent is there from when it comes until it leaves", () => {
  const there = come([], 10);
  assert.deepEqual([there, isThere(there)], [[{ from: 10, to: null }], true]);
  const gone = leave(there, 20);
  assert.deepEqual([gone, isThere(gone)], [[{ from: 10, to: 20 }], false]);
  assert.deepEqual(come(gone, 30), [{ from: 10, to: 20 }, { from: 30, to: null }]);
  assert.equal(isThere([]), false);
});

Deno.test("to come or to leave twice changes nothing", () => {
  const there = come([], 10);
  assert.deepEqual(come(there, 15), there);
  const gone = leave(there, 20);
  assert.deepEqual(leave(gone, 25), gone);
  assert.deepEqual(leave([], 25), []);
});

Deno.test("whoever leaves as it comes, or comes as it leaves, leaves no trace of it", () => {
  assert.deepEqual(leave(come([], 10), 10), []);
  assert.deepEqual(come(leave(come([], 10), 20), 20), [{ from: 10, to: null }]);
});

Deno.test("beyond the limit the shortest absence is passed over", () => {
  let attendance: readonly AttendedStretch[] = [];
  for (let index = 0; index < STRETCHES_MAX; index++) {
    // Away for ten each time, but for one in the middle.
    attendance = leave(come(attendance, index * 100), index * 100 + (index === 70 ? 97 : 90));
  }
  assert.equal(attendance.length, STRETCHES_MAX);
  attendance = come(attendance, STRETCHES_MAX * 100);
  assert.equal(attendance.length, STRETCHES_MAX);
  assert.deepEqual(attendance[70], { from: 7_000, to: 7_190 });
  assert.equal(isThere(attendance), true);
});

Deno.test("of any comings and goings stretches are in order and bounded, and exact below the limit", () => {
  const moves = fc.array(
    fc.record({ comes: fc.boolean(), after: fc.integer({ min: 0, max: 9 }) }),
    {
      maxLength: 500,
    },
  );
  fc.assert(fc.property(moves, (all) => {
    let [at, attendance]: [number, readonly AttendedStretch[]] = [0, []];
    const minutes = new Set<number>();
    let isIn = false;
    for (const { comes, after } of all) {
      for (let minute = at; minute < at + after; minute++) if (isIn) minutes.add(minute);
      at += after;
      attendance = comes ? come(attendance, at) : leave(attendance, at);
      isIn = comes;
    }
    attendance = leave(attendance, at);
    let until = -1;
    for (const { from, to } of attendance) {
      assert.ok(from > until && to !== null && to > from);
      until = to;
    }
    assert.ok(attendance.length <= STRETCHES_MAX);
    const length = attendance.reduce((sum, { from, to }) => sum + (to ?? 0) - from, 0);
    if (all.length < STRETCHES_MAX) assert.equal(length, minutes.size);
    else assert.ok(length >= minutes.size);
  }));
});
