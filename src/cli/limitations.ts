// Says plainly, before any answer, what the model that gives it does not know.
import { type ApiClient } from './api-client.js';
import { type WarningJson } from './api-types.js';

export async function tellLimitations(api: ApiClient, print: (sentence: string) => void): Promise<void> {
  for (const { limitation } of await api.models()) {
    if (limitation) print(`Note: ${limitation} MODEL_DIR points to another checkpoint.`);
  }
}

/** Warnings without what `tellLimitations` has said already. */
export const told = (warnings: readonly WarningJson[]): WarningJson[] => warnings.filter(({ code }) => code !== 'model.limited');
