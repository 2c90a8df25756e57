// The few pictograms of the page, drawn on a grid of 20.
import type { ReactNode } from 'react';

const Icon = ({ children, filled = false }: { children: ReactNode; filled?: boolean }) => (
  <svg viewBox="0 0 20 20" width="18" height="18" fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth={filled ? 0 : 1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
    {children}
  </svg>
);

export const MarkIcon = () => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" aria-hidden="true">
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5l4 2" />
  </svg>
);
export const LibraryIcon = () => <Icon><rect x="3" y="3.5" width="6" height="5.5" rx="1" /><rect x="11" y="3.5" width="6" height="5.5" rx="1" /><rect x="3" y="11" width="6" height="5.5" rx="1" /><rect x="11" y="11" width="6" height="5.5" rx="1" /></Icon>;
export const PictureIcon = () => <Icon><rect x="3" y="4" width="14" height="12" rx="1.6" /><circle cx="7.300" cy="8" r="1.200" /><path d="m4 14.500 4-4 3 3 2.500-2.500 3.500 3.500" /></Icon>;
export const SearchIcon = () => <Icon><circle cx="8.8" cy="8.8" r="5" /><path d="m12.8 12.8 4 4" /></Icon>;
export const ClipsIcon = () => <Icon><path d="M3 5h9M3 10h9M3 15h5" /><path d="m13 12 4 2.5-4 2.5z" /></Icon>;
export const DefineIcon = () => <Icon><path d="M3 6.500h4M11 6.500h6M3 13.500h7M14 13.500h3" /><circle cx="9" cy="6.5" r="2" /><circle cx="12" cy="13.5" r="2" /></Icon>;
export const OperateIcon = () => <Icon><path d="M2.5 10.5h3l2-6 4 11 2-5h4" /></Icon>;
export const SunIcon = () => <Icon><circle cx="10" cy="10" r="3.4" /><path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1" /></Icon>;
export const MoonIcon = () => <Icon><path d="M16 11.8A6.6 6.6 0 1 1 8.2 4a5.4 5.4 0 0 0 7.8 7.8z" /></Icon>;
export const CloseIcon = () => <Icon><path d="m5.5 5.5 9 9m0-9-9 9" /></Icon>;
export const PlayIcon = () => <Icon filled><path d="M6 4.2v11.6a.8.8 0 0 0 1.2.7l9-5.8a.8.8 0 0 0 0-1.4l-9-5.8A.8.8 0 0 0 6 4.2z" /></Icon>;
export const PauseIcon = () => <Icon filled><rect x="5" y="4" width="3.6" height="12" rx="1" /><rect x="11.4" y="4" width="3.6" height="12" rx="1" /></Icon>;
export const UpIcon = () => <Icon><path d="M6.5 17H4V9h2.5zM6.5 9 10 3c1.3 0 2 .9 1.7 2.2L11 8h4.3c.9 0 1.5.8 1.3 1.7l-1.2 5.8c-.2.9-.9 1.5-1.8 1.5H6.5" /></Icon>;
export const DownIcon = () => <Icon><path d="M6.5 3H4v8h2.5zM6.5 11l3.5 6c1.3 0 2-.9 1.7-2.2L11 12h4.3c.9 0 1.5-.8 1.3-1.7l-1.2-5.8C15.2 3.6 14.5 3 13.6 3H6.5" /></Icon>;
export const AddIcon = () => <Icon><path d="M10 4v12M4 10h12" /></Icon>;
export const TrashIcon = () => <Icon><path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6" /></Icon>;
export const GripIcon = () => <Icon filled><circle cx="7.5" cy="5" r="1.4" /><circle cx="12.5" cy="5" r="1.4" /><circle cx="7.5" cy="10" r="1.4" /><circle cx="12.5" cy="10" r="1.4" /><circle cx="7.5" cy="15" r="1.4" /><circle cx="12.5" cy="15" r="1.4" /></Icon>;
export const TableIcon = () => <Icon><path d="M3 5h14M3 10h14M3 15h14" /></Icon>;
export const ArrowUpIcon = () => <Icon><path d="M10 16V4M5.5 8.5 10 4l4.5 4.5" /></Icon>;
export const ArrowDownIcon = () => <Icon><path d="M10 4v12M5.5 11.5 10 16l4.5-4.5" /></Icon>;
export const DownloadIcon = () => <Icon><path d="M10 3v9M6 8.5 10 12.500l4-4M4 16h12" /></Icon>;
export const VolumeIcon = () => <Icon><path d="M4 8v4h2.500L10 15V5L6.5 8zM13 7.500a3.5 3.5 0 0 1 0 5" /></Icon>;
export const MutedIcon = () => <Icon><path d="M4 8v4h2.500L10 15V5L6.5 8zM13 8l4 4m0-4-4 4" /></Icon>;
export const SparkIcon = () => <Icon filled><path d="M10 2.5 11.8 8.2 17.5 10l-5.7 1.8L10 17.500l-1.8-5.7L2.5 10l5.7-1.8z" /></Icon>;
export const LeaveIcon = () => <Icon><path d="M8 4H4v12h4M9 10h8M14 7l3 3-3 3" /></Icon>;
