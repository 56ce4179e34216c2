/**
 * How far what a classifier says of its own confidence can be trusted, learned from what became of
 * each answer: logistic recalibration (Platt, "Probabilistic Outputs for Support Vector Machines",
 * 1999), one step a time.
 */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export const UNCALIBRATED: Calibration = { slope: 1, offset: 0 };

/** How far one answer moves it; and how far all of them can. */
const STEP = 0.01;
const [SLOPE_MIN, SLOPE_MAX] = [0.2, 2] as const;
const OFFSET_MAX = 4;
/** Beyond this nobody is sure: 99.9 %. */
const LOGIT_MAX = Math.log(999);

/** The share of answers as sure as this that turn out right. */
export function calibrated({ slope, offset }: Calibration, confidence: number): number {
  return 1 / (1 + Math.exp(-(slope * logit(confidence) + offset)));
}

/** One step towards what would have been right of an answer of this confidence. */
export function recalibrated(
  calibration: Calibration,
  confidence: number,
  isRight: boolean,
): Calibration {
  const missing = (isRight ? 1 : 0) - calibrated(calibration, confidence);
  const { slope, offset } = calibration;
  return {
    slope: within(SLOPE_MIN, slope + STEP * missing * logit(confidence), SLOPE_MAX),
    offset: within(-OFFSET_MAX, offset + STEP * missing, OFFSET_MAX),
  };
}

function logit(confidence: number): number {
  const odds = confidence / (1 - confidence);
  return within(-LOGIT_MAX, Math.log(odds), LOGIT_MAX);
}

function within(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
