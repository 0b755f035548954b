import { h, icon } from './dom.js';
import { name, say } from './words.js';

/** A button that copies what it is asked for; none where the browser lends no clipboard (plain http to another machine). */
export function copyButton(text) {
  if (!navigator.clipboard) return null;
  const word = say(h('span'), 'copy');
  const button = h('button.quiet', { type: 'button', onclick: copy }, icon('copy'), word);
  async function copy() {
    await navigator.clipboard.writeText(text());
    button.replaceChildren(icon('copied'), say(word, 'copied'));
    setTimeout(() => button.replaceChildren(icon('copy'), say(word, 'copy')), 2000);
  }
  return button;
}

/** Code with its language and a button to copy it; `grow` gives it more text. */
export function codeBlock({ language, text }) {
  const code = h('code', {}, text);
  const shown = h('pre', { tabindex: 0, role: 'region', dir: 'ltr' }, code);
  name(shown, 'code');
  const title = h('span', {}, language);
  const block = h('figure.code', {}, h('figcaption', {}, title, copyButton(() => code.textContent)), shown);
  block.grow = more => {
    title.textContent = more.language;
    if (code.textContent !== more.text) code.textContent = more.text;
  };
  return block;
}
