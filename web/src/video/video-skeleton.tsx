// The boxes of a video that is on its way, each where it will be.
import { useNarrow } from '../shell/use-narrow';
import { Waiting } from '../shell/waiting';
import styles from './video-skeleton.module.css';
import view from './video-view.module.css';

export function VideoSkeleton() {
  const narrow = useNarrow();
  return (
    <div className={view.view}>
      <div className={view.stage}>
        <div className={view.picture} style={narrow ? { aspectRatio: '16 / 9' } : {}}>
          <div className={styles.picture}>
            <Waiting />
          </div>
        </div>
      </div>
      {narrow && (
        <div className={view.ask}>
          <div className={styles.ask} />
        </div>
      )}
      <div className={view.side}>
        <Lines widths={['70%', '92%', '55%', '80%']} />
      </div>
      <div className={`${view.time} ${styles.time}`}>
        <Lines widths={['100%', '99%', '98%']} />
      </div>
    </div>
  );
}

const Lines = ({ widths }: { readonly widths: readonly string[] }) => (
  <div className={styles.lines}>
    {widths.map((width) => (
      <div key={width} style={{ width }} />
    ))}
  </div>
);
