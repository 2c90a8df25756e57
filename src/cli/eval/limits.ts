// Limits that figures must keep, for continuous integration: `miou=0.8,r1_05=0.9`.
import { AppError } from '../../app-error.js';

export interface Limit {
  readonly name: string;
  readonly bound: number;
}

/** Throws `usage.invalid`. */
export function parseLimits(option: string, list: string | undefined): Limit[] {
  if (list === undefined) return [];
  return list.split(',').map((item) => {
    const [, name, bound] = /^\s*(\w+)=(-?[\d.]+)\s*$/.exec(item) ?? [];
    if (name === undefined || bound === undefined || !Number.isFinite(Number(bound))) {
      throw new AppError('usage.invalid', `--${option}: ${item} does not read NAME=NUMBER, for instance miou=0.5.`);
    }
    return { name, bound: Number(bound) };
  });
}

/** Throws `evaluation.limit_missed` with every figure that is on the wrong side, and `usage.invalid` for one that was not measured. */
export function requireLimits(figures: Readonly<Record<string, unknown>>, least: readonly Limit[], most: readonly Limit[]): void {
  const missed = [
    ...least.filter(({ name, bound }) => valueOf(figures, name) < bound).map(({ name, bound }) => `${name} is ${String(figures[name])}, below ${bound}`),
    ...most.filter(({ name, bound }) => valueOf(figures, name) > bound).map(({ name, bound }) => `${name} is ${String(figures[name])}, above ${bound}`),
  ];
  if (missed.length > 0) throw new AppError('evaluation.limit_missed', `${missed.join('; ')}.`);
}

function valueOf(figures: Readonly<Record<string, unknown>>, name: string): number {
  const value = figures[name];
  if (typeof value === 'number') return value;
  const known = Object.keys(figures).filter((key) => typeof figures[key] === 'number');
  throw new AppError('usage.invalid', `There is no figure ${name}; there are ${known.join(', ')}.`);
}
