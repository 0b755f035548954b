import { byId } from './dom.js';
import { forTheTab } from './kept.js';
import { name } from './words.js';

/**
 * Whether a key press belongs to an input method that is composing (Chinese, Japanese, Korean): its Enter takes a word
 * and sends nothing. Safari ends the composition before the key is told, and then says 229.
 */
export const composing = event => event.isComposing || event.keyCode === 229;

/** The box that questions are written in. What is in it outlives a reload; it is emptied by sending only. */
export class Composer {
  #box = byId('box'); #button = byId('send'); #busy = false;

  /** hooks: send(text), stop(). */
  constructor({ send, stop }) {
    const go = () => {
      if (this.#busy) return;
      const text = this.#box.value.trim();
      if (text) { this.#set(''); send(text); }
    };
    this.#box.addEventListener('input', () => this.#changed());
    this.#box.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || composing(event)) return;
      event.preventDefault();
      go();
    });
    this.#button.addEventListener('click', () => {
      if (this.#busy) stop(); else go();
      this.focus();
    });
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.#busy && !composing(event)) stop();
    });
    this.#set(forTheTab.get('draft') ?? '');
  }

  /** While an answer is written the button stops it. */
  busy(on) {
    this.#busy = on;
    this.#button.toggleAttribute('data-stops', on);
    name(this.#button, on ? 'stop' : 'send');
    this.#changed();
  }

  /** A question that could not be asked comes back, before what was written since. */
  restore(text) { this.#set([text, this.#box.value].filter(Boolean).join('\n\n')); }

  /** What stands in the box is sent. */
  send() { if (!this.#busy) this.#button.click(); }

  /** Where there is no keyboard, the focus would bring one up over half the page. */
  focus() { if (matchMedia('(pointer: fine)').matches) this.#box.focus({ preventScroll: true }); }

  #set(text) {
    this.#box.value = text;
    this.#changed();
  }

  #changed() {
    forTheTab.set('draft', this.#box.value);
    this.#button.disabled = !this.#busy && !this.#box.value.trim();
    if (CSS.supports('field-sizing', 'content')) return;
    this.#box.style.height = 'auto';
    this.#box.style.height = `${this.#box.scrollHeight}px`;
  }
}
