// The video that the kinds are tried on: picture, range, progress, what was found, timeline.
import { NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { changeQuery } from '../address/address';
import type { Video } from '../api/resources';
import { PlayerBox } from '../player/player-box';
import { PlayerContext } from '../player/use-player';
import { useNarrow } from '../shell/use-narrow';
import { useSprites } from '../sprites/use-sprites';
import { Timeline } from '../timeline/timeline';
import { useLaneMarks } from '../timeline/use-lane-marks';
import { useViewport } from '../timeline/use-viewport';
import { rangeOf, useSelection } from '../timeline/use-selection';
import { SelectionBar } from '../video/selection-bar';
import { useVideoPlayer } from '../video/use-video-player';
import type { Draft } from './draft';
import { TryBar } from './try-bar';
import { lanesOfTry } from './try-lanes';
import { TryResults } from './try-results';
import styles from './try-stage.module.css';
import { rangeToTry, useTry } from './use-try';

interface TryStageProps {
  readonly video: Video;
  readonly videos: readonly Video[];
  readonly draft: Draft;
}

export function TryStage({ video, videos, draft }: TryStageProps) {
  const narrow = useNarrow();
  const player = useVideoPlayer(video);
  const viewport = useViewport(video.duration);
  const tiles = useSprites(video.id, video.duration);
  const range = rangeToTry(video, rangeOf(useSelection()));
  const tried = useTry(video);
  const names = draft.kinds.map(({ name }) => name).filter((name) => name !== '').join('\n');
  const { whole, inSight, isLoading } = useLaneMarks(video.id, tried.task?.id, video.duration, viewport);
  const isWaiting = isLoading || tried.isLoading;
  const [lanes, wholeLanes] = useMemo(() => [inSight, whole].map((marks) => (isWaiting ? [] : lanesOfTry(tried, marks, names === '' ? [] : names.split('\n')))), [tried, inSight, whole, isWaiting, names]);
  return (
    <PlayerContext value={player}>
      <div className={styles.stage}>
        <section className={styles.screen} aria-label="Picture">
          <div className={styles.picture} style={narrow ? { aspectRatio: '16 / 9' } : {}}>
            <PlayerBox video={video} />
          </div>
          <SelectionBar video={video} onExtent={viewport.change} />
        </section>
        <div className={styles.bar}>
          <NativeSelect
            size="xs"
            className={styles.choice ?? ''}
            aria-label="Video to try on"
            value={video.id}
            data={videos.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(event) => changeQuery({ video: event.currentTarget.value, try: null, from: null, to: null, v: null, t: null })}
          />
          <TryBar video={video} draft={draft} range={range} task={tried.task} />
        </div>
        <TryResults video={video} tried={tried} />
        <div className={styles.time}>
          <Timeline videoId={video.id} frameRate={video.frame_rate} lanes={lanes ?? []} wholeLanes={wholeLanes ?? []} tiles={tiles} viewport={viewport} highlighted={undefined} isWaiting={isWaiting} />
        </div>
      </div>
    </PlayerContext>
  );
}
