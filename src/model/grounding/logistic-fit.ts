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

function derivatives(rows: readonly LogisticRow[], weights: readonly number[], ridge: number): { gradient: number[]; hessian: number[][] } {
  const gradient = weights.map((weight, k) => (k === 0 ? 0 : ridge * weight));
  const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? (i === 0 ? 1e-12 : ridge) : 0)));
  for (const row of rows) {
    const p = 1 / (1 + Math.exp(-score(row, weights)));
    const values = [1, ...row.features];
    for (const [i, value] of values.entries()) {
      gradient[i]! += ((p - (row.correct ? 1 : 0)) * value) / rows.length;
      for (const [j, other] of values.entries()) hessian[i]![j]! += (p * (1 - p) * value * other) / rows.length;
    }
  }
  return { gradient, hessian };
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, k) => [...row, right[k] ?? 0]);
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= size; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    const known = solution.reduce((sum, value, j) => (j > k ? sum + value * rows[k]![j]! : sum), 0);
    solution[k] = (rows[k]![size]! - known) / rows[k]![k]!;
  }
  return solution;
}
