// What a server wrote, checked against the form that it was to hold, and closed where its tokens ran out.
import { AppError } from '../../app-error.js';
import { compileForm, type Grammar, type WrittenForm } from '../../model/grammar/answer-grammar.js';
import { utf8 } from '../../model/grammar/term.js';
import { writtenJson } from '../../model/grammar/written-json.js';

export interface SettledText {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * A list of events is read leniently, as the free answers are, so it stays as it is. JSON that somebody's program will parse is what its
 * schema allows, whatever the server made of that schema. Throws `answer.not_in_form`.
 */
export function settleText(form: WrittenForm | undefined, text: string, isCut: boolean): SettledText {
  if (!form || form.kind === 'events' || form.kind === 'segments') return { text, isCut };
  const grammar = compileForm(form);
  if (walk(grammar, text).isWhole) return { text, isCut: false };
  if (isCut) return { text: closedText(grammar, text), isCut };
  const again = rewritten(form, text);
  if (again !== undefined && walk(grammar, again).isWhole) return { text: again, isCut: false };
  throw new AppError('answer.not_in_form', 'The server of the model did not hold the answer to its form: structured output is off there, or cannot do this schema.');
}

/** How far a text follows the grammar. */
function walk({ start }: Grammar, text: string): { isWhole: boolean; length: number; closing: string } {
  let term = start;
  let length = 0; // characters
  for (const character of text) {
    let next: typeof term | undefined = term;
    for (const byte of utf8(character)) next = next?.step(byte.charCodeAt(0));
    if (!next) return { isWhole: false, length, closing: term.closing.bytes };
    term = next;
    length += character.length;
  }
  return { isWhole: term.isNullable, length, closing: term.closing.bytes };
}

function closedText(grammar: Grammar, text: string): string {
  const { length, closing } = walk(grammar, text);
  return text.slice(0, length) + Buffer.from(closing, 'latin1').toString('utf8');
}

/** The same JSON with the white space that the grammar writes. */
function rewritten(form: WrittenForm, text: string): string | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return form.kind === 'call' ? writtenJson(value) : JSON.stringify(value);
  } catch {
    return undefined; // no JSON at all
  }
}
