// Front door of the chat domain.
export { type AnswerPiece, type ChatAnswer, ChatCompletion, type MediumReport, type SentObject, type StoredMedium } from './chat-completion.entity.js';
export { chatErrors } from './chat.errors.js';
export { ChatModule } from './chat.module.js';
export { CHAT_BODY_BYTES } from './chat-request.schema.js';
export { CHAT_CHANNEL, ChatState, type ClaimedChat, DUE_CHATS } from './chat-state.js';
export { withOpenAiError } from './openai-error.js';
