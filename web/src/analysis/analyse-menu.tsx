// What an analysis is to look for: all events, or the kinds of a preset; and where kinds are written and analyses compared.
import { Button, Menu } from '@mantine/core';
import { addressWith, navigate } from '../address/address';
import { usePresets } from '../api/presets';
import type { TaskRequest, Video } from '../api/resources';

interface AnalyseMenuProps {
  readonly video: Video;
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly canCompare: boolean;
  readonly onStart: (what: Pick<TaskRequest, 'preset_id'>) => void;
}

export function AnalyseMenu({ video, range, canCompare, onStart }: AnalyseMenuProps) {
  const { data: presets = [] } = usePresets();
  const define = addressWith('/define', new URLSearchParams(), { video: video.id, from: range?.start, to: range?.end });
  const where = range ? 'in the selection' : 'in the video';
  const link = (href: string) => ({ component: 'a' as const, href, onClick: (event: React.MouseEvent) => { event.preventDefault(); navigate(href); } });
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" aria-label="What to look for" px={6}>
          ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        <Menu.Label>Look {where} for</Menu.Label>
        <Menu.Item onClick={() => onStart({})}>All events</Menu.Item>
        {presets.map(({ id, name, segment_definitions: kinds }) => (
          <Menu.Item key={id} onClick={() => onStart({ preset_id: id })}>
            {name} <span className="dim">{kinds.map((kind) => kind.name).join(', ')}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item {...link(define)}>Define kinds of segments…</Menu.Item>
        {canCompare && <Menu.Item {...link(`/videos/${video.id}/compare`)}>Compare two analyses…</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
