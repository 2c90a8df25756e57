// The audit: who changed what, when, from where, in which request.
import { Button, NativeSelect } from '@mantine/core';
import { changeQuery, useQueryValue } from '../address/address';
import { Link } from '../address/link';
import { useAudit } from '../api/audit';
import type { AuditEvent } from '../api/resources';
import { useVideos } from '../api/videos';
import rows from '../operate/rows.module.css';
import { ProblemNotice } from '../shell/problem-notice';
import { When } from '../time/when';
import styles from './audit-panel.module.css';
import { actorOf, AUDIT_ACTIONS, detailsOf, subjectOf, videoOf, wordsOf } from './audit-words';

export default function AuditPanel() {
  const filter = { action: useQueryValue('action'), keyId: useQueryValue('key'), subjectId: useQueryValue('subject') };
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useAudit(filter);
  const { data: videos = [] } = useVideos();
  const names = new Map(videos.map(({ id, name }) => [id, name]));
  if (error && !data) return <ProblemNotice error={error} />;
  const events = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <div className={styles.filters}>
        <NativeSelect size="xs" label="Action" value={filter.action} data={[{ value: '', label: 'all actions' }, ...AUDIT_ACTIONS]} onChange={(event) => changeQuery({ action: event.currentTarget.value })} />
        {filter.keyId !== '' && <Chosen what="by one key" name="key" />}
        {filter.subjectId !== '' && <Chosen what="about one thing" name="subject" />}
      </div>
      {data && events.length === 0 && <p className="dim">No such entry. Noted are: keys, webhooks, alerts, presets, retention, deleted videos, analyses begun and canceled.</p>}
      <ol className={rows.rows} aria-label="Audit" aria-busy={data === undefined}>
        {events.map((event) => (
          <Row key={event.id} event={event} names={names} />
        ))}
      </ol>
      {hasNextPage && (
        <Button size="compact-sm" variant="default" mt="sm" loading={isFetching} onClick={() => void fetchNextPage()}>
          Older
        </Button>
      )}
    </>
  );
}

function Chosen({ what, name }: { readonly what: string; readonly name: 'key' | 'subject' }) {
  return (
    <Button size="compact-sm" variant="default" onClick={() => changeQuery({ [name]: null })}>
      Only {what} ✕
    </Button>
  );
}

function Row({ event, names }: { readonly event: AuditEvent; readonly names: ReadonlyMap<string, string> }) {
  const videoId = videoOf(event);
  const { created_at: at, key, tenant_id: tenant, subject, address, forwarded_for: forwarded, request_id: request } = event;
  return (
    <li className={styles.row}>
      <span className={styles.time}>
        <When at={at} />
      </span>
      <span className={styles.words}>
        {key ? (
          <button type="button" className={styles.link} title="Only what was done with this key" onClick={() => changeQuery({ key: key.id })}>
            {actorOf(event)}
          </button>
        ) : (
          <span className="dim">{actorOf(event)}</span>
        )}{' '}
        {wordsOf(event)}{' '}
        <button type="button" className={styles.link} title="Only what was done to this" onClick={() => changeQuery({ subject: subject.id })}>
          {subjectOf(event, names)}
        </button>
        {videoId !== undefined && names.has(videoId) && (
          <Link className={styles.detail} href={`/videos/${videoId}`}>
            open
          </Link>
        )}
        {detailsOf(event).map((detail) => (
          <span key={detail} className={styles.detail}>
            {detail}
          </span>
        ))}
      </span>
      <span className={styles.from}>
        tenant {tenant}
        {address !== null && ` · from ${address}`}
        {forwarded !== null && ` (for ${forwarded})`}
        {request !== null && ` · request ${request}`}
      </span>
    </li>
  );
}
