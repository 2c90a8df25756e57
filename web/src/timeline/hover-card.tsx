// What is under the pointer: the frame, its time, and the segment.
import { type Store, useStore } from '../store/store';
import { SpritePicture } from '../sprites/sprite-picture';
import { type SpriteTile, tileAt } from '../sprites/sprites-vtt';
import styles from './hover-card.module.css';
import type { Span } from './lane';

export interface Hover {
  readonly x: number;
  readonly seconds: number;
  readonly span: Span | undefined;
  readonly lane: string | undefined;
}

const CARD_WIDTH = 176;

interface HoverCardProps {
  readonly videoId: string;
  readonly hover: Store<Hover | undefined>;
  readonly width: number;
  readonly tiles: readonly SpriteTile[];
  readonly label: (seconds: number) => string;
}

export function HoverCard({ videoId, hover, width, tiles, label }: HoverCardProps) {
  const at = useStore(hover);
  if (!at) return null;
  const { x, seconds, span, lane } = at;
  const left = Math.min(Math.max(0, x - CARD_WIDTH / 2), Math.max(0, width - CARD_WIDTH));
  return (
    <>
      <div className={styles.card} style={{ left: `calc(var(--names) + ${left}px)` }} aria-hidden="true">
        <SpritePicture className={styles.picture} videoId={videoId} tile={tileAt(tiles, seconds)} />
        <div className={styles.words}>
          <strong>{label(seconds)}</strong>
          {span && <span>{span.label === '' ? lane : span.label}</span>}
        </div>
      </div>
      <div className={styles.line} style={{ left: `calc(var(--names) + ${x}px)` }} />
    </>
  );
}
