// What is asked of a schema before it is read: text that can be stored, and no nesting that would exhaust a stack.
import { AppError } from '../../app-error.js';
import { type JsonSchema } from './answer-form.js';

/** JSON lists and objects inside each other: a property of a property takes two. */
const MOST_NESTING = 128;
/** Half of a surrogate pair is no character, and Postgres stores no NUL. */
const UNSTORABLE = /\p{Surrogate}|\0/u;

/** Throws `schema.unsupported` with the path of what is nested too deep or cannot be stored, wherever it stands, annotations included. */
export function checkDocument(schema: JsonSchema): void {
  const open: { value: unknown; path: string; nesting: number }[] = [{ value: schema, path: '$', nesting: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path, nesting } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) throw unsupported(path, 'text must not contain NUL or half of a surrogate pair');
    if (typeof value !== 'object' || value === null) continue;
    if (nesting > MOST_NESTING) throw unsupported(path, `lists and objects may be nested ${MOST_NESTING} deep`);
    for (const [key, each] of Object.entries(value)) {
      if (key === '__proto__') throw unsupported(path, 'no name may be __proto__');
      if (UNSTORABLE.test(key)) throw unsupported(path, 'names must not contain NUL or half of a surrogate pair');
      open.push({ value: each, path: Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, nesting: nesting + 1 });
    }
  }
}

/** `path` is where in the schema: `$.properties.a`. */
export function unsupported(path: string, why: string): AppError {
  return new AppError('schema.unsupported', `${path}: ${why}.`, { details: { path } });
}
