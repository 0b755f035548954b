// OpenAI's own client against a server: node openai.mjs BASE_URL KEY TASK; prints what it made of the answers as JSON.
import OpenAI from 'openai';

const [base, key, task] = process.argv.slice(2);
const client = new OpenAI({ baseURL: base, apiKey: key, maxRetries: 0 });
const model = 'scripted';
const chat = { model, messages: [{ role: 'user', content: 'ask' }], temperature: 0 };

async function fails(request) {
  try {
    await request;
    return null;
  } catch (error) {
    return { class: error.constructor.name, status: error.status ?? null, code: error.code ?? null, message: error.message };
  }
}

const tasks = {
  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { ids, one: (await client.models.retrieve(model)).id };
  },

  async chat() {
    const asked = { ...chat, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(asked);
    const streamed = { ids: new Set(), content: '', reasoning: '', finishes: [], probs: [], usage: null, chunks: 0 };
    const stream = await client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } });
    for await (const chunk of stream) {
      streamed.ids.add(chunk.id);
      streamed.chunks++;
      if (chunk.usage) streamed.usage = chunk.usage;
      for (const { delta, finish_reason: finish, logprobs } of chunk.choices) {
        streamed.content += delta.content ?? '';
        streamed.reasoning += delta.reasoning_content ?? '';
        if (finish) streamed.finishes.push(finish);
        streamed.probs.push(...(logprobs?.content ?? []));
      }
    }
    const helper = await client.chat.completions.stream(asked).finalChatCompletion();
    return { whole, streamed: { ...streamed, ids: streamed.ids.size }, helper: helper.choices[0].message.content };
  },

  async completions() {
    const asked = { model, prompt: 'asks', temperature: 0, max_tokens: 20, logprobs: 2 };
    const whole = await client.completions.create(asked);
    let streamed = '';
    for await (const chunk of await client.completions.create({ ...asked, stream: true })) streamed += chunk.choices[0]?.text ?? '';
    const echoed = await client.completions.create({ ...asked, echo: true, max_tokens: 1 });
    return { whole, streamed, echoed };
  },

  async embeddings() {
    const input = ['ab', 'c'];
    const base64 = await client.embeddings.create({ model, input });  // asks for base64 by itself, and reads it
    const float = await client.embeddings.create({ model, input, encoding_format: 'float' });
    return { base64: base64.data.map(d => d.embedding), float: float.data.map(d => d.embedding), usage: float.usage };
  },

  async errors() {
    const wrong = new OpenAI({ baseURL: base, apiKey: 'wrong', maxRetries: 0 });
    return {
      key: await fails(wrong.chat.completions.create(chat)),
      model: await fails(client.chat.completions.create({ ...chat, model: 'other' })),
      field: await fails(client.chat.completions.create({ ...chat, temperature: 'hot' })),
    };
  },

  async cancel() {
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    let pieces = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content && ++pieces === 3) stream.controller.abort();
    }
    return { pieces };
  },
};

console.log(JSON.stringify(await tasks[task]()));
