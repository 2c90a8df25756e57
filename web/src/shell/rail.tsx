// The rail: where one can go.
import type { ReactNode } from 'react';
import { Link } from '../address/link';
import { useClips } from '../clips/clip-list';
import { ClipsIcon, DefineIcon, LibraryIcon, MarkIcon, OperateIcon, SearchIcon } from './icons';
import styles from './rail.module.css';

interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: ReactNode;
}

const PLACES: readonly Place[] = [
  { href: '/', label: 'Library', icon: <LibraryIcon /> },
  { href: '/search', label: 'Search', icon: <SearchIcon /> },
  { href: '/clips', label: 'Clip list', icon: <ClipsIcon /> },
  { href: '/define', label: 'Define', icon: <DefineIcon /> },
  { href: '/operate', label: 'Operate', icon: <OperateIcon /> },
];

export function Rail({ path }: { readonly path: string }) {
  const clips = useClips().length;
  return (
    <nav className={styles.rail} aria-label="Views">
      <Link href="/" className={styles.mark} aria-label="secondsight, library" tabIndex={-1}>
        <MarkIcon />
      </Link>
      {PLACES.map(({ href, label, icon }) => (
        <Link key={href} href={href} className={styles.place} aria-current={isAt(path, href) ? 'page' : undefined}>
          {icon}
          <span className={styles.label}>{label}</span>
          {href === '/clips' && clips > 0 && <span className={styles.count}>{clips}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** A video is in the library. */
const isAt = (path: string, href: string): boolean => (href === '/' ? path === '/' || path.startsWith('/videos') : path === href);
