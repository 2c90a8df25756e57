// The picture as the service draws it, where the browser cannot play the file: seeking and stepping still work.
import { useDebouncedValue } from '@mantine/hooks';
import type { Video } from '../api/resources';
import { thumbnailAddress } from '../api/videos';
import { decimal } from '../numbers/decimal';
import { isSmall } from './is-small';
import styles from './service-picture.module.css';
import { type AskedCopy, refusalWords } from './refusal-words';
import { useAtTime, usePlayerState } from './use-player';

const REST_MS = 80;

export function ServicePicture({ video, copy }: { readonly video: Video; readonly copy: AskedCopy }) {
  const { drawnByService, broken } = usePlayerState();
  const seconds = useAtTime((now) => now);
  const [rested] = useDebouncedValue(seconds, REST_MS);
  if (!drawnByService) return null;
  return (
    <div className={styles.picture}>
      <img data-small={isSmall(video)} src={thumbnailAddress(video.id, rested, 1280)} alt={`Frame at ${decimal(rested, 2)} seconds`} />
      {broken && (
        <span role="status">
          {`${refusalWords(video, copy)} Meanwhile the service shows single frames: step with , and . or seek.`}
        </span>
      )}
    </div>
  );
}
