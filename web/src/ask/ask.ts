// Asks a question where it is to be asked; what was asked is in the address, so that the answer can be linked to.
import { changeQuery, navigate, shownAddress } from '../address/address';
import { askMoments } from '../api/moments';
import { reached } from '../api/reached';
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
/** Questions that are on their way. */
const sending = createStore<readonly SentQuestion[]>([]);
/** Questions whose answer is to be gone to as soon as it is there. */
const awaited = new Set<string>();

interface SentQuestion {
  readonly videoId: string;
  readonly query: string;
  /** The same for the same question about the same part. */
  readonly key: string;
}

export const useSending = (videoId: string): readonly SentQuestion[] => useStore(sending).filter((sent) => sent.videoId === videoId);

/** True for each question that is asked, once. */
export const takeAwaited = (id: string): boolean => awaited.delete(id);

export const useQuestionsOf = (videoId: string): readonly AskedQuestion[] => useStore(questions).filter((question) => question.videoId === videoId);

export function ask(query: string, scope: AskScope, videoId: string | undefined, range: AskRange): void {
  if (scope === 'library' || videoId === undefined) navigate(`/search?${new URLSearchParams({ q: query }).toString()}`);
  else void askVideo(videoId, query, { ...range });
}

/** `allow_none` false: the best candidate is the answer, however little is to be said for it. */
export async function askVideo(videoId: string, query: string, options: AskRange & { allow_none?: boolean } = {}): Promise<void> {
  changeQuery({ q: query, m: null, a: null, tab: null });
  const sent = { videoId, query, key: JSON.stringify([videoId, query, options]) };
  if (sending.get().some(({ key }) => key === sent.key)) return; // it waits for the service
  sending.set((known) => [sent, ...known]);
  const isStillAsked = isAsked(query);
  try {
    const { id } = await reached(() => askMoments(videoId, { query, ...options }));
    questions.set((asked) => [{ id, videoId }, ...asked.filter((other) => other.id !== id)]);
    if (!isStillAsked()) return;
    awaited.add(id);
    changeQuery({ m: id });
  } catch (error) {
    showFailure(error);
  } finally {
    sending.set((known) => known.filter((other) => other !== sent));
  }
}

/** Whether the view in which it was asked is still shown, and nothing was asked there since. */
function isAsked(query: string): () => boolean {
  const [path] = shownAddress().split('?');
  return () => {
    const [now, search] = shownAddress().split('?');
    return now === path && new URLSearchParams(search).get('q') === query;
  };
}
