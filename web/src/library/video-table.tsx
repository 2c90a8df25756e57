// The videos as a table.
import { Checkbox } from '@mantine/core';
import { useRef } from 'react';
import { Link } from '../address/link';
import { thumbnailAddress } from '../api/videos';
import { clock } from '../time/time-format';
import { decimal } from '../numbers/decimal';
import { fileSize } from './file-size';
import type { LibraryEntry } from './library-filter';
import { StateWords } from './state-words';
import { useMark } from './use-mark';
import styles from './video-table.module.css';

interface VideoTableProps {
  readonly entries: readonly LibraryEntry[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string, selected: boolean) => void;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function VideoTable({ entries, selected, onSelect }: VideoTableProps) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Videos">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col"><span className="hidden">Selected</span></th>
            <th scope="col"><span className="hidden">Picture</span></th>
            <th scope="col">Name</th>
            <th scope="col">Length</th>
            <th scope="col">Picture</th>
            <th scope="col">Size</th>
            <th scope="col">Added</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <VideoRow key={entry.video.id} entry={entry} selected={selected.has(entry.video.id)} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VideoRow({ entry, selected, onSelect }: { readonly entry: LibraryEntry; readonly selected: boolean; readonly onSelect: VideoTableProps['onSelect'] }) {
  const { video } = entry;
  const row = useRef<HTMLTableRowElement>(null);
  const marked = useMark(video.id, row);
  const rate = video.frame_rate === null ? '' : ` · ${decimal(video.frame_rate, 2, 0)} fps`;
  return (
    <tr ref={row} data-marked={marked} data-selected={selected || undefined}>
      <td>
        <Checkbox size="xs" checked={selected} onChange={(event) => onSelect(video.id, event.currentTarget.checked)} aria-label={`Select ${video.name}`} />
      </td>
      <td>
        <img className={styles.picture} src={thumbnailAddress(video.id, video.duration * 0.1, 160)} alt="" loading="lazy" />
      </td>
      <td>
        <Link href={`/videos/${video.id}`}>{video.name}</Link>
      </td>
      <td>{clock(video.duration, 0)}</td>
      <td>{`${video.width} × ${video.height}${rate} · ${video.codec}`}</td>
      <td>{fileSize(video.bytes)}</td>
      <td>{day.format(new Date(video.created_at))}</td>
      <td>
        <StateWords entry={entry} segments={undefined} />
      </td>
    </tr>
  );
}
