// When frames are presented, in stretches around a second.
import { call } from './call';
import type { Frames } from './resources';

const AROUND = 500;

export const framesAround = (videoId: string, seconds: number): Promise<Frames> => call('get', '/v1/videos/{id}/frames', { path: { id: videoId }, query: { t: Number(seconds.toFixed(6)), around: AROUND } });
