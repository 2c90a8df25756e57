// From what the model wrote about a window to events in seconds of the video.
import { type Clock } from './clock.js';
import { parseEvents, parseGrounding, type TimeSpan } from './answers.js';
import { spanConfidence, type TokenScore } from './confidence.js';

/** An answer as generated: its text and the log-probability of each token of it. */
export interface ScoredAnswer {
  readonly text: string;
  readonly tokens: readonly TokenScore[];
  readonly finishReason: 'stop' | 'length';
}

/** A range of the video with how sure the model was when it wrote it. */
export interface GroundedSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly confidence: number;
}

export interface DescribedSpan extends GroundedSpan {
  readonly text: string;
}

/** The events of a dense description. `unparsed` counts what could not be read or lies outside the window. */
export function readEvents(answer: ScoredAnswer, clock: Clock): { events: DescribedSpan[]; unparsed: number; truncated: boolean } {
  const { events: written, unparsed, truncated } = parseEvents(answer.text);
  const events = written.flatMap((event) => {
    const span = ground(event, answer, clock);
    return span ? [{ ...span, text: event.text }] : [];
  });
  return { events, unparsed: unparsed + written.length - events.length, truncated: truncated || answer.finishReason === 'length' };
}

/** The spans of a grounding answer; empty when the model says that the content is absent. */
export function readGrounding(answer: ScoredAnswer, clock: Clock): { spans: GroundedSpan[]; unparsed: number } {
  const parsed = parseGrounding(answer.text);
  if (parsed.kind === 'absent') return { spans: [], unparsed: 0 };
  if (parsed.kind === 'unparsed') return { spans: [], unparsed: 1 };
  const spans = parsed.spans.flatMap((span) => ground(span, answer, clock) ?? []);
  return { spans, unparsed: parsed.unparsed + parsed.spans.length - spans.length };
}

/** Probability of "yes" in a yes/no answer, from its first token; undefined when it is neither. */
export function readYes(answer: ScoredAnswer): number | undefined {
  const said = /^\s*(yes|no)\b/i.exec(answer.text)?.[1]?.toLowerCase();
  const first = answer.tokens[0];
  if (!said || !first) return undefined;
  const probability = Math.exp(first.logprob);
  return said === 'yes' ? probability : 1 - probability;
}

function ground(span: TimeSpan, answer: ScoredAnswer, clock: Clock): GroundedSpan | undefined {
  const startSeconds = clock.toVideoSeconds(span.start);
  const endSeconds = clock.toVideoSeconds(span.end);
  if (!(endSeconds > startSeconds)) return undefined;
  return { startSeconds, endSeconds, confidence: spanConfidence(answer.tokens, span.span) };
}
