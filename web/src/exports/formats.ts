// The files that findings can be taken away as.
export const FILES = [
  { format: 'edl', name: 'EDL', for: 'Avid, Resolve, Premiere' },
  { format: 'fcpxml', name: 'FCPXML', for: 'Final Cut Pro' },
  { format: 'otio', name: 'OTIO', for: 'OpenTimelineIO' },
  { format: 'vtt', name: 'WebVTT', for: 'players' },
  { format: 'srt', name: 'SRT', for: 'subtitles' },
  { format: 'csv', name: 'CSV', for: 'spreadsheets' },
  { format: 'jsonl', name: 'JSON lines', for: 'programs' },
] as const;

export type FileFormat = (typeof FILES)[number]['format'];
