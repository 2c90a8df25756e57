// What looks like a picture, in all videos.
import type { Video } from '../api/resources';
import { usePictureSearch } from '../api/search';
import { ProblemNotice } from '../shell/problem-notice';
import { HitGroup } from './hit-group';
import { usePicture } from './picture';
import styles from './picture-search.module.css';

export function PictureSearch({ videos }: { readonly videos: ReadonlyMap<string, Video> }) {
  const picture = usePicture();
  const { data, error, refetch } = usePictureSearch(picture);
  const groups = (data?.data ?? []).flatMap((group) => (group.object === 'video_hits' ? [group] : []));
  if (picture === '') return <p className="dim">The picture was not kept: drop it into the box above again.</p>;
  return (
    <section className={styles.part} aria-label="Pictures">
      <h2>What looks like this</h2>
      <img className={styles.picture} src={picture} alt="The picture that is looked for" />
      {error && <ProblemNotice error={error} onAgain={() => void refetch()} />}
      {data?.warnings.map(({ code, message }) => (
        <p key={code} className="dim">
          {message}
        </p>
      ))}
      {data && groups.length === 0 && <p className="dim">Nothing looks like it.</p>}
      {groups.map((group) => (
        <HitGroup key={group.video_id} group={group} query="" video={videos.get(group.video_id)} />
      ))}
    </section>
  );
}
