// Sends a file as one multipart request, with progress.
import { ApiProblem, unreachable } from '../api/problem';
import type { Problem, Video } from '../api/resources';
import type { Uploader, UploadOptions } from './uploader';

export const multipartUploader: Uploader = {
  survivesReload: false,
  send: (file, { onProgress, signal }: UploadOptions) =>
    new Promise<Video>((resolve, reject) => {
      const form = new FormData();
      form.append('file', file, file.name);
      // fetch tells nothing of what has been sent
      const request = new XMLHttpRequest();
      request.open('POST', '/v1/videos');
      request.responseType = 'json';
      request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
      request.addEventListener('load', () => {
        if (request.status === 201) resolve(request.response as Video);
        else reject(problemOf(request));
      });
      request.addEventListener('error', () => reject(unreachable()));
      request.addEventListener('abort', () => reject(new DOMException('canceled', 'AbortError')));
      signal.addEventListener('abort', () => request.abort(), { once: true });
      request.send(form);
    }),
};

function problemOf({ status, response }: XMLHttpRequest): ApiProblem {
  const problem = (response ?? {}) as Partial<Problem>;
  return new ApiProblem(status, problem.code ?? `http.${status}`, problem.detail ?? `The service answered ${status}.`);
}
