export const typesFile: string;
export function apiTypes(): Promise<string>;
