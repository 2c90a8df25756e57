// What runs, who runs it, what failed.
import { useLiveTasks } from '../api/live-tasks';
import { useModels, useReadiness, useWorkers } from '../api/operation';
import { isRunning, useTasks } from '../api/tasks';
import { useVideos } from '../api/videos';
import { fileSize } from '../library/file-size';
import { useScopes } from '../session/session';
import { ProblemNotice } from '../shell/problem-notice';
import { Waiting } from '../shell/waiting';
import { spokenLength } from '../time/time-format';
import { HistoryCharts } from '../charts/history-charts';
import { Failures } from './failures';
import { ModelCard } from './model-card';
import styles from './work-panel.module.css';
import { RunningTask } from './running-task';
import { Workers } from './workers';

export default function WorkPanel() {
  const { data: tasks = [], error, isLoading: readsTasks } = useTasks();
  const { data: videos = [], isLoading: readsVideos } = useVideos();
  const readiness = useReadiness();
  const { data: working = [] } = useWorkers();
  const { data: models = [], isLoading: readsModels } = useModels();
  const allowed = useScopes();
  useLiveTasks(tasks);
  const names = new Map(videos.map(({ id, name }) => [id, name]));
  const running = tasks.filter(isRunning);
  const failed = tasks.filter(({ status }) => status === 'failed');
  const [bytes, seconds] = videos.reduce(([size, length], video) => [size + video.bytes, length + video.duration], [0, 0]);
  if (error && tasks.length === 0) return <ProblemNotice error={error} />;
  if (readsTasks || readsVideos || readsModels || readiness.isLoading) return <Waiting />;
  return (
    <div className={styles.view}>
      <section className={`${styles.card} ${styles.wide}`} aria-label="Running">
        <h2>Running</h2>
        {running.length > 0 && <p className="dim">Each square is a stretch of the video that is looked at on its own; one that fails is tried again without the others.</p>}
        {running.length === 0 && <p className="dim">Nothing waits and nothing runs.</p>}
        {running.map((task) => (
          <RunningTask key={task.id} task={task} name={names.get(task.video_id) ?? task.video_id} />
        ))}
      </section>
      {allowed('admin') && <div className={styles.wide}>
        <p className={`dim ${styles.note}`}>The last hour. Grey: the service did not run.</p>
        <HistoryCharts minutes={60} ids={['waiting', 'age', 'windows']} />
      </div>}
      <section className={styles.card} aria-label="Workers">
        <h2>Workers</h2>
        <Workers readiness={readiness.data} error={readiness.error} working={working} />
      </section>
      <section className={styles.card} aria-label="Failures">
        <h2>Failures of the latest {tasks.length} analyses</h2>
        <Failures tasks={failed} names={names} />
      </section>
      <section className={styles.card} aria-label="Model">
        <h2>Model</h2>
        {models.map((model) => (
          <ModelCard key={model.hash} model={model} />
        ))}
        {models.length === 0 && <p className="dim">No living worker runs a model.</p>}
      </section>
      <section className={styles.card} aria-label="Library">
        <h2>Library</h2>
        <p className={styles.figures}>
          <strong>{videos.length.toLocaleString()}</strong> videos · <strong>{spokenLength(seconds)}</strong> · <strong>{fileSize(bytes)}</strong>
        </p>
      </section>
    </div>
  );
}
