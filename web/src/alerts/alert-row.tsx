// One alert, and the moments that it found.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { addressWith } from '../address/address';
import { Link } from '../address/link';
import { changeAlert, deleteAlert, useMatches } from '../api/alerts';
import type { Alert } from '../api/resources';
import { useVideos } from '../api/videos';
import { RowForm } from '../operate/row-form';
import rows from '../operate/rows.module.css';
import { SureButton } from '../operate/sure-button';
import { ProblemNotice } from '../shell/problem-notice';
import { showFailure } from '../shell/toasts';
import { clock } from '../time/time-format';
import { LeastSure } from './least-sure';

export function AlertRow({ alert }: { readonly alert: Alert }) {
  const { id, query, filter, enabled, videos, min_confidence: least } = alert;
  const [opened, setOpened] = useState(false);
  return (
    <li className={rows.row} data-over={enabled ? undefined : true}>
      <strong>{query}</strong>
      <span className={`${rows.main} dim`}>
        {least > 0 && `at least ${Math.round(least * 100)} % sure · `}
        {filter.video_name !== undefined && `videos named like ${filter.video_name} · `}
        videos answered: {videos.answered} · waiting: {videos.asked}{videos.failed > 0 && ` · failed: ${videos.failed}`}
      </span>
      <span className={rows.actions}>
        <Button size="compact-xs" variant="default" onClick={() => void changeAlert(id, { enabled: !enabled }).catch(showFailure)}>
          {enabled ? 'Pause' : 'Resume'}
        </Button>
        <SureButton label="Delete" of={query} run={() => deleteAlert(id)} />
      </span>
      <details className={rows.more} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>Moments found</summary>
        {opened && <Matches alert={alert} />}
      </details>
      <ConfidenceForm alert={alert} />
    </li>
  );
}

/** From now on: what was told of is told. */
function ConfidenceForm({ alert: { id, query, min_confidence: known } }: { readonly alert: Alert }) {
  const [opened, setOpened] = useState(false);
  const [least, setLeast] = useState(known);
  const save = async (): Promise<void> => {
    await changeAlert(id, { min_confidence: least });
    setOpened(false);
  };
  return (
    <details className={rows.more} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>Change the least confidence of {query}</summary>
      {opened && (
        <RowForm submit="Save" onSubmit={save}>
          <LeastSure value={least} onChange={setLeast} />
        </RowForm>
      )}
    </details>
  );
}

function Matches({ alert: { id, query } }: { readonly alert: Alert }) {
  const { data: matches, error } = useMatches(id);
  const { data: videos = [] } = useVideos();
  if (error && !matches) return <ProblemNotice error={error} />;
  if (matches?.length === 0) return <p className="dim">None yet.</p>;
  return (
    <ul className={rows.rows} aria-label="Moments found">
      {matches?.map((match) => (
        <li key={match.id} className={rows.row}>
          <Link href={addressWith(`/videos/${match.video_id}`, new URLSearchParams(), { q: query, m: match.question_id, t: match.start_time })}>{videos.find((video) => video.id === match.video_id)?.name ?? 'a video'}</Link>
          <span className="mono">
            {clock(match.start_time)} – {clock(match.end_time)}
          </span>
          <span className="dim">{Math.round(match.confidence * 100)} % sure</span>
        </li>
      ))}
    </ul>
  );
}
