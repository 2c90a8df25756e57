// Questions and moments as callers see them; what was stored before a field was kept is shown with null in its place.
import { AppError } from '../app-error.js';
import { type ExportRecord } from '../exports/index.js';
import { type Moment, type MomentEvidence, type MomentQuery, type MomentScores, type MomentWindow, type Searched, type SearchedWindow } from './moment-query.entity.js';
import { type MomentResource, type MomentsResource } from './moment.schema.js';

/** Windows that are shown of a question unless all are asked for: those of ten hours take 600 kB. */
const SHOWN_WINDOWS = 50;

export interface Shown {
  readonly cached: boolean;
  /** Which of the windows that were searched. */
  readonly searched?: 'best' | 'all';
}

export function presentMoments(query: MomentQuery, moments: readonly Moment[], { cached, searched: which = 'best' }: Shown): MomentsResource {
  const { request, searched, rejected, curve, warnings } = query;
  return {
    id: query.id,
    object: 'moments',
    video_id: query.videoId,
    query: query.query,
    status: query.status,
    answer: query.answer,
    cached,
    start_time: request.startTime,
    end_time: request.endTime,
    searched_until: query.searchedUntil,
    data: moments.map(presentMoment),
    best_rejected: rejected && { ...rejected, scores: presentScores(rejected.scores), evidence: presentEvidence(rejected.evidence) },
    curve: curve && copy(curve),
    searched: searched && presentSearched(searched, which),
    warnings: copy(warnings),
    error: query.errorCode ? { code: query.errorCode, message: query.errorMessage ?? '' } : null,
    created_at: query.createdAt.toISOString(),
    finished_at: query.finishedAt?.toISOString() ?? null,
  };
}

export const presentMoment = (moment: Moment): MomentResource => ({
  id: moment.id,
  rank: moment.rank,
  start_time: moment.startTime,
  end_time: moment.endTime,
  confidence: moment.confidence,
  scores: presentScores(moment.scores),
  source: moment.source,
  evidence: presentEvidence(moment.evidence),
});

const presentScores = ({ occurrence, described = null, grounding = 0, searched, retrieval = 0 }: Partial<MomentScores>): MomentResource['scores'] =>
  occurrence === undefined ? null : { occurrence, described, grounding, searched: searched ?? null, retrieval };

const presentEvidence = ({ model, windows, verification }: MomentEvidence): MomentResource['evidence'] => ({
  ...{ model: { ...model }, verification },
  windows: windows.map(({ frames = null, seen = null, frame_times, ...window }: Older<MomentWindow, 'frames' | 'seen'>) => ({ ...window, frames, seen, frame_times: [...frame_times] })),
});

function presentSearched(
  { windows, model, unparsed, task_id = null, windows_left_out, threshold = null }: Older<Searched, 'task_id' | 'windows_left_out' | 'threshold'>,
  which: 'best' | 'all',
): MomentsResource['searched'] {
  const shown = which === 'all' ? windows : bestOf(windows);
  return { windows: shown.map(presentWindow), windows_total: windows.length, model: { ...model }, unparsed, task_id, windows_left_out: windows_left_out ?? 0, threshold };
}

const presentWindow = ({ frames = null, seen = null, occurrence = null, ...window }: Older<SearchedWindow, 'frames' | 'seen' | 'occurrence'>) => ({
  ...window,
  ...{ frames, seen, occurrence },
});

/** Those that were looked at closer, then those that most speaks for; in the order they had. */
function bestOf(windows: readonly SearchedWindow[]): SearchedWindow[] {
  const places = [...windows.keys()].sort((a, b) => weight(windows[b]) - weight(windows[a]) || a - b).slice(0, SHOWN_WINDOWS);
  return places.sort((a, b) => a - b).flatMap((place) => windows[place] ?? []);
}

const weight = (window: Older<SearchedWindow, 'occurrence'> | undefined): number => (window?.occurrence ?? 0) + ((window?.answer ?? null) === null ? 0 : 1000);

/** Rows from before some of the fields were kept. */
type Older<T, Keys extends keyof T> = Omit<T, Keys> & { readonly [Key in Keys]?: T[Key] | null };

type Mutable<T> = T extends readonly (infer Item)[] ? Mutable<Item>[] : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

/** What was stored as JSON is shown as it is. */
const copy = <T>(value: T): Mutable<T> => value as Mutable<T>;

/** The moments in order of time. Throws `moments.not_answered`: an empty file would say "not in this video". */
export function exportMoments({ id, status, query }: MomentQuery, moments: readonly Moment[]): ExportRecord[] {
  if (status !== 'ready') throw new AppError('moments.not_answered', `Question ${id} is ${status}; there is no file of it.`);
  return [...moments]
    .sort((a, b) => a.startTime - b.startTime)
    .map((moment) => ({
      id: moment.id,
      startSeconds: moment.startTime,
      endSeconds: moment.endTime,
      type: 'moment',
      text: query,
      confidence: moment.confidence,
      source: moment.source,
      resource: presentMoment(moment),
    }));
}
