// The videos of one tenant: how much they take, how long they are kept.
import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { removeRetention, setRetention } from '../api/storage';
import type { TenantUse } from '../api/resources';
import { fileSize } from '../library/file-size';
import { RowForm } from '../operate/row-form';
import rows from '../operate/rows.module.css';
import { showFailure, showToast } from '../shell/toasts';

type Days = number | string;

export function TenantRow({ use }: { readonly use: TenantUse }) {
  const { tenant_id: tenant, videos, bytes, cut_bytes: cuts, proxy_bytes: copies, retention, freed_bytes: freed } = use;
  const [opened, setOpened] = useState(false);
  return (
    <li className={rows.row}>
      <strong>{tenant}</strong>
      <span className={rows.main}>
        <span>
          {videos.toLocaleString()} {videos === 1 ? 'video' : 'videos'} · {fileSize(bytes)}
          {copies > 0 && ` · copies to play ${fileSize(copies)}`}
          {cuts > 0 && ` · cuts ${fileSize(cuts)}`} · would free {fileSize(freed.now)} now, {fileSize(freed.in_seven_days)} within seven days
        </span>
        <span className="dim">
          bytes {keptFor(retention.content_days)}, videos {keptFor(retention.video_days)} · {retention.source === 'tenant' ? 'a rule of its own' : 'as configured'}
        </span>
      </span>
      <details className={rows.more} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>Change how long</summary>
        {opened && <RetentionForm use={use} onDone={() => setOpened(false)} />}
      </details>
    </li>
  );
}

const keptFor = (days: number | null): string => (days === null ? 'kept for ever' : `kept for ${days.toLocaleString()} ${days === 1 ? 'day' : 'days'}`);

function RetentionForm({ use: { tenant_id: tenant, retention }, onDone }: { readonly use: TenantUse; readonly onDone: () => void }) {
  const [content, setContent] = useState<Days>(retention.content_days ?? '');
  const [video, setVideo] = useState<Days>(retention.video_days ?? '');
  const days = (value: Days): number | null => (value === '' ? null : Number(value));
  const save = async (): Promise<void> => {
    await setRetention(tenant, { content_days: days(content), video_days: days(video) });
    showToast({ text: `Saved. It holds for the videos of ${tenant} within the hour.` });
    onDone();
  };
  return (
    <RowForm submit="Save" onSubmit={save}>
      <NumberInput size="xs" label="Remove bytes and pictures after days" description="Segments and answers stay." placeholder="never" min={0.001} max={36_500} hideControls value={content} onChange={setContent} />
      <NumberInput size="xs" label="Delete videos after days" description="With all that was found in them." placeholder="never" min={0.001} max={36_500} hideControls value={video} onChange={setVideo} />
      {retention.source === 'tenant' && (
        <Button size="xs" variant="default" onClick={() => void removeRetention(tenant).then(onDone, showFailure)}>
          As configured
        </Button>
      )}
    </RowForm>
  );
}
