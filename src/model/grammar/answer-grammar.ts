// From the form that an answer is held to, to its grammar.
import { AppError } from '../../app-error.js';
import { type AnswerForm, type CallableTool, type SegmentDefinition, type SegmentField } from './answer-form.js';
import { anyObject } from './any-json.js';
import { clockTime, LAST_HUNDREDTH } from './clock-time.js';
import { jsonNumber } from './json-number.js';
import { jsonString } from './json-text.js';
import { compileSchema, TEXT_COMFORT } from './json-schema.js';
import { type Term, Terms } from './term.js';

/** A form of which something is generated. */
export type WrittenForm = Exclude<AnswerForm, { kind: 'choice' }>;

/** A grammar: where a text begins, and all that is known of how it may go on. */
export interface Grammar {
  readonly start: Term;
  readonly terms: Terms;
}

/** Longest description of an event and longest text of a field, in characters. */
const DESCRIPTION = { least: 1, most: 400, comfort: TEXT_COMFORT, isSolid: true };
const FIELD_TEXT = { least: 0, most: 400, comfort: TEXT_COMFORT };
/** Keys that an event has already. */
const TAKEN = ['start_time', 'end_time', 'type'];

/** Throws `schema.unsupported` for a schema or a segment definition that no answer can be held to. */
export function compileForm(form: WrittenForm): Grammar {
  const terms = new Terms();
  switch (form.kind) {
    case 'json':
      return { terms, start: compileSchema(terms, form.schema) };
    case 'object':
      return { terms, start: anyObject(terms) };
    case 'call':
      return { terms, start: terms.either(...form.tools.map((tool) => callOf(terms, tool))) };
    case 'events': {
      const described = terms.sequence(terms.literal('", "description": '), jsonString(terms, DESCRIPTION));
      return { terms, start: fencedList(terms, form, described) };
    }
    case 'segments': {
      const kinds = form.definitions.map((definition) => segmentOf(terms, definition));
      return { terms, start: fencedList(terms, form, terms.sequence(terms.literal('", "type": '), terms.either(...kinds))) };
    }
  }
}

/** Spec 11.1: a fenced list of objects that begin with their two times, the second after the first, and go on with `rest`. */
function fencedList(terms: Terms, { maxEvents, endSeconds }: { maxEvents: number; endSeconds: number }, rest: Term): Term {
  const most = Math.max(1, Math.min(LAST_HUNDREDTH, Math.ceil(endSeconds * 100 - 1e-6)));
  const after = { key: 'rest', after: () => terms.sequence(rest, terms.literal('}')) };
  const ending = (least: number): Term => terms.sequence(terms.literal('", "end_time": "'), clockTime(terms, { least, most }, after));
  const starting = clockTime(terms, { least: 0, most: most - 1 }, { key: 'end', after: (start) => ending(start + 1) });
  const event = terms.sequence(terms.literal('{"start_time": "'), starting);
  const gap = terms.gap();
  const events = terms.list(event, terms.sequence(terms.literal(','), gap), { least: 0, most: maxEvents });
  return terms.sequence(terms.literal('```json\n['), gap, events, gap, terms.literal(']\n```'));
}

/** `"name", "description": "...", "field": value, ...`; a field called description takes the place of the usual one. */
function segmentOf(terms: Terms, { name, fields }: SegmentDefinition): Term {
  const taken = fields.find((field, k) => TAKEN.includes(field.name) || fields.findIndex((other) => other.name === field.name) !== k);
  if (taken) throw new AppError('schema.unsupported', `${name}.${taken.name}: this name is taken.`, { details: { path: `${name}.${taken.name}` } });
  const member = (key: string, value: Term): Term => terms.sequence(terms.literal(`, ${JSON.stringify(key)}: `), value);
  const described = fields.some((field) => field.name === 'description') ? [] : [member('description', jsonString(terms, DESCRIPTION))];
  return terms.sequence(terms.literal(JSON.stringify(name)), ...described, ...fields.map((field) => member(field.name, fieldValue(terms, field))));
}

function callOf(terms: Terms, { name, parameters = { type: 'object' } }: CallableTool): Term {
  return terms.sequence(terms.literal(`{"name": ${JSON.stringify(name)}, "arguments": `), compileSchema(terms, parameters), terms.literal('}'));
}

function fieldValue(terms: Terms, field: SegmentField): Term {
  switch (field.type) {
    case 'string':
      if (!field.enum) return jsonString(terms, FIELD_TEXT);
      return terms.either(...field.enum.map((value) => terms.literal(JSON.stringify(value))));
    case 'boolean':
      return terms.either(terms.literal('true'), terms.literal('false'));
    case 'number':
    case 'integer':
      return jsonNumber(terms, { isInteger: field.type === 'integer', least: -Infinity, most: Infinity }) ?? terms.literal('0');
  }
}
