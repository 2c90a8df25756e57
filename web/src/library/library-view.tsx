// The library: every video, what is known of it, and what is on its way.
import { useCallback, useMemo, useState } from 'react';
import { useQueryValue } from '../address/address';
import { useLiveTasks } from '../api/live-tasks';
import { startAnalysis, useNewestTasks } from '../api/tasks';
import { useVideos } from '../api/videos';
import { ProblemNotice } from '../shell/problem-notice';
import { showFailure } from '../shell/toasts';
import { Waiting } from '../shell/waiting';
import { DropTarget } from '../uploads/drop-target';
import { UploadList } from '../uploads/upload-list';
import { useUploads } from '../uploads/uploads';
import { deleteLater, useLeaving } from './delayed-delete';
import { EmptyLibrary } from './empty-library';
import { LibraryBar, SelectionBar } from './library-bar';
import { entriesOf, filtered } from './library-filter';
import styles from './library-view.module.css';
import { VideoCard } from './video-card';
import { VideoTable } from './video-table';

const NONE: never[] = [];

export default function LibraryView() {
  const { data: videos, error, refetch } = useVideos();
  const { data: tasks = NONE, isLoading } = useNewestTasks();
  const uploads = useUploads();
  const leaving = useLeaving();
  const filter = { state: useQueryValue('state'), find: useQueryValue('find'), sort: useQueryValue('sort') };
  const form = useQueryValue('view') === 'table' ? 'table' : 'grid';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useLiveTasks(tasks);
  const entries = useMemo(() => entriesOf((videos ?? NONE).filter(({ id }) => !leaving.has(id)), tasks), [videos, tasks, leaving]);
  const shown = filtered(entries, filter);
  const chosen = shown.filter(({ video }) => selected.has(video.id));
  const select = useCallback((id: string, on: boolean) => setSelected((before) => withOrWithout(before, id, on)), []);

  if (error && !videos) return <ProblemNotice error={error} onAgain={() => void refetch()} />;
  if (!videos || isLoading) return <Waiting />;
  return (
    <div className={styles.view}>
      <DropTarget />
      <UploadList />
      {chosen.length > 0 ? (
        <SelectionBar
          selected={chosen.length}
          onAll={() => setSelected(new Set(shown.map(({ video }) => video.id)))}
          onNone={() => setSelected(new Set())}
          onAnalyse={() => {
            void Promise.all(chosen.map(({ video }) => startAnalysis({ video_id: video.id, priority: 'normal' }))).catch(showFailure);
            setSelected(new Set());
          }}
          onDelete={() => {
            deleteLater(chosen.map(({ video }) => video));
            setSelected(new Set());
          }}
        />
      ) : (
        <LibraryBar entries={entries} filter={filter} form={form} />
      )}
      {entries.length === 0 && uploads.length === 0 && <EmptyLibrary />}
      {entries.length > 0 && shown.length === 0 && <p className="dim">No video is named like that or in that state.</p>}
      {form === 'table' && shown.length > 0 ? (
        <VideoTable entries={shown} selected={selected} onSelect={select} />
      ) : (
        <div className={styles.grid}>
          {shown.map((entry) => (
            <VideoCard key={entry.video.id} entry={entry} selected={selected.has(entry.video.id)} onSelect={select} />
          ))}
        </div>
      )}
    </div>
  );
}

function withOrWithout(before: ReadonlySet<string>, id: string, on: boolean): Set<string> {
  const after = new Set(before);
  if (on) after.add(id);
  else after.delete(id);
  return after;
}
