// Jobs of the chat domain.
import { defineJob } from '../platform/queue/queue.js';

/** Put a conversation to the model. Id: a chat completion. */
export const answerChat = defineJob({ name: 'answer-chat', role: 'model' });
