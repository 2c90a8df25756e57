// Tells the words of an answer from the calls of tools in it, as it comes.
import { CALL_TAGS, readCall, type ToolCall } from '../qwen2-5-vl/tool-format.js';
import { MarkedText } from './marked-text.js';

/** What a piece of an answer adds to it. */
export interface AnswerPart {
  readonly content: string;
  readonly calls: readonly ToolCall[];
}

const [OPENING, CLOSING] = CALL_TAGS;

export class AnswerReader {
  private outside = new MarkedText([OPENING]);
  /** Undefined outside of a call. */
  private inside: { readonly marked: MarkedText; text: string } | undefined;

  push(piece: string): AnswerPart {
    const { inside } = this;
    if (!inside) {
      const { text, found } = this.outside.push(piece);
      if (!found) return { content: text, calls: [] };
      this.inside = { marked: new MarkedText([CLOSING]), text: '' };
      return joined({ content: text, calls: [] }, this.push(found.rest));
    }
    const { text, found } = inside.marked.push(piece);
    inside.text += text;
    if (!found) return { content: '', calls: [] };
    const call = readCall(inside.text);
    this.leave();
    return joined(call ? { content: '', calls: [call] } : { content: OPENING + inside.text + CLOSING, calls: [] }, this.push(found.rest));
  }

  /** What is left once the answer has ended: a call that is whole but for its closing tag is one. */
  end(): AnswerPart {
    const { inside } = this;
    if (!inside) return { content: this.outside.end(), calls: [] };
    const text = inside.text + inside.marked.end();
    this.leave();
    const call = readCall(text);
    return call ? { content: '', calls: [call] } : { content: OPENING + text, calls: [] };
  }

  private leave(): void {
    this.inside = undefined;
    this.outside = new MarkedText([OPENING]);
  }
}

/** The parts of a whole answer. */
export function readAnswer(text: string): AnswerPart {
  const reader = new AnswerReader();
  return joined(reader.push(text), reader.end());
}

const joined = (a: AnswerPart, b: AnswerPart): AnswerPart => ({ content: a.content + b.content, calls: [...a.calls, ...b.calls] });
