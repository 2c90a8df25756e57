// The list of events as a regular expression: what a server can hold an answer to. Order and limits of times are beyond it.
import { type AnswerForm, type SegmentField } from '../../model/grammar/answer-form.js';

type ListForm = Extract<AnswerForm, { kind: 'events' | 'segments' }>;

const TIME = String.raw`[0-9][0-9]:[0-5][0-9]\.[0-9][0-9]`;
const CHARACTER = String.raw`([^"\\\n\r\t]|\\["\\/bfnrt])`;
const GAP = String.raw`[ \n]?`;
const NUMBER = { integer: '-?(0|[1-9][0-9]{0,14})', number: String.raw`-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?` };

/** Written as `compileForm` writes it, with fewer ways to lay it out. No counted repetition of something long: that takes a server minutes to compile. */
export function eventPattern(form: ListForm): string {
  const rest = form.kind === 'events' ? member('description', `"${CHARACTER}+"`) : `, "type": (${form.definitions.map(segmentRest).join('|')})`;
  const event = String.raw`\{"start_time": "${TIME}", "end_time": "${TIME}"${rest}\}`;
  return String.raw`${literal('```json\n')}\[${GAP}(${event}(,${GAP}${event})*)?${GAP}\]${literal('\n```')}`;
}

function segmentRest({ name, fields }: Extract<ListForm, { kind: 'segments' }>['definitions'][number]): string {
  const described = fields.some((field) => field.name === 'description') ? '' : member('description', `"${CHARACTER}+"`);
  return literal(JSON.stringify(name)) + described + fields.map((field) => member(field.name, fieldPattern(field))).join('');
}

function fieldPattern({ type, enum: values }: SegmentField): string {
  if (type === 'boolean') return '(true|false)';
  if (type !== 'string') return NUMBER[type];
  return values ? `(${values.map((value) => literal(JSON.stringify(value))).join('|')})` : `"${CHARACTER}*"`;
}

const member = (key: string, value: string): string => `, ${literal(JSON.stringify(key))}: ${value}`;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
