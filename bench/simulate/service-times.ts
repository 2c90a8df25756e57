// How long pieces of work take, by arithmetic on the settings.
import { type PlannedWindow } from '../../src/model/grounding/window-plan.js';
import { type Settings } from './settings.js';

/** Patches of a merged token (specification 3.1). */
const PATCHES_OF_TOKEN = 4;
/** A multiplication and an addition for each parameter. */
const FLOPS_OF_PARAMETER = 2;
/** Of question and frame around the pictures. */
const PROMPT_TOKENS = 150;

/**
 * Seconds of one GPU for a window: the tower for its pictures and the model for its tokens are bound by arithmetic, the answer by reading the
 * weights once a token for all answers of a batch. Attention over the window is left out: below a tenth at 4,096 tokens.
 *
 * @example 4,096 tokens and 250 of an answer, 7.6e9 parameters, 989 TFLOPS and 3.35 TB/s of which 0.35: 0.44 s
 */
export function windowSeconds({ why }: Pick<PlannedWindow, 'why'>, settings: Settings): number {
  const flops = settings['gpu-tflops'] * 1e12 * settings.efficiency;
  const bytes = settings['gpu-terabytes'] * 1e12 * settings.efficiency;
  const tower = (why.tokens * PATCHES_OF_TOKEN * FLOPS_OF_PARAMETER * settings['vision-parameters']) / flops;
  const prefill = ((why.tokens + PROMPT_TOKENS) * FLOPS_OF_PARAMETER * settings.parameters) / flops;
  const answer = (settings['answer-tokens'] * settings.parameters * settings['weight-bytes']) / bytes / settings.batch;
  return tower + prefill + answer;
}

/** Seconds of one core for the scan of a section. */
export const scanSeconds = (sectionSeconds: number, settings: Settings): number => sectionSeconds * settings['scan-cores'];
