// Asks the question that an address brings without an answer: once, when the view is opened.
import { useEffect, useRef } from 'react';
import { useQueryNumber, useQueryValue } from '../address/address';
import { askVideo } from './ask';

export function useLinkedQuestion(videoId: string): void {
  const [query, answered] = [useQueryValue('q').trim(), useQueryValue('m') !== ''];
  const [from, to] = [useQueryNumber('from'), useQueryNumber('to')];
  const looked = useRef('');
  useEffect(() => {
    if (looked.current === videoId) return;
    looked.current = videoId;
    const range = from !== undefined && to !== undefined && to > from ? { start_time: from, end_time: to } : {};
    if (query !== '' && !answered) void askVideo(videoId, query, range);
    // what is asked from here on is asked by the box
  }, [videoId]);
}
