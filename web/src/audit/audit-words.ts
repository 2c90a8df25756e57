// What an audited change was, in words.
import type { AuditAction, AuditEvent } from '../api/resources';

const WORDS: Readonly<Record<AuditAction, string>> = {
  'key.created': 'made the key',
  'key.changed': 'changed the key',
  'key.revoked': 'revoked the key',
  'webhook.created': 'added the webhook',
  'webhook.changed': 'changed the webhook',
  'webhook.deleted': 'deleted the webhook',
  'webhook.secret_rotated': 'gave a new secret to the webhook',
  'webhook.sent_again': 'sent messages again to the webhook',
  'alert.created': 'added the alert',
  'alert.changed': 'changed the alert',
  'alert.deleted': 'deleted the alert',
  'preset.created': 'saved the preset',
  'preset.changed': 'changed the preset',
  'preset.deleted': 'deleted the preset',
  'retention.changed': 'changed how long videos are kept of tenant',
  'retention.removed': 'removed the retention rule of tenant',
  'video.deleted': 'deleted the video',
  'video.content_removed': 'removed the bytes of the video',
  'task.created': 'began the analysis',
  'task.canceled': 'canceled the analysis',
  'batch.created': 'began the batch',
  'batch.canceled': 'canceled the batch',
  'cut.created': 'began the cut',
  'cut.canceled': 'canceled the cut',
  'cut.deleted': 'deleted the cut',
};

export const AUDIT_ACTIONS = Object.entries(WORDS).map(([value, label]) => ({ value, label }));

export const wordsOf = ({ action }: AuditEvent): string => WORDS[action];

/** Who did it. */
export function actorOf({ actor, key }: AuditEvent): string {
  if (actor === 'service') return 'the service';
  return actor === 'local' ? 'this machine, without a key' : (key?.name ?? 'a key');
}

/** What it was done to: by its name where the note has one. */
export function subjectOf(event: AuditEvent, names: ReadonlyMap<string, string>): string {
  const { subject, details } = event;
  const named = details['name'] ?? details['host'] ?? details['query'];
  if (typeof named === 'string') return named;
  const { tasks } = details;
  if (subject.type === 'batch' && typeof tasks === 'number') return `of ${tasks} ${tasks === 1 ? 'analysis' : 'analyses'}`;
  const videoId = videoOf(event);
  if (videoId === undefined) return subject.id.length > 12 ? `${subject.id.slice(0, 8)}…` : subject.id;
  return `${subject.type === 'video' ? '' : 'of '}${names.get(videoId) ?? `video ${videoId.slice(0, 8)}…`}`;
}

/** The video that it is about. */
export function videoOf({ subject, details }: AuditEvent): string | undefined {
  if (subject.type === 'video') return subject.id;
  return typeof details['video_id'] === 'string' ? details['video_id'] : undefined;
}

const SAID = new Set(['name', 'host', 'query', 'video_id', 'tasks']);

/** The rest of the note, as `name value`. */
export const detailsOf = ({ details }: AuditEvent): string[] =>
  Object.entries(details).flatMap(([name, value]) => (SAID.has(name) || value === null ? [] : [`${name.replaceAll('_', ' ')}: ${Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value)}`]));
