// Compiles the part of JSON Schema that an answer can be held to; the rest is refused by its path rather than ignored.
import { type JsonSchema } from './answer-form.js';
import { jsonNumber } from './json-number.js';
import { jsonString } from './json-text.js';
import { checkDocument, unsupported } from './schema-document.js';
import { type Term, type Terms } from './term.js';
import { writtenJson } from './written-json.js';

/** Longest string and list where the schema sets no limit. */
const MOST_CHARACTERS = 1000;
const MOST_ITEMS = 200;
/** Entries of `enum`, `anyOf` and `properties`, and of their kin. */
const MOST_ENTRIES = 500;
/** Schemas inside each other, references followed. */
const MOST_DEPTH = 64;
/** Values of the schema with every reference written out, and those of a list as often as the list must have them. */
const MOST_VALUES = 5000;
/** Characters that a string should have room for before an answer is cut short. */
export const TEXT_COMFORT = 24;

/** Keywords that say something to people and hold the value to nothing. */
const ANNOTATIONS = [
  ...['title', 'description', 'default', 'examples', '$schema', '$id', '$comment', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$defs', 'definitions'],
];
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
 * `definitions` that does not lead back to itself. Refused as well is what has more than 5000 values with all references written out, or
 * more than 64 schemas inside each other.
 */
export function compileSchema(terms: Terms, schema: JsonSchema): Term {
  checkDocument(schema);
  return new SchemaCompiler(terms, schema).compile(schema, { path: '$', references: [] }).term;
}

/** Where in a schema; `references` are those being followed, so that one that leads back to itself is seen. */
interface Place {
  readonly path: string;
  readonly references: readonly string[];
}

/** A schema that has been read. `depth` is that of the schemas inside it, itself included, and `values` their number. */
interface Compiled {
  readonly term: Term;
  readonly depth: number;
  readonly values: number;
}

const single = (term: Term): Compiled => ({ term, depth: 1, values: 1 });

class SchemaCompiler {
  private readonly gap: Term;
  private readonly comma: Term;
  /** By path: a definition that is referred to again and again is read once. */
  private readonly definitions = new Map<string, Compiled>();

  constructor(private readonly terms: Terms, private readonly root: JsonSchema) {
    this.gap = terms.gap();
    this.comma = terms.sequence(terms.literal(','), this.gap);
  }

  compile(schema: unknown, at: Place): Compiled {
    const { path, references } = at;
    if (!isRecord(schema)) throw unsupported(path, 'a schema must be an object');
    const { $ref: reference, anyOf, enum: values, type } = schema;
    if (reference !== undefined) {
      this.allowOnly(schema, path, ['$ref']);
      return this.follow(reference, at);
    }
    if (anyOf !== undefined) {
      this.allowOnly(schema, path, ['anyOf']);
      const options = nonEmptyList(anyOf, `${path}.anyOf`).map((option, k) => this.compile(option, { path: `${path}.anyOf[${k}]`, references }));
      return holding(path, options, this.terms.either(...options.map(({ term }) => term)));
    }
    if ('const' in schema || values !== undefined) {
      this.allowOnly(schema, path, ['type', 'const', 'enum']);
      if ('const' in schema && values !== undefined) throw unsupported(path, 'const and enum cannot be had together');
      const options = 'const' in schema ? [schema['const']] : nonEmptyList(values, `${path}.enum`);
      const literals = options.map((value) => single(this.terms.literal(writtenJson(value))));
      return holding(path, literals, this.terms.either(...literals.map(({ term }) => term)));
    }
    const types = Array.isArray(type) ? nonEmptyList(type, `${path}.type`) : [type];
    this.allowOnly(schema, path, ['type', ...types.flatMap((each) => KEYWORDS[String(each)] ?? [])]);
    const kinds = types.map((each) => this.typed(each, schema, at));
    return kinds.length === 1 && kinds[0] ? kinds[0] : holding(path, kinds, this.terms.either(...kinds.map(({ term }) => term)));
  }

  private typed(type: unknown, schema: JsonSchema, at: Place): Compiled {
    switch (type) {
      case 'object':
        return this.object(schema, at);
      case 'array':
        return this.array(schema, at);
      case 'string': {
        const most = count(schema, 'maxLength', at.path) ?? MOST_CHARACTERS;
        const least = count(schema, 'minLength', at.path) ?? 0;
        if (least > Math.min(most, MOST_CHARACTERS)) throw unsupported(at.path, 'no string is that long');
        return single(jsonString(this.terms, { least, most, comfort: Math.min(TEXT_COMFORT, most) }));
      }
      case 'number':
      case 'integer':
        return single(this.number(type === 'integer', schema, at.path));
      case 'boolean':
        return single(this.terms.either(this.terms.literal('true'), this.terms.literal('false')));
      case 'null':
        return single(this.terms.literal('null'));
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

  private array(schema: JsonSchema, { path, references }: Place): Compiled {
    const least = count(schema, 'minItems', path) ?? 0;
    const most = count(schema, 'maxItems', path) ?? Math.max(least, MOST_ITEMS);
    if (least > most || least > MOST_ITEMS) throw unsupported(path, `a list has at most ${Math.min(most, MOST_ITEMS)} items`);
    const item = this.compile(schema['items'] ?? {}, { path: `${path}.items`, references });
    const items = this.terms.list(item.term, this.comma, { least, most: Math.min(most, MOST_ITEMS) });
    const term = this.terms.sequence(this.terms.literal('['), this.gap, items, this.gap, this.terms.literal(']'));
    return holding(path, [{ ...item, values: item.values * Math.max(1, least) }], term);
  }

  private object(schema: JsonSchema, { path, references }: Place): Compiled {
    const { properties = {}, required = [], additionalProperties } = schema;
    if (!isRecord(properties)) throw unsupported(`${path}.properties`, 'must be an object');
    if (additionalProperties !== undefined && typeof additionalProperties !== 'boolean') {
      throw unsupported(`${path}.additionalProperties`, 'only true and false are understood');
    }
    if (!Array.isArray(required) || required.some((name) => typeof name !== 'string' || !Object.hasOwn(properties, name))) {
      throw unsupported(`${path}.required`, 'must list names of properties');
    }
    const declared = Object.entries(properties);
    if (declared.length > MOST_ENTRIES) throw unsupported(`${path}.properties`, `may have ${MOST_ENTRIES} entries`);
    const members = declared.map(([name, value]) => ({ name, value: this.compile(value, { path: `${path}.properties.${name}`, references }) }));
    const term = this.braced(members.map(({ name, value }) => ({ name, term: value.term, isRequired: required.includes(name) })));
    return holding(path, members.map(({ value }) => value), term);
  }

  private braced(members: readonly { readonly name: string; readonly term: Term; readonly isRequired: boolean }[]): Term {
    const { terms } = this;
    let [first, later] = [terms.empty, terms.empty]; // what may come from a member on, before and after another one has been written
    for (const { name, term: value, isRequired } of members.toReversed()) {
      const term = terms.sequence(terms.literal(`${JSON.stringify(name)}:`), this.gap, value);
      const [alone, behind] = [terms.sequence(term, later), terms.sequence(this.comma, term, later)];
      [first, later] = isRequired ? [alone, behind] : [terms.either(alone, first), terms.either(behind, later)];
    }
    return terms.sequence(terms.literal('{'), this.gap, first, this.gap, terms.literal('}'));
  }

  private follow(reference: unknown, { path, references }: Place): Compiled {
    const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(reference)) ?? [];
    const definitions = this.root[group];
    if (!isRecord(definitions) || !Object.hasOwn(definitions, name)) {
      throw unsupported(`${path}.$ref`, `${JSON.stringify(reference)} is not in $defs`);
    }
    const target = `$.${group}.${name}`;
    if (references.includes(target)) throw unsupported(`${path}.$ref`, `${name} leads back to itself`);
    if (references.length >= MOST_DEPTH) throw unsupported(`${path}.$ref`, `schemas may lie ${MOST_DEPTH} deep`);
    const compiled = this.definitions.get(target) ?? this.compile(definitions[name], { path: target, references: [...references, target] });
    this.definitions.set(target, compiled);
    return compiled;
  }

  private allowOnly(schema: JsonSchema, path: string, keywords: readonly string[]): void {
    const unknown = Object.keys(schema).find((key) => !keywords.includes(key) && !ANNOTATIONS.includes(key));
    if (unknown !== undefined) throw unsupported(`${path}.${unknown}`, `${JSON.stringify(unknown)} is not supported: an answer cannot be held to it`);
  }
}

/** A schema with these inside it, as large as it then is. */
function holding(path: string, inner: readonly Compiled[], term: Term): Compiled {
  const depth = 1 + inner.reduce((most, each) => Math.max(most, each.depth), 0);
  const values = 1 + inner.reduce((sum, each) => sum + each.values, 0);
  if (depth > MOST_DEPTH) throw unsupported(path, `schemas may lie ${MOST_DEPTH} deep`);
  if (values > MOST_VALUES) throw unsupported(path, `with its references written out it has more than ${MOST_VALUES} values`);
  return { term, depth, values };
}

const isRecord = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

function nonEmptyList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw unsupported(path, 'must be a list with at least one entry');
  if (value.length > MOST_ENTRIES) throw unsupported(path, `may have ${MOST_ENTRIES} entries`);
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
