// A finished conversation as OpenAI's chat completion, with what the model saw.
import { documentMarkdown, readDocument } from '../model/documents/document.js';
import { type Box, mapBox, mapPoint, type Point, readPlaces } from '../model/grounding/boxes.js';
import { readAnswer } from '../model/chat/answer-reader.js';
import { type ToolCall } from '../model/qwen2-5-vl/tool-format.js';
import { type AnswerPiece, type ChatAnswer, type ChatCompletion, type MediumReport, type StoredRequest } from './chat-completion.entity.js';
import { type ChatCompletionResource, type ChatExtras, type FinishReason } from './chat-response.schema.js';

export const completionId = (id: string): string => `chatcmpl-${id}`;

export function presentChat({ id, createdAt, model, request }: ChatCompletion, answer: ChatAnswer): ChatCompletionResource {
  const { content, calls } = partsOf(request, answer.pieces);
  return {
    id: completionId(id),
    object: 'chat.completion',
    created: Math.floor(createdAt.getTime() / 1000),
    model,
    system_fingerprint: answer.modelHash,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: calls.length > 0 && content.trim() === '' ? null : content,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls.map((call, k) => presentCall(id, call, k)) }),
        },
        logprobs: request.wishes.logprobs ? presentLogprobs(answer.pieces) : null,
        finish_reason: finishReasonOf(answer, calls.length),
      },
    ],
    usage: usageOf(answer),
    ...extrasOf(request, answer),
  };
}

/** Where no tools were offered nothing is taken for a call. */
const partsOf = ({ question }: StoredRequest, pieces: readonly AnswerPiece[]): { content: string; calls: readonly ToolCall[] } => {
  const text = pieces.map((piece) => piece.text).join('');
  return question.tools.length > 0 ? readAnswer(text) : { content: text, calls: [] };
};

export const presentCall = (id: string, { name, arguments: given }: ToolCall, k: number) => ({
  id: `call_${id.replaceAll('-', '')}_${k}`,
  type: 'function' as const,
  function: { name, arguments: JSON.stringify(given) },
});

export const finishReasonOf = ({ finishReason }: ChatAnswer, calls: number): FinishReason => (calls > 0 && finishReason === 'stop' ? 'tool_calls' : finishReason);

export const presentLogprobs = (pieces: readonly AnswerPiece[]) => ({
  content: pieces.flatMap(({ token }) => {
    if (!token) return [];
    const { text, logprob, bytes, top } = token;
    const alternatives = top.map((each) => ({ token: each.text, logprob: each.logprob, bytes: [...each.bytes] }));
    return [{ token: text, logprob, bytes: [...bytes], top_logprobs: alternatives }];
  }),
});

export function usageOf({ promptTokens, pieces }: ChatAnswer): ChatCompletionResource['usage'] {
  const completionTokens = pieces.filter(({ token }) => token !== undefined).length;
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}

/** What the model saw and, where it was asked for, what its answer means in pixels of the original. */
export function extrasOf({ wishes }: StoredRequest, { pieces, media, warnings = [] }: ChatAnswer): ChatExtras {
  const text = pieces.map((piece) => piece.text).join('');
  return {
    media: media.map((medium) => ({ ...medium })) as ChatExtras['media'],
    ...(wishes.grounding !== undefined && groundingOf(text, media, wishes.grounding)),
    ...(wishes.document && { document: documentOf(text, media) }),
    warnings: [...warnings],
  };
}

function groundingOf(text: string, media: readonly MediumReport[], index: number): Pick<ChatExtras, 'grounding' | 'grounding_unparsed'> {
  const { places, unparsed, truncated } = readPlaces(text);
  const { box, point } = toOriginal(media[index]);
  const grounding = places.map((place) =>
    place.kind === 'box'
      ? { kind: place.kind, label: place.label, bbox_2d: box(place.box), media: index }
      : { kind: place.kind, label: place.label, point_2d: point(place.point), media: index },
  );
  return { grounding, grounding_unparsed: unparsed + (truncated ? 1 : 0) };
}

/** A document is a picture: the first there is. */
function documentOf(text: string, media: readonly MediumReport[]): NonNullable<ChatExtras['document']> {
  const { box } = toOriginal(media.find(({ type }) => type === 'image'));
  const blocks = readDocument(text);
  return {
    blocks: blocks.map((block) => ({
      kind: block.kind,
      ...(block.level !== undefined && { level: block.level }),
      bbox: block.box && box(block.box),
      ...(block.imageBox && { image_bbox: box(block.imageBox) }),
      text: block.text,
      markdown: block.markdown,
    })),
    markdown: documentMarkdown(blocks),
  };
}

function toOriginal(medium: MediumReport | undefined): { box: (box: Box) => number[]; point: (point: Point) => number[] } {
  if (!medium) return { box: (box) => [...box], point: (point) => [...point] };
  const seen = { width: medium.width, height: medium.height };
  const original = { width: medium.original_width, height: medium.original_height };
  return { box: (box) => mapBox(box, seen, original).map(hundredths), point: (point) => mapPoint(point, seen, original).map(hundredths) };
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;
