// Takes findings away as a file.
import { Button, Menu } from '@mantine/core';
import { FILES, type FileFormat } from './formats';

interface ExportMenuProps {
  readonly label: string;
  readonly hrefOf: (format: FileFormat) => string;
}

export function ExportMenu({ label, hrefOf }: ExportMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-xs" variant="default" aria-label={label}>
          Export ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map(({ format, name, for: reader }) => (
          <Menu.Item key={format} component="a" href={hrefOf(format)} download rightSection={<span className="dim">{reader}</span>}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
