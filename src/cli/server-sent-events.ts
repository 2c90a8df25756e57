// Reads a stream of server-sent events.

/** Each event as it arrives; a connection that breaks ends them. */
export async function* serverSentEvents(response: Response): AsyncGenerator<{ type: string; data: string }> {
  let text = '';
  for await (const chunk of untilBroken(response.body?.pipeThrough(new TextDecoderStream()) ?? [])) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const field = (name: string): string[] =>
        event.split('\n').flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : []));
      const data = field('data');
      if (data.length > 0) yield { type: field('event')[0] ?? 'message', data: data.join('\n') };
    }
  }
}

async function* untilBroken(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  try {
    yield* chunks;
  } catch {
    return; // whoever reads asks the API how things stand
  }
}
