// How tools are told to the model, and how their calls and answers stand in a conversation: the format of the Qwen2.5 chat template.
import { writtenJson } from '../grammar/written-json.js';

/** A call of a function, as the model makes it. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export const CALL_TAGS = ['<tool_call>', '</tool_call>'] as const;
const ANSWER_TAGS = ['<tool_response>', '</tool_response>'] as const;

/** What follows the system message where there are tools; each is an object as its caller wrote it. */
export function toolsSection(tools: readonly object[]): string {
  const signatures = tools.map((tool) => `\n${writtenJson(tool)}`).join('');
  return (
    '\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' +
    `You are provided with function signatures within <tools></tools> XML tags:\n<tools>${signatures}\n</tools>\n\n` +
    'For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n' +
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
  );
}

export const callText = ({ name, arguments: given }: ToolCall): string =>
  `${CALL_TAGS[0]}\n{"name": ${JSON.stringify(name)}, "arguments": ${writtenJson(given)}}\n${CALL_TAGS[1]}`;

/** What stands around the answer of a tool. */
export const [ANSWER_BEGIN, ANSWER_END] = [`${ANSWER_TAGS[0]}\n`, `\n${ANSWER_TAGS[1]}`] as const;

/** A tag that would let the words of a user, or of a tool, pass for a call or an answer. */
export const findToolTag = (text: string): string | undefined => [...CALL_TAGS, ...ANSWER_TAGS].find((tag) => text.includes(tag));

/** The call that stands between two tags; undefined for anything else. */
export function readCall(text: string): ToolCall | undefined {
  try {
    const value = JSON.parse(text) as { name?: unknown; arguments?: unknown } | null;
    const given = value?.arguments ?? {};
    if (typeof value?.name !== 'string' || typeof given !== 'object' || Array.isArray(given)) return undefined;
    return { name: value.name, arguments: given as ToolCall['arguments'] };
  } catch {
    return undefined; // the model wrote something else: it stays what it is, text
  }
}
