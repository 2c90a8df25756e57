// Which analysis of a video is read where none is named: triggers of the database keep it, by the order in the migration `search-at-scale`.

/** Selects `id`: of the video that is parameter `$1`. */
export const CURRENT_TASK = `SELECT current_task_id AS id FROM videos WHERE id = $1 AND current_task_id IS NOT NULL`;
