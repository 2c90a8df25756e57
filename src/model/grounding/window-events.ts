// From what the model wrote about a window to events in seconds of the video.
import { type SegmentDefinition } from '../grammar/answer-form.js';
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
  /** Name of the segment definition that it follows, with what that asks to note. */
  readonly type?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * The events of a dense description, or the segments that `definitions` ask for. `unparsed` counts what could not be read, lies outside the
 * window or follows no definition.
 */
export function readEvents(
  answer: ScoredAnswer,
  clock: Clock,
  definitions?: readonly SegmentDefinition[],
): { events: DescribedSpan[]; unparsed: number; truncated: boolean } {
  const { events: written, unparsed, truncated } = parseEvents(answer.text);
  const events = written.flatMap((event) => {
    const span = ground(event, answer, clock);
    const kind = definitions ? kindOf(event.value, definitions) : {};
    return span && kind ? [{ ...span, text: event.text, ...kind }] : [];
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

function kindOf(value: Readonly<Record<string, unknown>>, definitions: readonly SegmentDefinition[]): Pick<DescribedSpan, 'type' | 'fields'> | undefined {
  const definition = definitions.find(({ name }) => name === value['type']);
  if (!definition) return undefined;
  return { type: definition.name, fields: Object.fromEntries(definition.fields.map(({ name }) => [name, value[name] ?? null])) };
}

function ground(span: TimeSpan, answer: ScoredAnswer, clock: Clock): GroundedSpan | undefined {
  const startSeconds = clock.toVideoSeconds(span.start);
  const endSeconds = clock.toVideoSeconds(span.end);
  if (!(endSeconds > startSeconds)) return undefined;
  return { startSeconds, endSeconds, confidence: spanConfidence(answer.tokens, span.span) };
}
