// How sure something is, as it is written everywhere.

/** `0.934` is `93 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
