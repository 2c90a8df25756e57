// Puts a text where it can be pasted from, and says so.
import { showFailure, showToast } from './toasts';

/** `what` is said to have been copied; by default the text itself. */
export function copy(text: string, what = text): void {
  if (!window.isSecureContext) showToast({ text: `Browsers copy from pages over HTTPS only: ${text}`, seconds: 12 });
  else void navigator.clipboard.writeText(text).then(() => showToast({ text: `Copied ${what}` }), showFailure);
}
