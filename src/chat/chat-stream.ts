// The events of a streamed answer, from the pieces as they come.
import { AnswerReader } from '../model/chat/answer-reader.js';
import { type AnswerPiece, type ChatAnswer, type ChatCompletion } from './chat-completion.entity.js';
import { type ChatChunk } from './chat-response.schema.js';
import { completionId, extrasOf, finishReasonOf, presentCall, presentLogprobs, usageOf } from './present-chat.js';

type Choice = ChatChunk['choices'][number];

export class ChatStream {
  /** Only where tools were offered is anything taken for a call. */
  private readonly reader: AnswerReader | undefined;
  private calls = 0;

  constructor(private readonly completion: ChatCompletion) {
    this.reader = completion.request.question.tools.length > 0 ? new AnswerReader() : undefined;
  }

  begin(): ChatChunk {
    return this.chunk([{ ...this.choice({ role: 'assistant', content: '' }) }]);
  }

  /** Undefined where the pieces tell nothing yet. */
  push(pieces: readonly AnswerPiece[]): ChatChunk | undefined {
    const text = pieces.map((piece) => piece.text).join('');
    const delta = this.delta(this.reader ? this.reader.push(text) : { content: text, calls: [] });
    const { logprobs: wanted } = this.completion.request.wishes;
    const logprobs = wanted ? presentLogprobs(pieces) : null;
    if (Object.keys(delta).length === 0 && !logprobs?.content.length) return undefined;
    return this.chunk([{ ...this.choice(delta), logprobs }]);
  }

  /** What was held back, how it ended and what the model saw; then the usage, where it is wanted. */
  end(answer: ChatAnswer): ChatChunk[] {
    const { request } = this.completion;
    const delta = this.delta(this.reader?.end() ?? { content: '', calls: [] });
    const last = { ...this.chunk([{ ...this.choice(delta), finish_reason: finishReasonOf(answer, this.calls) }]), ...extrasOf(request, answer) };
    return request.wishes.includeUsage ? [last, { ...this.chunk([]), usage: usageOf(answer) }] : [last];
  }

  private delta({ content, calls }: { content: string; calls: ReturnType<AnswerReader['end']>['calls'] }): Choice['delta'] {
    const numbered = calls.map((call) => ({ index: this.calls, ...presentCall(this.completion.id, call, this.calls++) }));
    return { ...(content !== '' && { content }), ...(numbered.length > 0 && { tool_calls: numbered }) };
  }

  private choice(delta: Choice['delta']): Choice {
    return { index: 0, delta, logprobs: null, finish_reason: null };
  }

  private chunk(choices: readonly Choice[]): ChatChunk {
    const { id, createdAt, model, request } = this.completion;
    const usage = request.wishes.includeUsage ? { usage: null } : {};
    return { id: completionId(id), object: 'chat.completion.chunk', created: Math.floor(createdAt.getTime() / 1000), model, choices, ...usage };
  }
}
