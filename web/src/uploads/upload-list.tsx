// The files that are on their way.
import { Button } from '@mantine/core';
import { remedyOf } from '../api/problem';
import { fileSize } from '../library/file-size';
import styles from './upload-list.module.css';
import { removeUpload, retryUpload, type Upload, useUploads } from './uploads';

export function UploadList() {
  const uploads = useUploads();
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </ul>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const { id, file, status, sent } = upload;
  const share = file.size === 0 ? 0 : sent / file.size;
  return (
    <li className={styles.row} data-status={status}>
      <strong className={styles.name}>{file.name}</strong>
      <div className={styles.bar} role="progressbar" aria-label={`Upload of ${file.name}`} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}>
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <span className={styles.words}>{words(upload)}</span>
      {status === 'failed' && (
        <Button size="compact-xs" variant="default" onClick={() => retryUpload(id)}>
          Send again
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => removeUpload(id)} aria-label={`Cancel the upload of ${file.name}`}>
        {status === 'failed' ? 'Remove' : 'Cancel'}
      </Button>
    </li>
  );
}

function words({ file, status, sent, rate, error }: Upload): string {
  switch (status) {
    case 'waiting':
      return `${fileSize(file.size)} · waits for the one before`;
    case 'sending':
      return `${fileSize(sent)} of ${fileSize(file.size)} · ${fileSize(rate)}/s`;
    case 'checking':
      return 'arrived · being read';
    case 'failed':
      return `${error instanceof Error ? error.message : String(error)} ${remedyOf(error)}`;
  }
}
