// Two analyses of the same video side by side: where they agree, and what only one of them says.
import { useMemo } from 'react';
import { useQueryNumber, useQueryValue } from '../address/address';
import { useComparison } from '../api/comparison';
import { useLiveTasks } from '../api/live-tasks';
import { useTasksOf } from '../api/tasks';
import { useVideo } from '../api/videos';
import type { Task, Video } from '../api/resources';
import { PlayerBox } from '../player/player-box';
import { PlayerContext } from '../player/use-player';
import { ProblemNotice } from '../shell/problem-notice';
import { useNarrow } from '../shell/use-narrow';
import { Waiting } from '../shell/waiting';
import type { ViewProps } from '../shell/view-props';
import { useSprites } from '../sprites/use-sprites';
import { Timeline } from '../timeline/timeline';
import { useViewport } from '../timeline/use-viewport';
import { useVideoPlayer } from '../video/use-video-player';
import { AgreementTable } from './agreement-table';
import { CompareBar } from './compare-bar';
import { lanesOfComparison } from './compare-lanes';
import styles from './compare-view.module.css';

const NONE: never[] = [];

/** Overlap from which two segments count as the same, where the address says nothing. */
const USUAL_IOU = 0.5;

export default function CompareView({ subject }: ViewProps) {
  const { data: video, error, refetch } = useVideo(subject);
  if (error && !video) return <ProblemNotice error={error} onAgain={() => void refetch()} />;
  return video ? <Loaded video={video} /> : <Waiting />;
}

function Loaded({ video }: { readonly video: Video }) {
  const narrow = useNarrow();
  const player = useVideoPlayer(video);
  const viewport = useViewport(video.duration);
  const tiles = useSprites(video.id, video.duration);
  const { data: tasks = NONE, isLoading } = useTasksOf(video.id);
  useLiveTasks(tasks);
  const [a, b] = chosen(tasks, useQueryValue('a'), useQueryValue('b'));
  const minIou = Math.min(1, Math.max(0, useQueryNumber('iou') ?? USUAL_IOU));
  const { data: comparison, error } = useComparison(a?.id, b?.id, minIou, [a, b].map((task) => `${task?.windows.done ?? 0} ${task?.status ?? ''}`).join());
  const shown = a && b ? comparison : undefined;
  const lanes = useMemo(() => (shown ? lanesOfComparison(shown.data) : NONE), [shown]);
  return (
    <PlayerContext value={player}>
      <div className={styles.view}>
        <section className={styles.stage} aria-label="Picture" style={narrow ? { aspectRatio: '16 / 9' } : {}}>
          <PlayerBox video={video} />
        </section>
        <aside className={styles.side} aria-label="Comparison">
          <CompareBar video={video} isLoading={isLoading} tasks={tasks} a={a} b={b} minIou={minIou} comparison={shown} />
          {error && <ProblemNotice error={error} />}
          {shown && <AgreementTable video={video} comparison={shown} />}
        </aside>
        <div className={styles.time}>
          <Timeline videoId={video.id} frameRate={video.frame_rate} lanes={lanes} tiles={tiles} viewport={viewport} highlighted={undefined} isWaiting={isLoading || (a !== undefined && b !== undefined && !shown && !error)} />
        </div>
      </div>
    </PlayerContext>
  );
}

/** Those that the address names; else the two newest that have ended, the older as A. */
function chosen(tasks: readonly Task[], a: string, b: string): readonly [Task | undefined, Task | undefined] {
  const named = (id: string): Task | undefined => tasks.find((task) => task.id === id);
  const ready = tasks.filter(({ status }) => status === 'ready');
  const second = named(b) ?? ready.find(({ id }) => id !== a);
  return [named(a) ?? ready.find(({ id }) => id !== second?.id), second];
}
