// How an analysis is called in a list: when it was asked for, what it looked for, and whether in a part only.
import type { Task, Video } from '../api/resources';

/** What it was asked to find, in a few words. */
export function soughtBy({ segment_definitions: kinds, prompt, response_schema: schema }: Task): string {
  if (kinds) return kinds.map(({ name }) => name).join(', ');
  return schema ? 'answers by a schema' : prompt === null ? 'all events' : 'by own words';
}

const moment = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export function labelOf(task: Task, { duration }: Video): string {
  const isPart = task.end_time - task.start_time < duration - 0.1;
  const state = task.status === 'ready' ? '' : `, ${task.status}`;
  return `${moment.format(new Date(task.created_at))} · ${soughtBy(task)}${isPart ? ', part' : ''}${state}`;
}
