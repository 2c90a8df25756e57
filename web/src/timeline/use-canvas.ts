// A canvas as sharp as the screen and as wide as its box, drawn again when what it shows changes.
import { useMantineColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { type Colors, readColors } from './colors';

type Paint = (context: CanvasRenderingContext2D, colors: Colors) => void;

/** `paint` is called once per picture of the screen at most. */
export function useCanvas(width: number, height: number, paint: Paint): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { colorScheme } = useMantineColorScheme();
  const colors = useRef<{ scheme: string; read: Colors } | undefined>(undefined);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const element = canvas.current;
      const context = element?.getContext('2d');
      if (!element || !context || width === 0) return;
      const ratio = window.devicePixelRatio || 1;
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== across) element.width = across;
      if (element.height !== down) element.height = down;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (colors.current?.scheme !== colorScheme) colors.current = { scheme: colorScheme, read: readColors(element) };
      paint(context, colors.current.read);
    });
    return () => cancelAnimationFrame(frame);
  }, [width, height, paint, colorScheme]);
  return useMemo(() => canvas, []);
}
