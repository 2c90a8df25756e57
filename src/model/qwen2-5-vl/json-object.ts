// Typed access to one object of a configuration file; every complaint names the file and the path of the key.
import { AppError } from '../../app-error.js';

/** Throws `config.key_missing`, `config.value_invalid` or `config.value_unsupported` with `details.key`. */
export class JsonObject {
  private readonly values: Record<string, unknown>;

  /** `prefix` is the path of this object in the file, empty at the top level. */
  constructor(value: unknown, private readonly prefix: string, private readonly file = 'config.json') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.invalid('', 'an object', value);
    this.values = value as Record<string, unknown>;
  }

  path(key: string): string {
    return [this.prefix, key].filter(Boolean).join('.');
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  object(key: string): JsonObject {
    return new JsonObject(this.value(key), this.path(key), this.file);
  }

  number(key: string): number {
    const value = this.value(key);
    if (typeof value !== 'number') throw this.invalid(key, 'a number', value);
    return value;
  }

  integer(key: string): number {
    const value = this.value(key);
    if (!isInteger(value)) throw this.invalid(key, 'an integer', value);
    return value;
  }

  positive(key: string): number {
    const value = this.integer(key);
    if (value <= 0) throw this.invalid(key, 'above zero', value);
    return value;
  }

  boolean(key: string): boolean {
    const value = this.value(key);
    if (typeof value !== 'boolean') throw this.invalid(key, 'true or false', value);
    return value;
  }

  integers(key: string): number[] {
    const value = this.value(key);
    if (!Array.isArray(value) || !value.every(isInteger)) throw this.invalid(key, 'a list of integers', value);
    return value;
  }

  /** A list, or one integer standing for a list of one. */
  integerOrIntegers(key: string): number[] {
    return Array.isArray(this.value(key)) ? this.integers(key) : [this.integer(key)];
  }

  /** The value, if it is one of those that this implementation knows. */
  oneOf<T extends string | number | boolean>(key: string, known: readonly T[]): T {
    const value = this.value(key);
    const found = known.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const message = `${this.file}: ${this.path(key)} is ${JSON.stringify(value)}; supported: ${known.map(String).join(', ')}.`;
    throw new AppError('config.value_unsupported', message, { details: { key: this.path(key) } });
  }

  missing(key: string): AppError {
    const message = `${this.file}: ${this.path(key)} is missing; there is no default that would be right.`;
    return new AppError('config.key_missing', message, { details: { key: this.path(key) } });
  }

  private value(key: string): unknown {
    if (!this.has(key)) throw this.missing(key);
    return this.values[key];
  }

  private invalid(key: string, expected: string, value: unknown): AppError {
    const path = this.path(key);
    const message = `${this.file}: ${path || 'the file'} must be ${expected}, not ${JSON.stringify(value)}.`;
    return new AppError('config.value_invalid', message, { details: { key: path } });
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
