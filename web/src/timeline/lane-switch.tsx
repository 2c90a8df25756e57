// The one lane that a narrow screen has room for, and the choice of another.
import { NativeSelect } from '@mantine/core';
import { changeQuery, useQueryValue } from '../address/address';
import type { Lane } from './lane';

/** What somebody looks for first. */
const FIRST = ['answers', 'event'];

/** The lane that the address names, else the one that says most. */
export function useOneLane(lanes: readonly Lane[]): Lane | undefined {
  const wanted = useQueryValue('lane');
  return [wanted, ...FIRST].flatMap((id) => lanes.find((lane) => lane.id === id) ?? [])[0] ?? lanes[0];
}

export function LaneSwitch({ lanes, shown }: { readonly lanes: readonly Lane[]; readonly shown: Lane | undefined }) {
  const nameOf = ({ name, count, spans }: Lane): string => `${name} · ${(count ?? spans.length).toLocaleString()}`;
  return <NativeSelect size="xs" px={10} py={6} aria-label="Lane" value={shown?.id ?? ''} data={lanes.map((lane) => ({ value: lane.id, label: nameOf(lane) }))} onChange={(event) => changeQuery({ lane: event.currentTarget.value })} />;
}
