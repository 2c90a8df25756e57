// A video: the picture, what was found in it beside, the timeline below.
import { useMemo } from 'react';
import { useQueryValue } from '../address/address';
import { useLiveTasks } from '../api/live-tasks';
import { useMoments } from '../api/moments';
import { useScan } from '../api/scans';
import { useFreshSegments, useOutline } from '../api/segments';
import { isRunning, useTasksOf, useWindows } from '../api/tasks';
import { useVideo } from '../api/videos';
import type { Task, Video } from '../api/resources';
import { AnalysisBar } from '../analysis/analysis-bar';
import { AnswersPanel } from '../answers/answers-panel';
import { AskBox } from '../ask/ask-box';
import { useLinkedQuestion } from '../ask/use-linked-question';
import { ClipsPanel } from '../clips/clips-panel';
import { useClips } from '../clips/clip-list';
import { PlayerBox } from '../player/player-box';
import { PlayerContext } from '../player/use-player';
import { useSegmentKeys } from '../segments/use-segment-keys';
import { SegmentsPanel } from '../segments/segments-panel';
import { ProblemNotice } from '../shell/problem-notice';
import { useNarrow } from '../shell/use-narrow';
import type { ViewProps } from '../shell/view-props';
import { useSprites } from '../sprites/use-sprites';
import { LaneSwitch, useOneLane } from '../timeline/lane-switch';
import { lanesOf } from '../timeline/lanes-of';
import { KindColors, kindColors } from '../timeline/type-colors';
import { Timeline } from '../timeline/timeline';
import { useLaneMarks } from '../timeline/use-lane-marks';
import { useViewport } from '../timeline/use-viewport';
import { rangeOf, useSelection } from '../timeline/use-selection';
import { useVideoHits } from './use-video-hits';
import { useVideoPlayer } from './use-video-player';
import { SelectionBar } from './selection-bar';
import { SideTabs } from './side-tabs';
import { VideoSkeleton } from './video-skeleton';
import styles from './video-view.module.css';

const NONE: never[] = [];

export default function VideoView({ subject }: ViewProps) {
  const { data: video, error, refetch } = useVideo(subject);
  if (error && !video) return <ProblemNotice error={error} onAgain={() => void refetch()} />;
  return video ? <Loaded video={video} /> : <VideoSkeleton />;
}

function Loaded({ video }: { readonly video: Video }) {
  const narrow = useNarrow();
  const player = useVideoPlayer(video);
  const viewport = useViewport(video.duration);
  const { data: tasks = NONE, isPending: readsTasks } = useTasksOf(video.id);
  const task = useShownTask(tasks);
  const { data: scan } = useScan(video.id);
  const { data: windows = NONE, isLoading: readsWindows } = useWindows(task);
  const chosenTask = useQueryValue('task') === '' ? undefined : task?.id;
  useFreshSegments(video.id, `${task?.windows.done ?? 0} ${task?.status ?? ''} ${scan?.chunks.done ?? 0}`);
  const { data: outline, isLoading: readsOutline } = useOutline({ videoId: video.id, taskId: chosenTask, type: '', text: '', least: 0 });
  const { whole, inSight, isLoading: readsMarks } = useLaneMarks(video.id, chosenTask, video.duration, viewport);
  const { data: moments, isLoading: readsMoments } = useMoments(video.id, useQueryValue('m'));
  const hits = useVideoHits(video.id);
  const tiles = useSprites(video.id, video.duration);
  const range = rangeOf(useSelection());
  const clips = useClips();
  useLiveTasks(tasks);
  useLinkedQuestion(video.id);
  useSegmentKeys(player, video.id, chosenTask);

  const analysedUntil = task ? (task.status === 'ready' ? task.end_time : (task.processed_until ?? 0)) : 0;
  /** Lanes stand where they will be from the first: none is drawn before it is known how many there are. */
  const isReading = readsTasks || readsWindows || readsOutline || readsMarks || readsMoments;
  const counts = useMemo(() => new Map((outline?.types ?? []).map(({ type, count }) => [type, count])), [outline]);
  const colorOf = useMemo(() => kindColors(whole), [whole]);
  const wholeLanes = useMemo(() => lanesOf({ marks: whole, counts, windows, moments, hits, analysedUntil, colorOf }), [whole, counts, windows, moments, hits, analysedUntil, colorOf]);
  const lanes = useMemo(() => (inSight === whole ? wholeLanes : lanesOf({ marks: inSight, counts, windows, moments, hits, analysedUntil, colorOf })), [inSight, whole, wholeLanes, counts, windows, moments, hits, analysedUntil, colorOf]);
  const oneLane = useOneLane(lanes);
  const shownLanes = useMemo(() => (narrow && oneLane ? [oneLane] : lanes), [narrow, oneLane, lanes]);
  const tabs = [
    { id: 'answers', name: 'Answers', content: () => <AnswersPanel video={video} tiles={tiles} /> },
    { id: 'segments', name: 'Segments', count: outline?.count ?? 0, content: () => <SegmentsPanel video={video} taskId={chosenTask} /> },
    { id: 'clips', name: 'Clip list', count: clips.length, content: () => <ClipsPanel videoId={video.id} /> },
  ];
  return (
    <PlayerContext value={player}>
      <div className={styles.view}>
        <section className={styles.stage} aria-label="Picture">
          <div className={styles.picture} style={narrow ? { aspectRatio: '16 / 9' } : {}}>
            <PlayerBox video={video} />
          </div>
          <SelectionBar video={video} onExtent={viewport.change} />
        </section>
        {narrow && (
          <div className={styles.ask}>
            <AskBox videoId={video.id} />
          </div>
        )}
        <aside className={styles.side} aria-label="Findings">
          <AnalysisBar video={video} tasks={tasks} task={task} isLoading={readsTasks} scan={scan} range={range} />
          <KindColors value={colorOf}>
            <SideTabs tabs={tabs} />
          </KindColors>
        </aside>
        <div className={styles.time}>
          {narrow && <LaneSwitch lanes={lanes} shown={oneLane} />}
          <Timeline videoId={video.id} frameRate={video.frame_rate} lanes={isReading ? NONE : shownLanes} wholeLanes={isReading ? NONE : wholeLanes} tiles={tiles} viewport={viewport} highlighted={useQueryValue('a') || undefined} isWaiting={isReading} />
        </div>
      </div>
    </PlayerContext>
  );
}

/** The analysis that the address names, else the newest that runs or has something to show; those of all events before those of a few kinds. */
function useShownTask(tasks: readonly Task[]): Task | undefined {
  const wanted = useQueryValue('task');
  const shows = (task: Task): boolean => isRunning(task) || task.status === 'ready';
  const ofEvents = tasks.filter(({ segment_definitions: kinds, response_schema: schema }) => kinds === null && schema === null);
  return tasks.find(({ id }) => id === wanted) ?? ofEvents.find(shows) ?? tasks.find(shows) ?? tasks[0];
}
