// One MCP server, for one caller: the tools, their errors and their progress as the protocol has them.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { type CallToolResult, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../app-error.js';
import { type ApiClient } from '../api-client.js';
import { retryAfterOf } from '../api-connection.js';
import { type AllowedFolders, openAllowed } from './allowed-files.js';
import { analyze, listSegments } from './analysis-tools.js';
import { findMoments, search } from './question-tools.js';
import { type Call, type Tool } from './tool.js';
import { getFrame, listVideos, uploadByPath } from './video-tools.js';

export interface McpServerOptions {
  readonly version: string;
  /** The service, as the caller of this server reaches it. */
  readonly client: () => Promise<ApiClient>;
  readonly folders: AllowedFolders;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const TOOLS = [uploadByPath, listVideos, analyze, listSegments, findMoments, search, getFrame];

const INSTRUCTIONS =
  'Answers when something happens in videos. Bring a video in with upload_by_path, or find its video_id with list_videos; ask find_moments when ' +
  'something happens in it, and check what it says with get_frame. analyze describes everything that happens, for list_segments and search. All ' +
  'times are seconds from the first frame. Errors begin with a code such as video.not_found.';

/** Arguments are small: ids, words, numbers and short lists of them. */
const MOST_ARGUMENTS = 1000;

const PROGRESS_MS = 200;

export function createMcpServer({ version, client, folders }: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'secondsight', version }, { instructions: INSTRUCTIONS, capabilities: { tools: {} }, maxToolInputElements: MOST_ARGUMENTS });
  for (const { name, title, description, input, output, readOnly, run } of TOOLS) {
    const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema: input, outputSchema: output, annotations }, async (given, extra): Promise<CallToolResult> => {
      const ends: ((api: ApiClient) => Promise<unknown>)[] = [];
      let api: ApiClient | undefined;
      try {
        api = await client();
        const call: Call = { api: api.until(extra.signal), signal: extra.signal, open: (path) => openAllowed(path, folders), progress: progressOf(extra), onCancel: (end) => ends.push(end) };
        return present(await run(given, call));
      } catch (error) {
        // a caller that is gone may come back for what it began
        if (extra.signal.aborted && api && server.isConnected()) for (const end of ends) await end(api).catch(() => undefined);
        return failed(error, extra.signal);
      }
    });
  }
  return server;
}

const present = ({ structured, images = [] }: Awaited<ReturnType<Tool['run']>>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structured) }, ...images],
  structuredContent: { ...structured },
});

function failed(error: unknown, { aborted }: AbortSignal): CallToolResult {
  if (error instanceof AppError) {
    const seconds = retryAfterOf(error);
    return problem(`${error.code}: ${error.message}${seconds === undefined ? '' : ` Try again in ${seconds} s.`}`);
  }
  if (aborted) return problem('call.canceled: The call was canceled.');
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return problem('server.internal: Something went wrong in the MCP server; what it wrote on stderr has the details.');
}

const problem = (text: string): CallToolResult => ({ isError: true, content: [{ type: 'text', text }] });

/** Progress must grow, and a caller who did not ask for it is told nothing. */
function progressOf({ _meta, sendNotification }: Extra): Call['progress'] {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let [last, at] = [-1, -Infinity];
  return (done, message, total) => {
    if (done <= last || performance.now() - at < PROGRESS_MS) return;
    [last, at] = [done, performance.now()];
    const params = { progressToken, progress: done, message, ...(total !== undefined && { total }) };
    sendNotification({ method: 'notifications/progress', params }).catch(() => undefined); // the caller is gone
  };
}
