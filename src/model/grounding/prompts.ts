// What the model is asked about time, in the words it was trained with.
import { AppError } from '../../app-error.js';
import { type SegmentDefinition } from '../grammar/answer-form.js';
import { findSpecialToken } from '../qwen2-5-vl/special-tokens.js';

/** Spec 11.1: dense description. The answer is a fenced JSON list of events in `mm:ss.ff`. */
export const DENSE_EVENTS_PROMPT =
  'Localize a series of activity events in the video, output the start and end timestamp for each event, ' +
  "and describe each event with sentences. Provide the result in json format with 'mm:ss.ff' format for time depiction.";

/** Segments of kinds that a caller defines, in the form of a dense description with a type and fields of its own. */
export function segmentsPrompt(definitions: readonly SegmentDefinition[]): string {
  const kinds = definitions.map(({ name, description, fields }) => {
    const noted = fields.map((field) => `${field.name} (${field.description ?? field.type})`);
    return `${name}: ${description}${noted.length > 0 ? ` Note ${noted.join(', ')}.` : ''}`;
  });
  return (
    `Localize the segments of these types in the video. ${kinds.join(' ')} Output the start and end timestamp, the type and a description ` +
    "of each segment. Provide the result in json format with 'mm:ss.ff' format for time depiction."
  );
}

/** Spec 11.1: temporal grounding. The answer names one or more ranges in seconds, or says that there is none. */
export const groundingPrompt = (query: string): string =>
  `Give the query: '${query}', when does the described content occur in the video?`;

/** A check that does not ask for times: the answer is yes or no. */
export const occurrencePrompt = (query: string): string =>
  `Does the described content occur in the video: '${query}'? Answer yes or no.`;

/** Refuses what people may not say to the model, before any work is begun for it: `prompt.special_token`. */
export function requirePlainText(text: string): void {
  const token = findSpecialToken(text);
  if (token !== undefined) throw new AppError('prompt.special_token', `The text contains ${token}, which is reserved; write it with a space inside.`);
}
