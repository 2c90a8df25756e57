// One answer: the time first, then how sure, then why.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Moment, Video } from '../api/resources';
import { linkWith } from '../address/address';
import { addClip } from '../clips/clip-list';
import { usePlayer } from '../player/use-player';
import { AddIcon } from '../shell/icons';
import { copy } from '../shell/copy';
import { showToast } from '../shell/toasts';
import { SpritePicture } from '../sprites/sprite-picture';
import { type SpriteTile, tileAt } from '../sprites/sprites-vtt';
import { spokenLength } from '../time/time-format';
import { TimeButton } from '../time/time-button';
import { select } from '../timeline/use-selection';
import styles from './answer-card.module.css';
import { CorrectEdges } from './correct-edges';
import { Judge } from './judge';
import { percent } from './percent';
import { Why } from './why';

interface AnswerCardProps {
  readonly video: Video;
  readonly moment: Moment;
  readonly questionId: string;
  readonly query: string;
  readonly tiles: readonly SpriteTile[];
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

export function AnswerCard({ video, moment, questionId, query, tiles, chosen, onChoose }: AnswerCardProps) {
  const player = usePlayer();
  const [open, setOpen] = useState(moment.rank === 1);
  const { start_time: start, end_time: end, confidence } = moment;
  const go = (seconds: number): void => {
    player.seek(seconds);
    onChoose();
  };
  return (
    <article className={styles.card} data-chosen={chosen || undefined} aria-label={`Answer ${moment.rank}`}>
      <button type="button" className={styles.picture} onClick={() => go(start)} aria-label={`Go to answer ${moment.rank}`}>
        <SpritePicture videoId={video.id} tile={tileAt(tiles, (start + end) / 2)} />
      </button>
      <div className={styles.facts}>
        <div className={styles.time}>
          <TimeButton start={start} end={end} frameRate={video.frame_rate} onSeek={go} />
          <span className={styles.length}>{spokenLength(end - start)}</span>
        </div>
        <div className={styles.sure} role="meter" aria-label="Confidence" aria-valuenow={Math.round(confidence * 100)} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${confidence * 100}%` }} />
        </div>
        <span className="dim">
          {percent(confidence)} sure
        </span>
      </div>
      <div className={styles.actions}>
        <Button size="compact-xs" variant="subtle" color="gray" aria-expanded={open} onClick={() => setOpen(!open)}>
          Why
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => { select({ from: start, to: end }); go(start); }}>
          Select
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<AddIcon />}
          onClick={() => {
            addClip({ videoId: video.id, start, end, text: query });
            showToast({ text: 'Added to the clip list.' });
          }}
        >
          Clip
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => copy(linkWith({ m: questionId, a: moment.id, q: query, t: start, tab: null }), 'a link to this moment')}>
          Link
        </Button>
        <span className={styles.space} />
        <Judge videoId={video.id} questionId={questionId} momentId={moment.id} />
      </div>
      {open && (
        <div className={styles.why}>
          <Why videoId={video.id} moment={moment} tiles={tiles} />
          <CorrectEdges video={video} questionId={questionId} moment={moment} />
        </div>
      )}
    </article>
  );
}
