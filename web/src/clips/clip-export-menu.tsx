// Takes the clip list away as a file.
import { Button, Menu } from '@mantine/core';
import { startCut } from '../api/cuts';
import { isVideoGone } from '../api/problem';
import { queryClient } from '../api/query-client';
import { videoKey } from '../api/videos';
import { FILES, type FileFormat } from '../exports/formats';
import { showFailure, showToast } from '../shell/toasts';
import { clipsOf, exportClips } from './export-clips';
import type { Clip } from './clip-list';

export function ClipExportMenu({ clips }: { readonly clips: readonly Clip[] }) {
  const take = (format: FileFormat): void => void exportClips(clips, format).catch(failed);
  const cut = (files: 'one' | 'each'): void =>
    void startCut({ clips: clipsOf(clips), files, name: nameOf(clips) })
      .then(() => showToast({ text: 'The cut is being made; its file appears below the clips.' }))
      .catch(failed);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" disabled={clips.length === 0}>
          Export ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => cut('one')} rightSection={<span className="dim">players</span>}>
          MP4
        </Menu.Item>
        {clips.length > 1 && (
          <Menu.Item onClick={() => cut('each')} rightSection={<span className="dim">a file for each</span>}>
            MP4 each
          </Menu.Item>
        )}
        {FILES.map(({ format, name, for: reader }) => (
          <Menu.Item key={format} onClick={() => take(format)} rightSection={<span className="dim">{reader}</span>}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A video that was deleted meanwhile is marked in the list. */
function failed(error: unknown): void {
  if (isVideoGone(error)) void queryClient.invalidateQueries({ queryKey: videoKey });
  showFailure(error);
}

const MOST_LETTERS = 60;

/** Of the file that is made: what its first clip shows. */
function nameOf([first, ...more]: readonly Clip[]): string {
  const said = first?.text.trim() ?? '';
  const name = said === '' ? 'Clip' : said.slice(0, MOST_LETTERS);
  return more.length === 0 ? name : `${name} and ${more.length} more`;
}
