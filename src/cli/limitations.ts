// Says plainly, before any answer, what the model that gives it does not know.
import { type ApiClient } from './api-client.js';

export async function tellLimitations(api: ApiClient, print: (sentence: string) => void): Promise<void> {
  for (const { limitation } of await api.models()) {
    if (limitation) print(`Note: ${limitation} MODEL_DIR points to another checkpoint.`);
  }
}
