// The videos that are on their way.
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { isPassing, isWorthRepeating, remedyOf } from '../api/problem';
import { fileSize } from '../library/file-size';
import styles from './upload-list.module.css';
import { BrokenOff } from './broken-off';
import { removeUpload, resumeImports, retryUpload, type Upload, useUploads } from './uploads';

export function UploadList() {
  const uploads = useUploads();
  useEffect(() => void resumeImports().catch(() => undefined), []); // the library itself says what is wrong
  return (
    <>
      {uploads.length > 0 && (
        <ul className={styles.list} aria-label="Uploads">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
      <BrokenOff uploads={uploads} />
    </>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const { id, name, bytes, status, sent } = upload;
  const share = bytes ? sent / bytes : 0;
  const action = status === 'failed' ? 'Remove' : 'Cancel';
  return (
    <li className={styles.row} data-status={status}>
      <strong className={styles.name} title={name}>{name}</strong>
      <div className={styles.bar} role="progressbar" aria-label={`Upload of ${name}`} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <span className={styles.words}>{words(upload)}</span>
      {status === 'failed' && isWorthRepeating(upload.error) && (
        <Button size="compact-xs" variant="default" onClick={() => retryUpload(id)}>
          Send again
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => removeUpload(id)} aria-label={`${action} the upload of ${name}`}>
        {action}
      </Button>
    </li>
  );
}

function words({ bytes, status, sent, rate, error }: Upload): string {
  switch (status) {
    case 'waiting':
      return `${fileSize(bytes ?? 0)} · waits for the one before`;
    case 'sending':
      if (bytes === null && sent === 0) return 'is to be fetched';
      return `${fileSize(sent)} ${bytes === null ? '' : `of ${fileSize(bytes)} `}· ${fileSize(rate)}/s`;
    case 'checking':
      return 'arrived · being read';
    case 'failed':
      return `${error instanceof Error ? error.message : String(error)} ${isPassing(error) ? 'Send it again when it is back; a file goes on where it was.' : remedyOf(error, '')}`;
  }
}
