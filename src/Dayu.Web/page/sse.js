/**
 * The data of server-sent events, one string an event (https://html.spec.whatwg.org/multipage/server-sent-events.html),
 * from a body whose bytes come cut anywhere: within a line, within a line's end, within a character. An event that the
 * end of the body cuts off is left out.
 */
export async function* events(body) {
  const reader = body.getReader(), decoder = new TextDecoder('utf-8');
  let rest = '', data = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?=[^\n])/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data.length) yield data.join('\n');
          data = [];
        } else if (line === 'data' || line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      }
    }
  } finally {
    reader.cancel().catch(() => {});                                  // who stops reading lets the server know
  }
}
