// Draws the ruler: round times, down to single frames.
import type { Colors } from './colors';
import { RULER_HEIGHT } from './lane-layout';
import { type Extent, toX } from './scale';
import { ticksOf } from './ticks';

interface RulerPicture {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly extent: Extent;
  readonly frameRate: number;
  readonly colors: Colors;
  readonly label: (seconds: number) => string;
}

export function paintRuler({ context, width, extent, frameRate, colors, label }: RulerPicture): void {
  context.clearRect(0, 0, width, RULER_HEIGHT);
  context.font = '11px Inter, system-ui, sans-serif';
  context.textBaseline = 'alphabetic';
  for (const { seconds, labelled } of ticksOf(extent, width, frameRate)) {
    const x = Math.round(toX(seconds, extent, width)) + 0.5;
    context.strokeStyle = colors(labelled ? '--line-strong' : '--line');
    context.beginPath();
    context.moveTo(x, labelled ? 10 : 22);
    context.lineTo(x, RULER_HEIGHT);
    context.stroke();
    if (!labelled) continue;
    context.fillStyle = colors('--dim');
    context.fillText(label(seconds), x + 4, 17);
  }
}
