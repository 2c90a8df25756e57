export const documentFile: string;
export const typesFiles: string[];
export function apiTexts(): Promise<{ document: string; types: string }>;
