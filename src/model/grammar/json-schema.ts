// Compiles the part of JSON Schema that an answer can be held to; the rest is refused by its path rather than ignored.
import { AppError } from '../../app-error.js';
import { type JsonSchema } from './answer-form.js';
import { jsonNumber } from './json-number.js';
import { jsonString } from './json-text.js';
import { type Term, type Terms } from './term.js';

/** Longest string and list where the schema sets no limit. */
const MOST_CHARACTERS = 1000;
const MOST_ITEMS = 200;
/** Characters that a string should have room for before an answer is cut short. */
export const TEXT_COMFORT = 24;

/** Keywords that say something to people and hold the value to nothing. */
const ANNOTATIONS = ['title', 'description', 'default', 'examples', '$schema', '$id', '$comment', 'deprecated', 'readOnly', 'writeOnly', '$defs', 'definitions'];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  null: [],
};

/**
 * One JSON value that the schema allows, laid out with or without spaces and line breaks. Properties come in the order in which they are
 * declared, and no others than those. Throws `schema.unsupported`, whose message names the JSON path.
 *
 * Understood: `type` (one or several), `properties`, `required`, `additionalProperties` as a boolean, `items`, `minItems`, `maxItems`,
 * `enum`, `const`, `minLength`, `maxLength`, `minimum`, `maximum` and their exclusive kin, `anyOf`, and `$ref` into `$defs` or
 * `definitions` that does not lead back to itself.
 */
export function compileSchema(terms: Terms, schema: JsonSchema): Term {
  return new SchemaCompiler(terms, schema).compile(schema, '$', []);
}

class SchemaCompiler {
  private readonly gap: Term;
  private readonly comma: Term;

  constructor(private readonly terms: Terms, private readonly root: JsonSchema) {
    this.gap = terms.gap();
    this.comma = terms.sequence(terms.literal(','), this.gap);
  }

  /** `references` are those being followed, so that one that leads back to itself is seen. */
  compile(schema: unknown, path: string, references: readonly string[]): Term {
    if (!isRecord(schema)) throw unsupported(path, 'a schema must be an object');
    const { $ref: reference, anyOf, enum: values, type } = schema;
    if (reference !== undefined) {
      this.allowOnly(schema, path, ['$ref']);
      return this.follow(reference, path, references);
    }
    if (anyOf !== undefined) {
      this.allowOnly(schema, path, ['anyOf']);
      const options = nonEmptyList(anyOf, `${path}.anyOf`);
      return this.terms.either(...options.map((option, k) => this.compile(option, `${path}.anyOf[${k}]`, references)));
    }
    if ('const' in schema || values !== undefined) {
      this.allowOnly(schema, path, ['type', 'const', 'enum']);
      if ('const' in schema && values !== undefined) throw unsupported(path, 'const and enum cannot be had together');
      const options = 'const' in schema ? [schema['const']] : nonEmptyList(values, `${path}.enum`);
      return this.terms.either(...options.map((value) => this.terms.literal(written(value))));
    }
    const types = Array.isArray(type) ? nonEmptyList(type, `${path}.type`) : [type];
    this.allowOnly(schema, path, ['type', ...types.flatMap((each) => KEYWORDS[String(each)] ?? [])]);
    return this.terms.either(...types.map((each) => this.typed(each, schema, { path, references })));
  }

  private typed(type: unknown, schema: JsonSchema, at: { path: string; references: readonly string[] }): Term {
    switch (type) {
      case 'object':
        return this.object(schema, at);
      case 'array':
        return this.array(schema, at);
      case 'string': {
        const most = count(schema, 'maxLength', at.path) ?? MOST_CHARACTERS;
        const least = count(schema, 'minLength', at.path) ?? 0;
        if (least > most) throw unsupported(at.path, 'no string is that long');
        return jsonString(this.terms, { least, most, comfort: Math.min(TEXT_COMFORT, most) });
      }
      case 'number':
      case 'integer':
        return this.number(type === 'integer', schema, at.path);
      case 'boolean':
        return this.terms.either(this.terms.literal('true'), this.terms.literal('false'));
      case 'null':
        return this.terms.literal('null');
      default:
        throw unsupported(at.path, type === undefined ? 'neither type, enum, const, anyOf nor $ref is given' : `type ${JSON.stringify(type)} is not known`);
    }
  }

  private number(isInteger: boolean, schema: JsonSchema, path: string): Term {
    const step = isInteger ? 1 : 1e-6;
    const limit = (key: string): number | undefined => finite(schema, key, path);
    const above = limit('exclusiveMinimum');
    const below = limit('exclusiveMaximum');
    const least = Math.max(limit('minimum') ?? -Infinity, above === undefined ? -Infinity : isInteger ? Math.floor(above) + 1 : above + step);
    const most = Math.min(limit('maximum') ?? Infinity, below === undefined ? Infinity : isInteger ? Math.ceil(below) - 1 : below - step);
    const term = jsonNumber(this.terms, { isInteger, least, most });
    if (!term) throw unsupported(path, 'no number lies between the limits');
    return term;
  }

  private array(schema: JsonSchema, { path, references }: { path: string; references: readonly string[] }): Term {
    const least = count(schema, 'minItems', path) ?? 0;
    const most = count(schema, 'maxItems', path) ?? Math.max(least, MOST_ITEMS);
    if (least > most || least > MOST_ITEMS) throw unsupported(path, `a list has at most ${Math.min(most, MOST_ITEMS)} items`);
    const item = this.compile(schema['items'] ?? {}, `${path}.items`, references);
    const items = this.terms.list(item, this.comma, { least, most: Math.min(most, MOST_ITEMS) });
    return this.terms.sequence(this.terms.literal('['), this.gap, items, this.gap, this.terms.literal(']'));
  }

  private object(schema: JsonSchema, { path, references }: { path: string; references: readonly string[] }): Term {
    const { properties = {}, required = [], additionalProperties } = schema;
    if (!isRecord(properties)) throw unsupported(`${path}.properties`, 'must be an object');
    if (additionalProperties !== undefined && typeof additionalProperties !== 'boolean') {
      throw unsupported(`${path}.additionalProperties`, 'only true and false are understood');
    }
    if (!Array.isArray(required) || required.some((name) => typeof name !== 'string' || !(name in properties))) {
      throw unsupported(`${path}.required`, 'must list names of properties');
    }
    const { terms } = this;
    const members = Object.entries(properties).map(([name, value]) => ({
      term: terms.sequence(terms.literal(`${JSON.stringify(name)}:`), this.gap, this.compile(value, `${path}.properties.${name}`, references)),
      isRequired: required.includes(name),
    }));
    let [first, later] = [terms.empty, terms.empty]; // what may come from a member on, before and after another one has been written
    for (const { term, isRequired } of members.toReversed()) {
      const [alone, behind] = [terms.sequence(term, later), terms.sequence(this.comma, term, later)];
      [first, later] = isRequired ? [alone, behind] : [terms.either(alone, first), terms.either(behind, later)];
    }
    return terms.sequence(terms.literal('{'), this.gap, first, this.gap, terms.literal('}'));
  }

  private follow(reference: unknown, path: string, references: readonly string[]): Term {
    const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(reference)) ?? [];
    const definitions = this.root[group];
    if (!isRecord(definitions) || !(name in definitions)) throw unsupported(`${path}.$ref`, `${JSON.stringify(reference)} is not in $defs`);
    if (references.includes(name)) throw unsupported(`${path}.$ref`, `${name} leads back to itself`);
    return this.compile(definitions[name], `$.${group}.${name}`, [...references, name]);
  }

  private allowOnly(schema: JsonSchema, path: string, keywords: readonly string[]): void {
    const unknown = Object.keys(schema).find((key) => !keywords.includes(key) && !ANNOTATIONS.includes(key));
    if (unknown !== undefined) throw unsupported(`${path}.${unknown}`, 'an answer cannot be held to it');
  }
}

/** A value as models write it: with a space after each colon and comma. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${written(each)}`).join(', ')}}`;
}

const isRecord = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

function nonEmptyList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw unsupported(path, 'must be a list with at least one entry');
  return value;
}

function count(schema: JsonSchema, key: string, path: string): number | undefined {
  const value = finite(schema, key, path);
  if (value !== undefined && !(Number.isInteger(value) && value >= 0)) throw unsupported(`${path}.${key}`, 'must be a whole number, 0 or more');
  return value;
}

function finite(schema: JsonSchema, key: string, path: string): number | undefined {
  const value = schema[key];
  if (value !== undefined && !(typeof value === 'number' && Number.isFinite(value))) throw unsupported(`${path}.${key}`, 'must be a number');
  return value;
}

function unsupported(path: string, why: string): AppError {
  return new AppError('schema.unsupported', `${path}: ${why}.`, { details: { path } });
}
