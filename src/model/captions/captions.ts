export const parseCaptions = (_: string) => ({ cues: [], broken: 0 });
