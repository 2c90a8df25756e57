// One clip of the list.
import { ActionIcon } from '@mantine/core';
import type { DragEvent } from 'react';
import { Link } from '../address/link';
import { thumbnailAddress, useVideo } from '../api/videos';
import { ArrowDownIcon, ArrowUpIcon, GripIcon, TrashIcon } from '../shell/icons';
import { showToast } from '../shell/toasts';
import { formatTime, spokenLength } from '../time/time-format';
import { TimeButton } from '../time/time-button';
import { useTimeUnit } from '../time/time-unit';
import { type Clip, moveClip, removeClip } from './clip-list';
import styles from './clip-row.module.css';

interface ClipRowProps {
  readonly clip: Clip;
  readonly index: number;
  readonly isLast: boolean;
  readonly current?: boolean;
  /** Its video was deleted. */
  readonly isGone?: boolean;
  readonly onPlay?: (() => void) | undefined;
  /** Of a clip of the video that is shown: goes there. */
  readonly onGo?: (() => void) | undefined;
}

const DRAGGED = 'application/x-clip';

export function ClipRow({ clip, index, isLast, current = false, isGone = false, onPlay, onGo }: ClipRowProps) {
  const { data: video } = useVideo(clip.videoId);
  const unit = useTimeUnit();
  const rate = video?.frame_rate ?? null;
  const name = clip.text === '' ? (video?.name ?? 'Clip') : clip.text;
  const remove = (): void => {
    const undo = removeClip(clip.key);
    showToast({ text: `Took ${name} off the clip list.`, action: { label: 'Undo', run: undo }, seconds: 6 });
  };
  const drop = (event: DragEvent): void => {
    const key = event.dataTransfer.getData(DRAGGED);
    if (key === '') return;
    event.preventDefault();
    moveClip(key, index);
  };
  return (
    <li className={styles.item}>
      <div
        className={styles.row}
        data-current={current || undefined}
        draggable
        onDragStart={(event) => event.dataTransfer.setData(DRAGGED, clip.key)}
        onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
        onDrop={drop}
      >
        <span className={styles.grip}>
          <GripIcon />
        </span>
        <button type="button" className={styles.picture} onClick={onPlay ?? onGo} disabled={!(onPlay ?? onGo)} aria-label={`${onPlay ? 'Play' : 'Go to'} ${name}`}>
          {!isGone && <img src={thumbnailAddress(clip.videoId, clip.start, 240)} alt="" loading="lazy" />}
        </button>
        <div className={styles.words}>
          {isGone ? (
            <span className={styles.time}>{`${formatTime(clip.start, unit, rate)} – ${formatTime(clip.end, unit, rate)}`}</span>
          ) : onGo ? (
            <span className={styles.time}>
              <TimeButton start={clip.start} end={clip.end} frameRate={rate} onSeek={onGo} />
            </span>
          ) : (
            <Link href={`/videos/${clip.videoId}?t=${clip.start}&from=${clip.start}&to=${clip.end}`} className={styles.time}>
              {`${formatTime(clip.start, unit, rate)} – ${formatTime(clip.end, unit, rate)}`}
            </Link>
          )}
          <span className={styles.name} title={name}>
            {name}
          </span>
          <span className={`dim ${styles.from}`}>
            {spokenLength(clip.end - clip.start)}
            {isGone ? <span className="lost"> · video deleted</span> : clip.text !== '' && video && ` · ${video.name}`}
          </span>
        </div>
        <div className={styles.actions}>
          <ActionIcon size={28} variant="subtle" color="gray" aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => moveClip(clip.key, index - 1)}>
            <ArrowUpIcon />
          </ActionIcon>
          <ActionIcon size={28} variant="subtle" color="gray" aria-label={`Move ${name} down`} disabled={isLast} onClick={() => moveClip(clip.key, index + 1)}>
            <ArrowDownIcon />
          </ActionIcon>
          <ActionIcon size={28} variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={remove}>
            <TrashIcon />
          </ActionIcon>
        </div>
      </div>
    </li>
  );
}
