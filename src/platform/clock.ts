// What time it is, as an argument: schedules of days are tested in a moment.

/** Injection token of the Clock. */
export const CLOCK = Symbol('Clock');

export type Clock = () => Date;
