// Vercel's AI SDK against a server: node ai.mjs BASE_URL KEY TASK; prints what it made of the answers as JSON.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateText, streamText } from 'ai';

const [base, key, task] = process.argv.slice(2);
const at = apiKey => createOpenAICompatible({ name: 'dayu', baseURL: base, apiKey, includeUsage: true });
const model = at(key).chatModel('scripted');
const quiet = { maxRetries: 0, temperature: 0, onError() {} };

async function fails(request) {
  try {
    await request;
    return null;
  } catch (error) {
    return { name: error.name, status: error.statusCode ?? null, message: error.message };
  }
}

async function streamed(call) {
  let text = '', reasoning = '';
  for await (const part of call.fullStream) {
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'reasoning-delta') reasoning += part.text;
  }
  return { text, reasoning, finish: await call.finishReason, usage: await call.usage };
}

const tasks = {
  async chat() {
    const { text, reasoningText, finishReason, usage } = await generateText({ ...quiet, model, prompt: 'ask' });
    return {
      whole: { text, reasoning: reasoningText, finish: finishReason, usage },
      streamed: await streamed(streamText({ ...quiet, model, prompt: 'ask' })),
    };
  },

  async completions() {
    const completion = at(key).completionModel('scripted');
    const { text, finishReason } = await generateText({ ...quiet, model: completion, prompt: 'ask' });
    return { text, finish: finishReason, streamed: await streamed(streamText({ ...quiet, model: completion, prompt: 'ask' })) };
  },

  async embeddings() {
    const { embeddings, usage } = await embedMany({ maxRetries: 0, model: at(key).embeddingModel('scripted'), values: ['ab', 'c'] });
    return { embeddings, usage };
  },

  async errors() {
    return {
      key: await fails(generateText({ ...quiet, model: at('wrong').chatModel('scripted'), prompt: 'ask' })),
      model: await fails(generateText({ ...quiet, model: at(key).chatModel('other'), prompt: 'ask' })),
    };
  },

  async cancel() {
    const stop = new AbortController();
    let pieces = 0;
    for await (const part of streamText({ ...quiet, model, prompt: 'ask', abortSignal: stop.signal }).fullStream) {
      if (part.type === 'text-delta' && ++pieces === 3) stop.abort();
    }
    return { pieces };
  },
};

console.log(JSON.stringify(await tasks[task]()));
