// Play, time, keys, speed, sound.
import { ActionIcon, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Video } from '../api/resources';
import { MutedIcon, PauseIcon, PlayIcon, VolumeIcon } from '../shell/icons';
import { formatTime } from '../time/time-format';
import { nextTimeUnit, useTimeUnit } from '../time/time-unit';
import { markIn, markOut, useSelection } from '../timeline/use-selection';
import { decimal } from '../numbers/decimal';
import styles from './player-controls.module.css';
import { useAtTime, usePlayer, usePlayerState } from './use-player';

const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4];

export function PlayerControls({ video, children }: { readonly video: Video; readonly children: ReactNode }) {
  const player = usePlayer();
  const { playing, speed, muted } = usePlayerState();
  const selection = useSelection();
  const button = (name: string, label: string, run: () => void) => (
    <button type="button" className={styles.key} onClick={run} title={label} aria-label={label}>
      {name}
    </button>
  );
  return (
    <div className={styles.bar}>
      <ActionIcon variant="transparent" color="white" aria-label={playing ? 'Pause' : 'Play'} onClick={() => player.toggle()}>
        {playing ? <PauseIcon /> : <PlayIcon />}
      </ActionIcon>
      <TimeDisplay video={video} />
      <span className={styles.space} />
      <div className={styles.keys} role="group" aria-label="Keys of the player">
        {button('J', 'Play backward', () => player.shuttle(-1))}
        {button('K', 'Stop', () => player.pause())}
        {button('L', 'Play forward', () => player.shuttle(1))}
        {button(',', 'One frame back', () => player.step(-1))}
        {button('.', 'One frame forward', () => player.step(1))}
      </div>
      <div className={styles.touch} role="group" aria-label="Frames and range">
        {button('◂', 'One frame back', () => player.step(-1))}
        {button('▸', 'One frame forward', () => player.step(1))}
        {button('In', 'In point here', () => markIn(player.seconds, selection))}
        {button('Out', 'Out point here', () => markOut(player.seconds, selection))}
      </div>
      <Menu position="top-end">
        <Menu.Target>
          <button type="button" className={styles.speed} aria-label={`Speed ${speed}`}>
            {speed}×
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {SPEEDS.map((value) => (
            <Menu.Item key={value} onClick={() => player.setSpeed(value)}>
              {value}×
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {video.has_audio && (
        <ActionIcon variant="transparent" color="white" aria-label={muted ? 'Sound on' : 'Sound off'} onClick={() => player.toggleMuted()}>
          {muted ? <MutedIcon /> : <VolumeIcon />}
        </ActionIcon>
      )}
      {children}
    </div>
  );
}

function TimeDisplay({ video }: { readonly video: Video }) {
  const unit = useTimeUnit();
  const player = usePlayer();
  const now = useAtTime((seconds) => (unit === 'frame' && player.frame ? `#${player.frame.number}` : formatTime(player.frame?.start ?? seconds, unit, video.frame_rate)));
  const rate = video.frame_rate === null ? 'rate unknown' : `${decimal(video.frame_rate, 3, 0)} fps`;
  return (
    <button type="button" className={styles.time} onClick={nextTimeUnit} title="Seconds, timecode, frames (T)">
      <span data-testid="now">{now}</span>
      <span className={styles.rest}>{` / ${formatTime(video.duration, unit, video.frame_rate)} · ${rate}`}</span>
    </button>
  );
}
