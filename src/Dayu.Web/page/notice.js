import { byId, h } from './dom.js';
import { forTheTab } from './kept.js';
import { say } from './words.js';

const place = byId('notice');

/** Takes the notice away. */
export function clear() { place.replaceChildren(); }

/**
 * Says what went wrong, what the server itself said of it, and what to do: try again, or, where the server wants a key,
 * give it one. The key is kept as long as the tab.
 */
export function notice(trouble, retry, word = 'retry') {
  const key = trouble.kind === 'busy' && trouble.seconds ? 'trouble.busyFor' : `trouble.${trouble.kind}`;
  const again = () => { clear(); retry(); };
  const told = h('div', {}, say(h('p'), key, trouble.seconds ? { n: trouble.seconds } : undefined));
  if (trouble.said) told.append(h('p.said', { dir: 'auto' }, trouble.said));
  const close = say(h('button.quiet', { type: 'button', onclick: clear }), 'close');
  const action = trouble.kind === 'key' ? keyForm(again) : say(h('button.firm', { type: 'button', onclick: again }), word);
  place.replaceChildren(h('div.notice', { role: 'alert' }, told, h('div.actions', {}, action, close)));
}

function keyForm(again) {
  const input = h('input', { type: 'password', id: 'key', autocomplete: 'off', required: true });
  return h('form', {
    onsubmit: event => {
      event.preventDefault();
      forTheTab.set('key', input.value.trim());
      again();
    },
  }, say(h('label', { for: 'key' }), 'key'), input, say(h('button.firm', { type: 'submit' }), 'retry'));
}
