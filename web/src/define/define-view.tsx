// Kinds of segments are written beside the video that they are tried on.
import { useEffect, useState } from 'react';
import { useQueryValue } from '../address/address';
import { Link } from '../address/link';
import { useVideos } from '../api/videos';
import { ProblemNotice } from '../shell/problem-notice';
import { showFailure } from '../shell/toasts';
import { Waiting } from '../shell/waiting';
import { useNarrow } from '../shell/use-narrow';
import { DefinitionForm } from './definition-form';
import { type Draft, useDraft } from './draft';
import styles from './define-view.module.css';
import { openPreset, openTask } from './open-draft';
import { PresetBar } from './preset-bar';
import { TryStage } from './try-stage';
import { useFoundKinds } from './use-try';

export default function DefineView() {
  const draft = useDraft();
  const { data: videos, error } = useVideos();
  const wanted = useQueryValue('video');
  const isOpening = useLinkedDraft();
  const narrow = useNarrow(); // there the form stands above, and would push the picture away when it comes
  const video = videos?.find(({ id }) => id === wanted) ?? videos?.[0];
  return (
    <div className={styles.view}>
      {error && !videos ? (
        <ProblemNotice error={error} />
      ) : video && !(narrow && isOpening) ? (
        <TryStage key={video.id} video={video} videos={videos ?? []} draft={draft} />
      ) : (
        <section className={styles.empty} aria-label="Try">
          {!videos && <Waiting />}
          {videos && !video && (
            <p className="dim">
              There is no video to try it on. <Link href="/">Add one to the library</Link>
            </p>
          )}
        </section>
      )}
      {(videos ?? error) && !isOpening && (
        <aside className={styles.side} id="definitions" aria-label="Kinds of segments">
          <PresetBar draft={draft} />
          {video ? <TriedForm draft={draft} videoId={video.id} /> : <DefinitionForm draft={draft} found={undefined} />}
        </aside>
      )}
    </div>
  );
}

/** The form with what the last try found of each kind. */
function TriedForm({ draft, videoId }: { readonly draft: Draft; readonly videoId: string }) {
  return <DefinitionForm draft={draft} found={useFoundKinds(videoId)} />;
}

/** Shows what a link names: a preset, else what an analysis tried, unless this browser tried it and has written on since. Returns whether it has yet to come. */
function useLinkedDraft(): boolean {
  const [preset, tried] = [useQueryValue('preset'), useQueryValue('try')];
  const draft = useDraft();
  const [open] = useState(() => {
    if (preset !== '' && draft.preset?.id !== preset) return () => openPreset(preset);
    return preset === '' && tried !== '' && draft.tried !== tried ? () => openTask(tried) : undefined;
  });
  const [isOpening, setOpening] = useState(open !== undefined);
  useEffect(() => {
    void open?.().catch(showFailure).finally(() => setOpening(false));
    // once for an address that was opened; what is written and tried from here on is this browser's
  }, [open]);
  return isOpening;
}
