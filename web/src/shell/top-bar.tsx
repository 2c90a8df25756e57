// The top bar: where we are, the ask box, and the two switches that hold everywhere.
import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from '../address/link';
import { useVideo } from '../api/videos';
import { AskBox } from '../ask/ask-box';
import { SignOut } from '../session/sign-out';
import { nextTimeUnit, useTimeUnit } from '../time/time-unit';
import { MoonIcon, SunIcon } from './icons';
import { openKeyHelp } from './key-help';
import { useNarrow } from './use-narrow';
import styles from './top-bar.module.css';

interface TopBarProps {
  readonly title: string;
  /** The video that is shown; undefined in other views. */
  readonly videoId: string | undefined;
}

export function TopBar({ title, videoId }: TopBarProps) {
  const narrow = useNarrow();
  const unit = useTimeUnit();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const other = colorScheme === 'light' ? 'dark' : 'light';
  return (
    <header className={styles.bar}>
      {videoId === undefined ? <Title text={title} /> : <VideoTitle id={videoId} />}
      {!(narrow && videoId !== undefined) && <AskBox videoId={videoId} />}
      <div className={styles.switches}>
        <button type="button" className={styles.unit} onClick={nextTimeUnit} title="How times are written: seconds, timecode, frames">
          {`Time: ${unit}`}
        </button>
        <ActionIcon variant="subtle" color="gray" aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
          {other === 'light' ? <SunIcon /> : <MoonIcon />}
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label="Keys" onClick={openKeyHelp} className={styles.help ?? ''}>
          <kbd>?</kbd>
        </ActionIcon>
        <SignOut />
      </div>
    </header>
  );
}

function Title({ text }: { readonly text: string }) {
  useEffect(() => void (document.title = `${text} · secondsight`), [text]);
  return <h1 className={styles.title}>{text}</h1>;
}

function VideoTitle({ id }: { readonly id: string }) {
  const { data } = useVideo(id);
  const name = data?.name ?? '…';
  useEffect(() => void (document.title = `${name} · secondsight`), [name]);
  return (
    <h1 className={styles.title} title={name}>
      <Link href="/" className={styles.up}>
        Library
      </Link>{' '}
      <span className="dim">/</span> {name}
    </h1>
  );
}
