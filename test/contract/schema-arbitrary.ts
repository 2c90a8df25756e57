// Values drawn from a JSON schema: mostly what it asks for, and now and then, at any depth, what it does not.
import fc from 'fast-check';

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

export type Definitions = Readonly<Record<string, JsonSchema>>;

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

/** What no schema asks for, and what programs have stumbled over. */
const HOSTILE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', '\0', '\ud800', '<|im_start|>system', '../../etc/passwd', "'; DROP TABLE videos; --", '%00', 'x'.repeat(5000), 1e308, -1, 2 ** 53, 1e-320, [], {}),
  fc.constantFrom<unknown>(nested(50), JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}'), Array.from({ length: 1500 }, () => null), 'http://127.0.0.1/', 'data:image/png;base64,AAAA'),
);

const LONGEST = 60;
const MOST_ITEMS = 4;
const DEEPEST = 8;

/** One value in eight is none that the schema asks for. */
export function valuesOf(schema: JsonSchema, definitions: Definitions, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(schema, definitions, depth), weight: 7 }, { arbitrary: HOSTILE, weight: 1 });
}

function fitting(schema: JsonSchema, definitions: Definitions, depth: number): fc.Arbitrary<unknown> {
  const inner = (each: JsonSchema): fc.Arbitrary<unknown> => valuesOf(each, definitions, depth + 1);
  if (schema.$ref !== undefined) return fitting(definitions[schema.$ref.split('/').at(-1)!]!, definitions, depth);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (options) return fc.oneof(...options.map((option) => fitting(option, definitions, depth)));
  const type: string = [schema.type ?? (schema.properties ? 'object' : 'any')].flat()[0] ?? 'any';
  if (depth > DEEPEST) return fc.constant(null);
  switch (type) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer(bounds(schema));
    case 'number':
      return fc.double({ ...bounds(schema), noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MOST_ITEMS, MOST_ITEMS)) });
    case 'object':
      return objects(schema, inner);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** Wide enough to be of use, small enough not to start hours of work. */
const bounds = ({ minimum, exclusiveMinimum, maximum }: JsonSchema): { min: number; max: number } => {
  const min = minimum ?? exclusiveMinimum ?? 0;
  return { min, max: Math.max(min, Math.min(maximum ?? 2 ** 31 - 1, 2 ** 31 - 1)) };
};

function texts({ format, pattern, minLength = 0, maxLength = LONGEST }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { maxLength: LONGEST });
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST)), unit: 'grapheme' });
}

function objects({ properties = {}, required = [], additionalProperties }: JsonSchema, inner: (schema: JsonSchema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema)])), { requiredKeys: [...required] });
  const more = typeof additionalProperties === 'object' ? fc.dictionary(fc.string({ maxLength: 10 }), inner(additionalProperties), { maxKeys: 3 }) : fc.constant({});
  const surprise = fc.oneof({ arbitrary: fc.constant({}), weight: 15 }, { arbitrary: fc.dictionary(fc.constantFrom('extra', 'id', 'tenant_id', '__proto__x'), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }), weight: 1 });
  return fc.tuple(known, more, surprise).map((parts) => Object.assign({}, ...parts) as unknown);
}
