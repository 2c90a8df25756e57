// Which analysis of a video is read where none is named.

/**
 * Order of the analyses of one video: finished before running before the rest, of these the one that covers most, so that a look at a part
 * hides no analysis of the whole, and of these the newest.
 */
const BEST_FIRST = `(status = 'ready') DESC, (status IN ('queued', 'processing')) DESC, end_time - start_time DESC, id DESC`;

/** Selects `id`: of each video the analysis that is read. */
export const CURRENT_TASKS = `SELECT DISTINCT ON (video_id) id FROM tasks ORDER BY video_id, ${BEST_FIRST}`;

/** Selects `id`: of the video that is parameter `$1`. */
export const CURRENT_TASK = `SELECT id FROM tasks WHERE video_id = $1 ORDER BY ${BEST_FIRST} LIMIT 1`;
