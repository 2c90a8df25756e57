// The settings of a model that other machines serve: the list of its servers, and what cannot be set beside it.
import { z } from 'zod';

/** How servers are told when frames were seen; see src/inference/vllm. */
export const TIMINGS = ['video', 'marks'] as const;
export type Timing = (typeof TIMINGS)[number];

const address = z
  .url({ protocol: /^https?$/, error: 'must be a list of addresses such as http://gpu-1:8000' })
  .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).search === ''), 'must hold no user, password or query; the token goes into VLLM_API_KEY');

/** Addresses without the `/v1` and the slashes at their end, each once. */
export const serverList = z
  .string()
  .transform((list) => [...new Set(list.split(',').map((url) => url.trim().replace(/\/+$/, '').replace(/\/v1$/, '')).filter((url) => url !== ''))])
  .pipe(z.array(address).min(1, 'must be a list of addresses such as http://gpu-1:8000'));

/** What only a model of this machine has. */
const LOCAL = ['MODEL_DIR', 'INFERENCE_PROVIDER', 'INFERENCE_DEVICES'];
const REMOTE = ['VLLM_MODEL', 'VLLM_API_KEY', 'VLLM_TIMEOUT_SECONDS', 'VLLM_CONCURRENCY', 'VLLM_TIMING', 'VLLM_CARD_DIR'];

/** `given`: names of the variables that are set; defaults are none. */
export function remoteModelFaults(given: ReadonlySet<string>, { ABSOLUTE_TIME }: { readonly ABSOLUTE_TIME: 'on' | 'off' }): string[] {
  if (!given.has('VLLM_URLS')) return REMOTE.filter((name) => given.has(name)).map((name) => `${name}: means nothing without VLLM_URLS`);
  const faults = LOCAL.filter((name) => given.has(name)).map((name) => `${name}: is of a model that runs here, and VLLM_URLS names servers that have it; leave one out`);
  return ABSOLUTE_TIME === 'off' ? [...faults, 'ABSOLUTE_TIME: cannot be off for a model of VLLM_URLS'] : faults;
}
