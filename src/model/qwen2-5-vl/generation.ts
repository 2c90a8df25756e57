// From a row of logits to the next token: repetition penalty, masking, greedy or sampled choice, and the probability of what was chosen.
import { AppError } from '../../app-error.js';
import { JsonObject } from './json-object.js';

export interface GenerationSettings {
  /** Any of these ends the answer. */
  readonly eosTokenIds: readonly number[];
  /** 1 is none; 1.05 in the published checkpoints. */
  readonly repetitionPenalty: number;
  /** False is greedy: the other three are not looked at. */
  readonly doSample: boolean;
  readonly temperature: number;
  /** 0 keeps all tokens. */
  readonly topK: number;
  /** 1 keeps all tokens. */
  readonly topP: number;
}

/** Reads generation_config.json; keys that it leaves out mean what they mean to the library that writes them. Throws `config.*`. */
export function parseGenerationConfig(json: unknown): GenerationSettings {
  const keys = new JsonObject(json, '', 'generation_config.json');
  const optional = (key: string, absent: number): number => (keys.has(key) ? keys.number(key) : absent);
  const settings = {
    eosTokenIds: keys.integerOrIntegers('eos_token_id'),
    repetitionPenalty: optional('repetition_penalty', 1),
    doSample: keys.has('do_sample') && keys.boolean('do_sample'),
    temperature: optional('temperature', 1),
    topK: optional('top_k', 50),
    topP: optional('top_p', 1),
  };
  checkSettings(settings);
  return settings;
}

/** Throws `generation.setting_invalid`. */
function checkSettings({ repetitionPenalty, temperature, topK, topP }: GenerationSettings): void {
  const refuse = (what: string): never => {
    throw new AppError('generation.setting_invalid', what);
  };
  if (!(repetitionPenalty > 0)) refuse(`repetition_penalty must be above 0, not ${repetitionPenalty}.`);
  if (!(temperature > 0)) refuse(`temperature must be above 0, not ${temperature}; for greedy answers, turn sampling off.`);
  if (!(Number.isInteger(topK) && topK >= 0)) refuse(`top_k must be 0 or a positive integer, not ${topK}.`);
  if (!(topP > 0 && topP <= 1)) refuse(`top_p must be above 0 and at most 1, not ${topP}.`);
}

/**
 * Spec 1.5: lowers the logits of all ids of the prompt and the answer so far, each once, pad and template tokens included. In place.
 */
export function applyRepetitionPenalty(logits: Float32Array, seenIds: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  const factor = Math.fround(penalty);
  for (const id of new Set(seenIds)) {
    const logit = logits[id];
    if (logit !== undefined) logits[id] = logit > 0 ? logit / factor : logit * factor;
  }
}

/** Spec 1.3: ids that the tokenizer does not know (151665 and above in the published vocabulary) are never chosen. In place. */
function maskUnknownTokens(logits: Float32Array, knownTokens: number): void {
  logits.fill(-Infinity, knownTokens);
}

/** Draws from [0, 1). */
export type Random = () => number;

/** The id of the chosen token; greedy takes the first of equals. `logits` are not changed. */
export function chooseToken(logits: Float32Array, settings: GenerationSettings, random: Random): number {
  return settings.doSample ? sample(logits, settings, random) : largestLogit(logits);
}

/** What an answer is held to, token by token. */
export interface TokenRule {
  /** Whether the answer may go on with the token, or end by it. */
  allows(id: number): boolean;
  /**
   * All tokens that it may go on with or end by, and there is always one. Where the one that is chosen is refused after all, another call
   * gives what is left.
   */
  allowed(): ArrayLike<number>;
}

/** Tokens that are refused one by one before all that are allowed are looked for, which takes longer. */
const REFUSALS = 4;

/** As `chooseToken`, among the tokens that `rule` allows: a token that is refused is struck out and the choice made again. `scores` are changed. */
function chooseAllowed(scores: Float32Array, settings: GenerationSettings, random: Random, rule: TokenRule): number {
  for (let refused = 0; refused < REFUSALS; refused++) {
    const id = chooseToken(scores, settings, random);
    if (rule.allows(id)) return id;
    scores[id] = -Infinity;
  }
  const kept = new Float32Array(scores.length).fill(-Infinity);
  const allowed = rule.allowed();
  for (let k = 0; k < allowed.length; k++) kept[allowed[k]!] = scores[allowed[k]!]!;
  const id = chooseToken(kept, settings, random);
  return rule.allows(id) ? id : (rule.allowed()[0] ?? id);
}

/** The first of the largest. */
export function largestLogit(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

/** Temperature, then the `topK` likeliest, then the smallest set of them that holds `topP` of the probability, then a draw. */
function sample(logits: Float32Array, { temperature, topK, topP }: GenerationSettings, random: Random): number {
  const greatest = logits[largestLogit(logits)]!;
  const ids = topK > 0 ? likeliest(logits, topK) : Array.from(logits.keys());
  const candidates = ids.map((id) => ({ id, weight: Math.exp((logits[id]! - greatest) / temperature) })).filter(({ weight }) => weight > 0);
  candidates.sort((a, b) => b.weight - a.weight || a.id - b.id);
  const kept = nucleus(candidates, topP);
  let left = random() * kept.reduce((sum, { weight }) => sum + weight, 0);
  for (const { id, weight } of kept) {
    left -= weight;
    if (left < 0) return id;
  }
  return kept.at(-1)!.id;
}

/** Ids of the `count` largest logits, the first of equals; one pass, where sorting a vocabulary takes many times as long. */
function likeliest(logits: Float32Array, count: number): number[] {
  const ids: number[] = []; // largest first
  for (let id = 0; id < logits.length; id++) {
    if (ids.length === count && !(logits[id]! > logits[ids[count - 1]!]!)) continue;
    let place = ids.length;
    while (place > 0 && logits[ids[place - 1]!]! < logits[id]!) place--;
    ids.splice(place, 0, id);
    if (ids.length > count) ids.pop();
  }
  return ids;
}

/** The likeliest candidates up to and including the one that reaches `topP`. */
function nucleus<T extends { weight: number }>(sorted: readonly T[], topP: number): readonly T[] {
  const enough = topP * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let held = 0;
  const last = sorted.findIndex(({ weight }) => (held += weight) >= enough);
  return last < 0 ? sorted : sorted.slice(0, last + 1);
}

/** Natural logarithm of the probability of token `id` under the softmax of `logits`. */
export function logProbability(logits: Float32Array, id: number): number {
  const greatest = logits[largestLogit(logits)]!;
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += Math.exp(logits[k]! - greatest);
  return logits[id]! - greatest - Math.log(sum);
}

/** Natural logarithms of the probabilities of these tokens as the next one, as the model gives them. Throws `generation.logits_invalid`. */
export function choiceLogProbabilities(logits: Float32Array, ids: readonly number[], knownTokens: number): number[] {
  const own = Float32Array.from(logits);
  maskUnknownTokens(own, knownTokens);
  return ids.map((id) => valid(logProbability(own, id)));
}

/** A token with the natural logarithm of its probability as the next one. */
export interface LikelyToken {
  readonly id: number;
  readonly logProbability: number;
}

/** The likeliest next tokens, likeliest first, as the model gives them. Throws `generation.logits_invalid`. */
export function likeliestTokens(logits: Float32Array, count: number, knownTokens: number): LikelyToken[] {
  const own = Float32Array.from(logits);
  maskUnknownTokens(own, knownTokens);
  const ids = likeliest(own, count);
  const greatest = own[ids[0] ?? 0]!;
  const norm = Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0));
  return ids.map((id) => ({ id, logProbability: valid(own[id]! - greatest - norm) }));
}

export interface ChosenToken {
  readonly id: number;
  /** What the model itself thinks of it: without penalty, temperature or cut-offs. */
  readonly logProbability: number;
  readonly ends: boolean;
}

export interface NextTokenOptions {
  /** Ids of the prompt and of the answer so far. */
  readonly seenIds: Iterable<number>;
  readonly knownTokens: number;
  readonly settings: GenerationSettings;
  readonly random: Random;
  readonly rule?: TokenRule | undefined;
}

/** One step of an answer: `logits` of the last place, not changed. Throws `generation.logits_invalid`. */
export function nextToken(logits: Float32Array, { seenIds, knownTokens, settings, random, rule }: NextTokenOptions): ChosenToken {
  const own = Float32Array.from(logits);
  maskUnknownTokens(own, knownTokens);
  const scores = Float32Array.from(own);
  applyRepetitionPenalty(scores, seenIds, settings.repetitionPenalty);
  const id = rule ? chooseAllowed(scores, settings, random, rule) : chooseToken(scores, settings, random);
  return { id, logProbability: valid(logProbability(own, id)), ends: settings.eosTokenIds.includes(id) };
}

function valid(logprob: number): number {
  if (Number.isNaN(logprob)) throw new AppError('generation.logits_invalid', 'The model produced logits that are not numbers.');
  return logprob;
}
