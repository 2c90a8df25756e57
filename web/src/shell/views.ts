// Which address shows which view; each view is loaded when it is first shown.
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import type { ViewProps } from './view-props';

export interface View {
  readonly pattern: RegExp;
  readonly title: string;
  /** It fills the window, and scrolls inside. */
  readonly fills?: boolean;
  readonly component: LazyExoticComponent<ComponentType<ViewProps>>;
}

const views: readonly View[] = [
  { pattern: /^\/$/, title: 'Library', component: lazy(() => import('../library/library-view')) },
  { pattern: /^\/videos\/([0-9a-f-]+)$/, title: 'Video', fills: true, component: lazy(() => import('../video/video-view')) },
  { pattern: /^\/videos\/([0-9a-f-]+)\/compare$/, title: 'Compare', fills: true, component: lazy(() => import('../compare/compare-view')) },
  { pattern: /^\/search$/, title: 'Search', component: lazy(() => import('../search/search-view')) },
  { pattern: /^\/clips$/, title: 'Clip list', component: lazy(() => import('../clips/clips-view')) },
  { pattern: /^\/define$/, title: 'Define', fills: true, component: lazy(() => import('../define/define-view')) },
  { pattern: /^\/operate$/, title: 'Operate', component: lazy(() => import('../operate/operate-view')) },
];

export function viewOf(path: string): (View & ViewProps) | undefined {
  for (const view of views) {
    const match = view.pattern.exec(path.replace(/(?<=.)\/$/, ''));
    if (match) return { ...view, subject: match[1] ?? '' };
  }
  return undefined;
}
