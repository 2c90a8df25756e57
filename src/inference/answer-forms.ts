// The grammars of the forms that answers were lately held to: most windows are asked in the same form.
import { type Grammar, compileForm, type WrittenForm } from '../model/grammar/answer-grammar.js';
import { HeldAnswer, type HeldAnswerOptions } from '../model/grammar/held-answer.js';
import { Vocabulary } from '../model/grammar/vocabulary.js';
import { type TextTokenizer } from './text-tokenizer.js';

const KEPT = 8;
/** A grammar learns as it is used; one that has learnt so much is made anew. */
const MOST_TERMS = 8000; // about 10 MB

export class AnswerForms {
  private vocabulary: Vocabulary | undefined;
  private readonly grammars = new Map<string, Grammar>();

  constructor(private readonly tokenizer: TextTokenizer) {}

  /** Throws `schema.unsupported` and `answer.budget_too_small`. */
  hold(form: WrittenForm, options: HeldAnswerOptions): HeldAnswer {
    this.vocabulary ??= new Vocabulary(this.tokenizer.tokenBytes());
    return new HeldAnswer(this.grammarOf(form), this.vocabulary, options);
  }

  private grammarOf(form: WrittenForm): Grammar {
    const key = JSON.stringify(form);
    const known = this.grammars.get(key);
    const grammar = known && known.terms.size <= MOST_TERMS ? known : compileForm(form);
    this.grammars.delete(key);
    this.grammars.set(key, grammar); // the latest used is the last
    const [oldest] = this.grammars.keys();
    if (this.grammars.size > KEPT && oldest !== undefined) this.grammars.delete(oldest);
    return grammar;
  }
}
