// How long an answer is where the caller sets no length.
export const USUAL_NEW_TOKENS = 1024;
