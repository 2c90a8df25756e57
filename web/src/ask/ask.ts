// Asks a question where it is to be asked; what was asked is in the address, so that the answer can be linked to.
import { changeQuery, navigate } from '../address/address';
import { askMoments } from '../api/moments';
import { showFailure } from '../shell/toasts';
import { createStore, useStore } from '../store/store';

export type AskScope = 'selection' | 'video' | 'library';

export interface AskRange {
  readonly start_time?: number;
  readonly end_time?: number;
}

/** A question that was put to a video while the page is open; the newest first. */
export interface AskedQuestion {
  readonly id: string;
  readonly videoId: string;
}

const questions = createStore<readonly AskedQuestion[]>([]);
/** The words of a question that is on its way. */
const sending = createStore<string>('');

export const useSending = (): string => useStore(sending);

export const useQuestionsOf = (videoId: string): readonly AskedQuestion[] => useStore(questions).filter((question) => question.videoId === videoId);

export function ask(query: string, scope: AskScope, videoId: string | undefined, range: AskRange): void {
  if (scope === 'library' || videoId === undefined) navigate(`/search?${new URLSearchParams({ q: query }).toString()}`);
  else void askVideo(videoId, query, { ...range });
}

/** `allowNone` false: the best candidate is the answer, however little is to be said for it. */
export async function askVideo(videoId: string, query: string, options: AskRange & { allow_none?: boolean } = {}): Promise<void> {
  changeQuery({ q: query, m: null, a: null, tab: null });
  sending.set(query);
  try {
    const { id } = await askMoments(videoId, { query, ...options });
    questions.set((asked) => [{ id, videoId }, ...asked.filter((other) => other.id !== id)]);
    changeQuery({ m: id });
  } catch (error) {
    showFailure(error);
  } finally {
    sending.set('');
  }
}
