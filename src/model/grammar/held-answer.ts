// Holds one answer to its grammar, token by token, and brings it to a valid end before its tokens run out.
import { AppError } from '../../app-error.js';
import { type TokenRule } from '../qwen2-5-vl/generation.js';
import { type Grammar } from './answer-grammar.js';
import { type Term } from './term.js';
import { type Vocabulary } from './vocabulary.js';

export interface HeldAnswerOptions {
  readonly endIds: readonly number[];
  readonly maxTokens: number;
}

const COMMA = 0x2c;

export class HeldAnswer implements TokenRule {
  private term: Term;
  private left: number;
  /** The tokens that close the answer, once it had to be cut. */
  private closing: number[] | undefined;
  private hasMissedItems = false;

  /** Throws `answer.budget_too_small` where not even the shortest text of the grammar has room. */
  constructor(
    grammar: Grammar,
    private readonly vocabulary: Vocabulary,
    private readonly options: HeldAnswerOptions,
  ) {
    this.term = grammar.start;
    this.left = options.maxTokens;
    const least = this.tokensToClose(this.term);
    if (least > this.left) {
      throw new AppError('answer.budget_too_small', `The shortest answer of this form takes ${least} tokens, and ${this.left} are allowed.`);
    }
  }

  /** Nothing can follow: the answer has ended, whether the model says so or not. */
  get isFinished(): boolean {
    return this.closing ? this.closing.length === 0 : this.term.isFinal;
  }

  /** The answer was cut: by its tokens, or because a list could hold no more of what the model had to say. */
  get isCut(): boolean {
    return this.closing !== undefined || this.hasMissedItems || !this.term.isNullable;
  }

  allows(id: number): boolean {
    if (this.closing) return this.closesWith(id);
    if (this.options.endIds.includes(id)) return this.term.isNullable;
    const next = this.follow(id);
    if (!next) return false;
    if (this.tokensToClose(next) + next.closing.comfort <= this.left - 1) return true;
    this.closing = this.vocabulary.spell(this.term.closing.bytes);
    return this.closesWith(id);
  }

  allowed(): ArrayLike<number> {
    if (this.closing) return this.closing.length > 0 ? this.closing.slice(0, 1) : this.options.endIds;
    const ids = this.vocabulary.allowedBy(this.term);
    return this.term.isNullable ? [...ids, ...this.options.endIds] : ids;
  }

  /** Goes on behind a token that is part of the answer. */
  take(id: number): void {
    this.left--;
    if (this.closing) this.closing.shift();
    else this.term = this.follow(id) ?? this.term;
  }

  private closesWith(id: number): boolean {
    return this.closing?.length === 0 ? this.options.endIds.includes(id) : this.closing?.[0] === id;
  }

  private follow(id: number): Term | undefined {
    const bytes = this.vocabulary.bytesOf(id);
    if (!bytes) return undefined;
    let term = this.term;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes.charCodeAt(at);
      const next = term.step(byte);
      if (!next && byte === COMMA && term.isFull) this.hasMissedItems = true;
      if (!next) return undefined;
      term = next;
    }
    return term;
  }

  /** A token is at least a byte, so where there is plenty of room nobody has to count. */
  private tokensToClose({ closing: { bytes, comfort } }: Term): number {
    return bytes.length + comfort < this.left ? bytes.length : this.vocabulary.spell(bytes).length;
  }
}
