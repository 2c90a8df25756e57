// Logistic regression by Newton's method, for a handful of features.

export interface LogisticRow {
  readonly features: readonly number[]; // as many in every row
  readonly correct: boolean;
}

const MOST_STEPS = 100;
const CONVERGED = 1e-14; // of the mean loss

/**
 * Coefficients that make the rows likeliest, the constant first. `ridge` times half the squares of all but the constant is added to the
 * mean loss, so that the optimum exists also where the rows can be separated. The loss is convex; a step that overshoots is halved.
 */
export function fitLogistic(rows: readonly LogisticRow[], ridge: number): number[] {
  let weights = new Array<number>((rows[0]?.features.length ?? 0) + 1).fill(0);
  let loss = lossOf(rows, weights, ridge);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = derivatives(rows, weights, ridge);
    const direction = solve(hessian, gradient);
    let scale = 1;
    let next = weights;
    let nextLoss = loss;
    do {
      next = weights.map((weight, k) => weight - scale * (direction[k] ?? 0));
      nextLoss = lossOf(rows, next, ridge);
      scale /= 2;
    } while (nextLoss > loss && scale > 1e-9);
    if (!(nextLoss < loss)) break;
    const gain = loss - nextLoss;
    [weights, loss] = [next, nextLoss];
    if (gain < CONVERGED) break;
  }
  return weights;
}

const score = ({ features }: LogisticRow, weights: readonly number[]): number =>
  features.reduce((sum, value, k) => sum + value * (weights[k + 1] ?? 0), weights[0] ?? 0);

function lossOf(rows: readonly LogisticRow[], weights: readonly number[], ridge: number): number {
  const penalty = weights.slice(1).reduce((sum, weight) => sum + weight * weight, 0) * (ridge / 2);
  // log(1 + exp(-m)) without overflow, m the margin
  const surprise = (margin: number): number => Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
  return rows.reduce((sum, row) => sum + surprise((row.correct ? 1 : -1) * score(row, weights)), 0) / rows.length + penalty;
}

interface Derivatives {
  readonly gradient: Float64Array; // [weights]
  readonly hessian: Float64Array; // [weights, weights]
}

function derivatives(rows: readonly LogisticRow[], weights: readonly number[], ridge: number): Derivatives {
  const size = weights.length;
  const gradient = Float64Array.from(weights, (weight, k) => (k === 0 ? 0 : ridge * weight));
  const hessian = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? (at === 0 ? 1e-12 : ridge) : 0));
  for (const row of rows) {
    const p = 1 / (1 + Math.exp(-score(row, weights)));
    const values = [1, ...row.features];
    for (const [i, value] of values.entries()) {
      gradient[i]! += ((p - (row.correct ? 1 : 0)) * value) / rows.length;
      for (const [j, other] of values.entries()) hessian[i * size + j]! += (p * (1 - p) * value * other) / rows.length;
    }
  }
  return { gradient, hessian };
}

/** Solves a symmetric positive definite system by elimination; `matrix` is [size, size], and is used up with `right`. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = matrix[i * size + k]! / matrix[k * size + k]!;
      for (let j = k; j < size; j++) matrix[i * size + j]! -= factor * matrix[k * size + j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let j = k + 1; j < size; j++) right[k]! -= matrix[k * size + j]! * right[j]!;
    right[k]! /= matrix[k * size + k]!;
  }
  return right;
}
