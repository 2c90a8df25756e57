// Keys: what each does, and how a view listens to them.
import { useEffect, useRef } from 'react';

export interface KeyGroup {
  readonly name: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

export const KEYS: readonly KeyGroup[] = [
  { name: 'Everywhere', keys: [['/', 'ask'], ['?', 'show the keys'], ['Esc', 'leave the ask box, drop the selection']] },
  {
    name: 'Playing',
    keys: [
      ['Space', 'play, pause'],
      ['J K L', 'back, stop, forward; again: faster'],
      [', .', 'one frame back, forward'],
      ['← →', 'five seconds back, forward'],
      ['Home End', 'start, end'],
      ['M', 'sound on, off'],
      ['T', 'seconds, timecode, frames'],
      ['Y', 'copy a link to this frame'],
    ],
  },
  {
    name: 'Timeline',
    keys: [
      ['I O', 'in point, out point'],
      ['+ −', 'closer, farther'],
      ['0', 'the whole video'],
      ['[ ]', 'segment before, after'],
      ['C', 'add the selection to the clip list'],
    ],
  },
  {
    name: 'Defining',
    keys: [
      ['Ctrl Enter', 'try the kinds of segments'],
      ['Ctrl S', 'save the preset'],
    ],
  },
];

type KeyActions = Readonly<Record<string, () => void>>;

/** `actions` by KeyboardEvent.key; not while someone writes, and not where the focused control has a use for the key itself. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event)) return;
      const action = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target.closest('input:not([type="checkbox"]), textarea, select')) return true;
  return (key === ' ' || key === 'Enter') && target.closest('button, a, input') !== null;
}
