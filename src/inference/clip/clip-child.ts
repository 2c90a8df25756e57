// Entry point of the CLIP child: holds the pair, answers one request at a time, and leaves when its parent does.
import { toWire } from '../protocol.js';
import { ClipModel } from './clip-model.js';
import { type ClipSettings, type FromClip, type ToClip } from './clip-protocol.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as ClipSettings;
process.title = 'secondsight clip';

let model: ClipModel | undefined;
let turn: Promise<void> = Promise.resolve();

async function perform(message: ToClip): Promise<string | readonly Float32Array[]> {
  model ??= await ClipModel.load(settings.directory, settings.threads);
  switch (message.type) {
    case 'name':
      return model.folder.name;
    case 'texts':
      return model.texts(message.texts);
    case 'pictures':
      return model.pictures(message.pictures);
  }
}

async function serve(message: ToClip): Promise<void> {
  const { id } = message;
  try {
    reply({ type: 'result', id, value: await perform(message) });
  } catch (error) {
    reply({ type: 'error', id, error: toWire(error) });
  }
}

function reply(message: FromClip): void {
  // Without a callback, a parent that is gone would throw here before its end is heard of.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

process.on('message', (message: ToClip) => {
  turn = turn.then(() => serve(message));
});

// The parent decides when this process ends, also when a terminal or a service manager signals the whole group.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
