// The picture with its controls.
import { MediaController, MediaFullscreenButton } from 'media-chrome/react';
import { useEffect, useRef, useState } from 'react';
import { linkWith } from '../address/address';
import type { Video } from '../api/resources';
import { thumbnailAddress } from '../api/videos';
import { copy } from '../shell/copy';
import { useKeys } from '../shell/keys';
import { nextTimeUnit } from '../time/time-unit';
import styles from './player-box.module.css';
import { PlayerControls } from './player-controls';
import { isSmall } from './is-small';
import { kindOf } from './refusal-words';
import { ServicePicture } from './service-picture';
import { usePlayable } from './use-playable';
import { usePlayer, usePlayerState } from './use-player';

const JUMP_SECONDS = 5;

export function PlayerBox({ video }: { readonly video: Video }) {
  const element = useRef<HTMLVideoElement>(null);
  const player = usePlayer();
  const { broken } = usePlayerState();
  const [refused, setRefused] = useState(false);
  const playable = usePlayable(video, refused);
  const { src, startTime, proxy, isProxy } = playable;
  useEffect(() => {
    if (broken) setRefused(true);
  }, [broken]);
  useEffect(() => player.changeFile(startTime), [player, src, startTime]);
  useEffect(() => (element.current ? player.attach(element.current) : undefined), [player]);
  useKeys({
    ' ': () => player.toggle(),
    j: () => player.shuttle(-1),
    k: () => player.pause(),
    l: () => player.shuttle(1),
    ',': () => player.step(-1),
    '.': () => player.step(1),
    ArrowLeft: () => player.seek(player.seconds - JUMP_SECONDS),
    ArrowRight: () => player.seek(player.seconds + JUMP_SECONDS),
    Home: () => player.seek(0),
    End: () => player.seek(video.duration),
    m: () => player.toggleMuted(),
    y: () => copy(linkWith({ t: Number(player.seconds.toFixed(3)) }), 'a link to this frame'),
    t: nextTimeUnit,
  });
  return (
    <MediaController className={styles.box} noHotkeys noAutohide gesturesDisabled>
      <video ref={element} slot="media" className={styles.video} data-small={isSmall(video)} src={src} poster={thumbnailAddress(video.id, 0, 1280)} preload="auto" playsInline onClick={() => player.toggle()} />
      <div className={styles.over}>
        <ServicePicture video={video} copy={playable} />
        {isProxy && proxy && <p className={styles.note}>{`Plays a copy, ${proxy.width} × ${proxy.height}: this browser cannot play ${kindOf(video)}.`}</p>}
        <PlayerControls video={video}>
          <MediaFullscreenButton className={styles.media} />
        </PlayerControls>
      </div>
    </MediaController>
  );
}
