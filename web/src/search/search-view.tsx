// The library searched: by the model over the best videos, and by words over all of them.
import { changeQuery, useQueryValue } from '../address/address';
import { LIMITED } from '../analysis/limitation';
import { useGroundedSearch, VIDEOS_ASKED, useWordSearch } from '../api/search';
import { useVideos } from '../api/videos';
import type { Video } from '../api/resources';
import { ProblemNotice } from '../shell/problem-notice';
import { FoundMoments } from './found-moments';
import { HitGroup } from './hit-group';
import { PictureSearch } from './picture-search';
import styles from './search-view.module.css';

export default function SearchView() {
  const query = useQueryValue('q');
  const words = useWordSearch(query);
  const most = useQueryValue('more') === '' ? VIDEOS_ASKED.first : VIDEOS_ASKED.most;
  const grounded = useGroundedSearch(query, most);
  const { data: videos = [] } = useVideos();
  const byId = new Map<string, Video>(videos.map((video) => [video.id, video]));
  const byPicture = useQueryValue('picture') !== '';
  if (query === '' && byPicture) return <PictureSearch videos={byId} />;
  if (query === '') {
    return (
      <p className={styles.hint}>
        <span className="keys">Press <kbd>/</kbd> and say</span><span className="touch">Say</span> what to look for. All videos are searched by words, and the model looks closely at the best of them. A picture that is pasted or dropped into the box is looked for too.
      </p>
    );
  }
  const groups = (words.data?.data ?? []).flatMap((group) => (group.object === 'video_hits' ? [group] : []));
  return (
    <div className={styles.view}>
      <section className={styles.part} aria-label="Moments">
        <h2>What the model sees</h2>
        {grounded.error && !grounded.data ? <ProblemNotice error={grounded.error} /> : <FoundMoments search={grounded.data} query={query} videos={byId} {...(most < VIDEOS_ASKED.most && { onMore: () => changeQuery({ more: 1 }) })} />}
      </section>
      <section className={styles.part} aria-label="Segments">
        <h2>What is described so</h2>
        {words.error && <ProblemNotice error={words.error} onAgain={() => void words.refetch()} />}
        {words.data?.warnings.filter(({ code }) => code !== LIMITED).map(({ code, message }) => (
          <p key={code + message} className="dim">
            {message}
          </p>
        ))}
        {words.data && groups.length === 0 && <p className="dim">No segment speaks of it.</p>}
        {groups.map((group) => (
          <HitGroup key={group.video_id} group={group} query={query} video={byId.get(group.video_id)} />
        ))}
      </section>
    </div>
  );
}
