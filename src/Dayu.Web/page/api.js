import { events } from './sse.js';
import { forTheTab } from './kept.js';

/** What went wrong, as a kind that there are words for, and what the server itself said. */
export class Trouble extends Error {
  constructor(kind, said = '', seconds = null) {
    super(said || kind);
    Object.assign(this, { kind, said, seconds });
  }
}

const kinds = { 401: 'key', 403: 'key', 404: 'gone', 413: 'long', 429: 'busy', 503: 'busy' };

async function refusal(answer) {
  let error = {};
  try { error = (await answer.json()).error ?? {}; } catch { /* not the API's own words: a proxy's page */ }
  const long = /context|too_long|too_large/.test(error.code ?? '');
  const kind = long ? 'long' : error.code === 'no_memory' ? 'memory'
    : kinds[answer.status] ?? (answer.status >= 500 ? 'failed' : 'refused');
  const wait = Number(answer.headers.get('retry-after'));
  return new Trouble(kind, error.message ?? `HTTP ${answer.status}`, wait > 0 ? wait : null);
}

async function ask(path, options = {}) {
  const key = forTheTab.get('key');
  const headers = { ...options.headers, ...(key ? { authorization: `Bearer ${key}` } : {}) };
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Trouble('away');
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** The models that the server offers: their ids. */
export async function models() {
  const list = await (await ask('v1/models')).json();
  return (list.data ?? []).map(model => model.id);
}

/**
 * An answer as it is written: { text } or { reasoning } piece by piece, { finish } once, { tokens } at last. Throws
 * Trouble; an AbortError where the signal stopped it.
 */
export async function* answer(model, messages, signal) {
  const reply = await ask('v1/chat/completions', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
  });
  let finished = false;
  try {
    for await (const data of events(reply.body)) {
      if (data === '[DONE]') return;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new Trouble('failed', chunk.error.message ?? '');
      const choice = chunk.choices?.[0];
      if (choice?.delta?.reasoning_content) yield { reasoning: choice.delta.reasoning_content };
      if (choice?.delta?.content) yield { text: choice.delta.content };
      if (choice?.finish_reason) {
        finished = true;
        yield { finish: choice.finish_reason };
      }
      if (chunk.usage) yield { tokens: chunk.usage.completion_tokens };
    }
  } catch (error) {
    throw error instanceof Trouble || error.name === 'AbortError' ? error : new Trouble('cut');
  }
  if (!finished) throw new Trouble('cut');
}
