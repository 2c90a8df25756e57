// What the model is asked about time, in the words it was trained with.

/** Spec 11.1: dense description. The answer is a fenced JSON list of events in `mm:ss.ff`. */
export const DENSE_EVENTS_PROMPT =
  'Localize a series of activity events in the video, output the start and end timestamp for each event, ' +
  "and describe each event with sentences. Provide the result in json format with 'mm:ss.ff' format for time depiction.";

/** Spec 11.1: temporal grounding. The answer names one or more ranges in seconds, or says that there is none. */
export const groundingPrompt = (query: string): string =>
  `Give the query: '${query}', when does the described content occur in the video?`;

/** A check that does not ask for times: the answer is yes or no. */
export const occurrencePrompt = (query: string): string =>
  `Does the described content occur in the video: '${query}'? Answer yes or no.`;
