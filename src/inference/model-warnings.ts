// What a reader of an answer should know of the model that gave it.
import { type ModelCard, type Purpose } from './inference.js';

export interface ModelWarning {
  readonly code: 'model.not_trained_for' | 'model.limited';
  readonly message: string;
}

const WORDS: Readonly<Record<Purpose, string>> = {
  events: 'describing events',
  grounding: 'saying when something happens',
  verification: 'saying whether something happens',
  segment_definitions: 'kinds of segments of your own',
  json_schema: 'answers under a JSON schema',
  chat: 'conversations and prompts of your own',
};

/** Of a question of this kind. */
export function modelWarnings({ name, limitation, trainedFor }: Pick<ModelCard, 'name' | 'limitation' | 'trainedFor'>, purpose: Purpose): ModelWarning[] {
  const untrained = `${name} was not trained for ${WORDS[purpose]}: what it answers is well-formed and means nothing.`;
  return [
    ...(trainedFor === undefined || trainedFor.includes(purpose) ? [] : [{ code: 'model.not_trained_for' as const, message: untrained }]),
    ...(limitation === undefined ? [] : [{ code: 'model.limited' as const, message: limitation }]),
  ];
}
