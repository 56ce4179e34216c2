import assert from "node:assert/strict";
import fc from "fast-check";
import { calibrated, recalibrated, UNCALIBRATED } from "../../domain/rules/calibration.ts";

Deno.test("confidence is believed as long as nothing is known of it", () => {
  for (const confidence of [0.01, 0.3, 0.5, 0.9, 0.99]) {
    assert.ok(Math.abs(calibrated(UNCALIBRATED, confidence) - confidence) < 1e-12);
  }
});

Deno.test("who is as often wrong as right, however sure, is believed so", () => {
  let calibration = UNCALIBRATED;
  for (let answer = 0; answer < 5_000; answer++) {
    calibration = recalibrated(calibration, 0.95, answer % 2 === 0);
  }
  assert.ok(Math.abs(calibrated(calibration, 0.95) - 0.5) < 0.05);
});

Deno.test("the surer answer stays the surer one, and none is certain", () => {
  const answers = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()));
  fc.assert(fc.property(answers, (given) => {
    const learned = given.reduce(
      (calibration, [confidence, isRight]) => recalibrated(calibration, confidence, isRight),
      UNCALIBRATED,
    );
    const shown = [0, 0.1, 0.5, 0.9, 1].map((confidence) => calibrated(learned, confidence));
    assert.deepEqual(shown, shown.toSorted((a, b) => a - b));
    assert.ok(shown.every((confidence) => confidence > 0 && confidence < 1));
  }));
});
