// The one box for questions, always in the same place, with the scope of the question beside the words.
import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { useQueryNumber, useQueryValue } from '../address/address';
import { pictureIn, searchByPicture } from '../search/picture';
import { SparkIcon } from '../shell/icons';
import { useKeys } from '../shell/keys';
import { showFailure } from '../shell/toasts';
import { useNarrow } from '../shell/use-narrow';
import { PictureButton } from './picture-button';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import styles from './ask-box.module.css';
import { type AskScope, ask } from './ask';
import { useVideo } from '../api/videos';

export function AskBox({ videoId }: { readonly videoId: string | undefined }) {
  const asked = useQueryValue('q');
  const [text, setText] = useState(asked);
  const [wanted, setWanted] = useState<AskScope>();
  const input = useRef<HTMLInputElement>(null);
  const narrow = useNarrow();
  const [from, to] = [useQueryNumber('from'), useQueryNumber('to')];
  const selected = from !== undefined && to !== undefined && to > from;
  const scope = videoId === undefined ? 'library' : wanted === 'selection' && !selected ? 'video' : (wanted ?? (selected ? 'selection' : 'video'));
  useEffect(() => setText(asked), [asked]);
  useKeys({ '/': () => input.current?.select() });

  return (
    <form
      className={styles.box}
      role="search"
      onPaste={(event) => takePicture(event, pictureIn(event.clipboardData.files))}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => takePicture(event, pictureIn(event.dataTransfer.files))}
      onSubmit={(event) => {
        event.preventDefault();
        const range = scope === 'selection' ? { start_time: from ?? 0, ...(to !== undefined && { end_time: to }) } : {};
        if (text.trim() !== '') ask(text.trim(), scope, videoId, range);
      }}
    >
      <span className={styles.spark}>
        <SparkIcon />
      </span>
      <input
        ref={input}
        className={styles.input}
        value={text}
        aria-label={`Ask when something happens, in ${NAMES[scope]}`}
        placeholder={scope === 'library' && !narrow ? 'Ask when something happens, in any video' : 'Ask when something happens'}
        maxLength={1000}
        enterKeyHint="search"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
      />
      <PictureButton />
      {videoId === undefined ? (
        <span className={styles.fixed}>library</span>
      ) : (
        <ScopeChips videoId={videoId} scope={scope} range={selected ? [from, to] : undefined} onChoose={setWanted} />
      )}
      <kbd className={`keys ${styles.key}`} aria-hidden="true">/</kbd>
    </form>
  );
}

function takePicture(event: SyntheticEvent, picture: File | undefined): void {
  if (!picture) return;
  event.preventDefault();
  void searchByPicture(picture).catch(showFailure);
}

const NAMES: Readonly<Record<AskScope, string>> = { selection: 'the selection', video: 'this video', library: 'the library' };

interface ScopeChipsProps {
  readonly videoId: string;
  readonly scope: AskScope;
  readonly range: readonly [number, number] | undefined;
  readonly onChoose: (scope: AskScope) => void;
}

function ScopeChips({ videoId, scope, range, onChoose }: ScopeChipsProps) {
  const unit = useTimeUnit();
  const rate = useVideo(videoId).data?.frame_rate ?? null;
  const chip = (value: AskScope, label: string) => (
    <button type="button" className={styles.chip} aria-pressed={scope === value} onClick={() => onChoose(value)}>
      {label}
    </button>
  );
  return (
    <span className={styles.chips} role="group" aria-label="Where to look">
      {range && chip('selection', range.map((time) => formatTime(time, unit, rate)).join(' – '))}
      {chip('video', 'this video')}
      {chip('library', 'library')}
    </span>
  );
}
