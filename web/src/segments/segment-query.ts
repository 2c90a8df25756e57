// Which segments are looked at: the filter is in the address, and counts when its writer rests.
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryValue } from '../address/address';
import type { SegmentQuery } from '../api/segments';

const TYPING_MS = 250;

export const useSegmentFilter = () => ({ type: useQueryValue('type'), text: useQueryValue('text'), least: Number(useQueryValue('least')) || 0 });

export function useSegmentQuery(videoId: string, taskId: string | undefined): SegmentQuery {
  const { type, text, least } = useSegmentFilter();
  const [rested] = useDebouncedValue(`${least} ${text}`, TYPING_MS);
  const [leastRested = '', ...words] = rested.split(' ');
  return { videoId, taskId, type, text: words.join(' '), least: Number(leastRested) };
}
