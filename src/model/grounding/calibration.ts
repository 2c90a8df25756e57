// Turns how sure the model sounds into how often it is right, by a curve fitted on questions with known truth.

/** What is known of a grounded moment before it is believed. */
export interface MomentScores {
  /** log P(yes) - log P(no) to whether the content occurs in the window. */
  readonly occurrence: number;
  /** Geometric mean of the probabilities of the answer's time tokens, 0 to 1. */
  readonly grounding: number;
}

/** Platt scaling: confidence = sigmoid(bias + occurrence * x + grounding * logit(g)). */
export interface Calibration {
  readonly bias: number;
  readonly occurrence: number;
  readonly grounding: number;
  /** Confidence below which the answer is "not in this video". */
  readonly threshold: number;
}
