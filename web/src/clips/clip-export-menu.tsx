// Takes the clip list away as a file.
import { Button, Menu } from '@mantine/core';
import { startCut } from '../api/cuts';
import { FILES, type FileFormat } from '../exports/formats';
import { showFailure, showToast } from '../shell/toasts';
import { clipsOf, exportClips } from './export-clips';
import type { Clip } from './clip-list';

export function ClipExportMenu({ clips }: { readonly clips: readonly Clip[] }) {
  const take = (format: FileFormat): void => void exportClips(clips, format).catch(showFailure);
  const cut = (files: 'one' | 'each'): void =>
    void startCut({ clips: clipsOf(clips), files, name: 'Clip list' })
      .then(() => showToast({ text: 'The cut is being made; its file appears below the clips.' }))
      .catch(showFailure);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-xs" variant="default">
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
