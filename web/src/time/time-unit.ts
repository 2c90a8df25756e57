// The one switch for how all times are written.
import { createKeptStore, useStore } from '../store/store';
import { TIME_UNITS, type TimeUnit } from './time-format';

const unit = createKeptStore<TimeUnit>('time-unit', 'seconds');

export const useTimeUnit = (): TimeUnit => useStore(unit);

export const nextTimeUnit = (): void => unit.set((now) => TIME_UNITS[(TIME_UNITS.indexOf(now) + 1) % TIME_UNITS.length] ?? 'seconds');
