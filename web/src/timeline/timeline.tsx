// The timeline: lanes on one time axis, the playhead, the selection, the frame under the pointer, the whole video below.
import { useElementSize } from '@mantine/hooks';
import { useCallback, useMemo, useRef, useState } from 'react';
import { createStore, useStore } from '../store/store';
import { usePlayer } from '../player/use-player';
import { useKeys } from '../shell/keys';
import type { SpriteTile } from '../sprites/sprites-vtt';
import { formatTime } from '../time/time-format';
import { useTimeUnit } from '../time/time-unit';
import { Columns } from './columns';
import { ColorKey } from './color-key';
import { HoverCard, type Hover } from './hover-card';
import type { Lane } from './lane';
import { laneAt, placed, RULER_HEIGHT } from './lane-layout';
import { LaneNames } from './lane-names';
import { Overview } from './overview';
import { paintLanes } from './paint-lanes';
import { paintRuler } from './paint-ruler';
import { Playhead } from './playhead';
import { spanAt } from './lane';
import { zoomed } from './scale';
import { SelectionRange } from './selection-range';
import { TimeSlider } from './time-slider';
import styles from './timeline.module.css';
import { useCanvas } from './use-canvas';
import type { Viewport } from './use-viewport';
import { useGestures } from './use-gestures';

interface TimelineProps {
  readonly videoId: string;
  readonly frameRate: number | null;
  /** Of the part in sight. */
  readonly lanes: readonly Lane[];
  /** Of the whole video; those in sight where they are all there are. */
  readonly wholeLanes?: readonly Lane[];
  readonly tiles: readonly SpriteTile[];
  readonly viewport: Viewport;
  readonly highlighted: string | undefined;
  /** What the lanes show is on its way. */
  readonly isWaiting?: boolean;
}

export function Timeline({ videoId, frameRate, lanes, wholeLanes = lanes, tiles, viewport, highlighted, isWaiting = false }: TimelineProps) {
  const extent = useStore(viewport.extent);
  const onExtent = viewport.change;
  const player = usePlayer();
  const { duration } = player.facts;
  const unit = useTimeUnit();
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement | null>(null);
  const [hover] = useState(() => createStore<Hover | undefined>(undefined));
  const [columns] = useState(() => new Columns());
  const places = useMemo(() => placed(lanes), [lanes]);
  const height = places.reduce((sum, place) => sum + place.height, 0);
  const label = useCallback((seconds: number) => formatTime(seconds, unit, frameRate), [unit, frameRate]);

  const ruler = useCanvas(width, RULER_HEIGHT, useCallback((context, colors) => paintRuler({ context, colors, width, extent, frameRate: player.facts.frameRate, label }), [width, extent, player, label]));
  const canvas = useCanvas(width, height, useCallback((context, colors) => paintLanes({ context, colors, width, extent, highlighted, columns }, places, height), [width, extent, places, height, highlighted, columns]));
  const gestures = useGestures({ box, extent, duration, change: onExtent, onSeek: (seconds) => player.seek(seconds) });
  const zoomBy = (factor: number) => onExtent((now) => zoomed(now, factor, player.seconds, duration));
  useKeys({ '+': () => zoomBy(0.5), '=': () => zoomBy(0.5), '-': () => zoomBy(2), '0': () => onExtent(() => ({ start: 0, end: duration })) });

  const move = (event: React.PointerEvent<HTMLDivElement>): void => {
    gestures.onPointerMove(event);
    const area = canvas.current?.getBoundingClientRect();
    if (!area || event.pointerType === 'touch') return;
    const seconds = gestures.secondsAt(event.clientX);
    const under = laneAt(places, event.clientY - area.top);
    hover.set({ x: event.clientX - area.left, seconds, span: under && spanAt(under.lane, seconds, under.row), lane: under?.lane.name });
  };

  return (
    <section className={styles.timeline} aria-label="Timeline">
      <div className={styles.corner}>
        <span className={styles.extent}>{`${label(extent.start)} – ${label(extent.end)}`}</span>
      </div>
      <div className={styles.rulerBox} onPointerDown={(event) => scrub(event, (x) => player.seek(gestures.secondsAt(x)))}>
        <canvas ref={ruler} style={{ width, height: RULER_HEIGHT }} aria-hidden="true" />
      </div>
      <div className={styles.lanes} role="group" aria-label="Lanes" aria-busy={isWaiting} tabIndex={0}>
        <LaneNames places={places} height={height} />
        <div
          className={styles.area}
          ref={(element) => {
            box.current = element;
            sizeRef(element);
          }}
          style={{ height }}
          onPointerDown={gestures.onPointerDown}
          onPointerMove={move}
          onPointerUp={gestures.onPointerUp}
          onPointerCancel={gestures.onPointerCancel}
          onPointerLeave={() => hover.set(undefined)}
        >
          <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
          {height > 0 && <SelectionRange extent={extent} width={width} duration={duration} secondsAt={gestures.secondsAt} />}
          <Playhead extent={extent} width={width} onExtent={onExtent} />
        </div>
        <ColorKey lanes={lanes} />
      </div>
      <HoverCard videoId={videoId} hover={hover} width={width} tiles={tiles} label={label} />
      <Overview lanes={wholeLanes} extent={extent} duration={duration} onExtent={onExtent} onSeek={(seconds) => player.seek(seconds)} />
      <TimeSlider frameRate={frameRate} />
    </section>
  );
}

/** Follows the pointer until it is let go. */
function scrub(event: React.PointerEvent<HTMLElement>, at: (clientX: number) => void): void {
  const element = event.currentTarget;
  element.setPointerCapture(event.pointerId);
  at(event.clientX);
  const moving = (next: PointerEvent): void => at(next.clientX);
  element.addEventListener('pointermove', moving);
  element.addEventListener('lostpointercapture', () => element.removeEventListener('pointermove', moving), { once: true });
}
