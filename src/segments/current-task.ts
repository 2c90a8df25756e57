// Which analysis of a video is read where none is named.

const STATE = `(status = 'ready') DESC, (status IN ('queued', 'processing')) DESC`;

/** Of the longest of its state, nearly all: where a video ends is found out more closely from one analysis to the next. */
const WHOLE = `end_time - start_time >= 0.9 * max(end_time - start_time) OVER (PARTITION BY video_id, status = 'ready', status IN ('queued', 'processing'))`;

/** Not what a caller's own definitions or schema asked for. */
const EVENTS = `request -> 'segmentDefinitions' IS NULL AND request -> 'responseSchema' IS NULL`;

/**
 * Order of the analyses of one video: finished before running before the rest; of these those that cover most, so that a look at a part
 * hides no analysis of the whole; of these those that describe events; of these the newest.
 */
const BEST_FIRST = `${STATE}, (${WHOLE}) DESC, (${EVENTS}) DESC, id DESC`;

/** Selects `id`: of each video the analysis that is read. */
export const CURRENT_TASKS = `SELECT DISTINCT ON (video_id) id FROM tasks ORDER BY video_id, ${BEST_FIRST}`;

/** Selects `id`: of the video that is parameter `$1`. */
export const CURRENT_TASK = `SELECT id FROM tasks WHERE video_id = $1 ORDER BY ${BEST_FIRST} LIMIT 1`;
