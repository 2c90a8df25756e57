// The uploads that were left in the middle: each goes on where it was when its file is dropped again.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { fileSize } from '../library/file-size';
import type { BrokenUpload } from './tus-uploader';
import styles from './upload-list.module.css';
import type { Upload } from './uploads';

/** How the protocol's client names what it keeps in this browser; where there is nothing it need not be loaded. */
const KEPT = /^tus::/;

export function BrokenOff({ uploads }: { readonly uploads: readonly Upload[] }) {
  const [broken, setBroken] = useState<readonly BrokenUpload[]>([]);
  useEffect(() => {
    if (Object.keys(localStorage).some((key) => KEPT.test(key))) void import('./tus-uploader').then(({ brokenUploads }) => brokenUploads()).then(setBroken);
  }, []);
  const shown = notAmong(uploads, broken);
  useEffect(() => setBroken((known) => notAmong(uploads, known)), [uploads]);
  if (shown.length === 0) return null;
  const forget = ({ key, forget: end }: BrokenUpload): void => {
    setBroken((known) => known.filter((other) => other.key !== key));
    void end().catch(() => undefined); // what the service is not told of, it forgets by itself
  };
  return (
    <ul className={styles.list} aria-label="Uploads that broke off">
      {shown.map((upload) => (
        <li key={upload.key} className={styles.row}>
          <strong className={styles.name}>{upload.name}</strong>
          <span className={styles.words}>{fileSize(upload.bytes ?? 0)} · broke off: drop the file again, and it goes on where it was</span>
          <Button size="compact-xs" variant="default" onClick={() => forget(upload)} aria-label={`Forget the upload of ${upload.name}`}>
            Forget
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Without those that go on: they stay away also when they have ended. */
function notAmong(uploads: readonly Upload[], broken: readonly BrokenUpload[]): readonly BrokenUpload[] {
  const left = broken.filter(({ name, bytes }) => !uploads.some((upload) => upload.name === name && upload.bytes === bytes));
  return left.length === broken.length ? broken : left;
}
