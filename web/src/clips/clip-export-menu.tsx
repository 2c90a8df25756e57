// Takes the clip list away as a file.
import { Button, Menu } from '@mantine/core';
import { FILES, type FileFormat } from '../exports/formats';
import { showFailure } from '../shell/toasts';
import { exportClips } from './export-clips';
import type { Clip } from './clip-list';

export function ClipExportMenu({ clips }: { readonly clips: readonly Clip[] }) {
  const take = (format: FileFormat): void => void exportClips(clips, format).catch(showFailure);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-xs" variant="default">
          Export ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map(({ format, name, for: reader }) => (
          <Menu.Item key={format} onClick={() => take(format)} rightSection={<span className="dim">{reader}</span>}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
