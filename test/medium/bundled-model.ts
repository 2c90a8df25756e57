// The checkpoint that ships, whichever it is: where it lies, what it says of itself, and the clips that ship beside it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, PROJECT_ROOT } from '../../src/platform/config/config.js';

export const MODEL = loadConfig({}).MODEL_DIR;

export const NOTES = JSON.parse(readFileSync(join(MODEL, 'secondsight.json'), 'utf8')) as {
  readonly name: string;
  readonly limitation: string;
  readonly window_seconds: number;
  readonly fps: number;
  readonly figures: readonly { readonly name: string; readonly value: string }[];
};

export const DEMO = join(PROJECT_ROOT, 'models/demo');
