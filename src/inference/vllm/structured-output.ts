// From the form that an answer is held to, to the fields by which a server holds it.
import { type CallableTool, type JsonSchema } from '../../model/grammar/answer-form.js';
import { type WrittenForm } from '../../model/grammar/answer-grammar.js';
import { eventPattern } from './event-pattern.js';

/** One constraint at most, which is all that a server takes. */
export function formFields(form: WrittenForm | undefined): object {
  switch (form?.kind) {
    case undefined:
      return {};
    case 'events':
    case 'segments':
      return { structured_outputs: { regex: eventPattern(form) } };
    case 'json':
      return jsonFields(closed(form.schema));
    case 'object':
      return { response_format: { type: 'json_object' } };
    case 'call':
      return jsonFields({ anyOf: form.tools.map(callSchema), ...definitionsOf(form.tools) });
  }
}

const jsonFields = (schema: JsonSchema): object => ({ response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } });

function callSchema({ name, parameters = { type: 'object' } }: CallableTool): JsonSchema {
  return {
    type: 'object',
    properties: { name: { const: name }, arguments: closed(withoutDefinitions(parameters)) },
    required: ['name', 'arguments'],
    additionalProperties: false,
  };
}

const DEFINITIONS = ['$defs', 'definitions'] as const;

/** References lead to the root of the whole schema. Of two tools that define one name otherwise, the answer is still checked by its own. */
function definitionsOf(tools: readonly CallableTool[]): JsonSchema {
  const found = DEFINITIONS.map((group) => [group, Object.assign({}, ...tools.map(({ parameters }) => parameters?.[group] ?? {})) as JsonSchema] as const);
  return Object.fromEntries(found.filter(([, group]) => Object.keys(group).length > 0).map(([name, group]) => [name, closedEach(group)]));
}

const withoutDefinitions = (schema: JsonSchema): JsonSchema => Object.fromEntries(Object.entries(schema).filter(([key]) => !(DEFINITIONS as readonly string[]).includes(key)));

/** An object has no other properties than those that are declared, which is how answers are held here (see `compileSchema`). */
function closed(schema: unknown): JsonSchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {};
  const { properties, items, anyOf, type, ...rest } = schema as Record<string, unknown>;
  const isObject = [type].flat().includes('object');
  return {
    ...rest,
    ...(type !== undefined && { type }),
    ...(isObject && { properties: closedEach(properties ?? {}), additionalProperties: false }),
    ...(items !== undefined && { items: closed(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(closed) }),
    ...Object.fromEntries(DEFINITIONS.filter((group) => group in rest).map((group) => [group, closedEach(rest[group])])),
  };
}

const closedEach = (schemas: unknown): JsonSchema => Object.fromEntries(Object.entries(schemas as object).map(([name, each]) => [name, closed(each)]));
