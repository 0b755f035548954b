import { h, icon, mark } from './dom.js';
import { languageOf, name, say } from './words.js';
import { copyButton } from './code.js';
import { Prose } from './prose.js';
import { grown } from './scroll.js';

/** What is said of an answer that did not end by itself. */
const endings = { length: 'end.length', content_filter: 'end.filter', stopped: 'end.stopped', cut: 'end.cut', failed: 'end.failed' };

const round = speed => (speed < 10 ? speed : Math.round(speed));

/**
 * One question and its answer on the page. The answer is drawn at most once a frame, however fast it comes; several
 * answers to the same question stand behind each other.
 */
export class TurnView {
  #turn;
  #actions;
  #frame = 0;
  #drawn = { text: 0, reasoning: 0 };
  #text; #thoughts; #summary; #details; #foot;

  /** actions: again() asks once more, choose(index) shows another of the answers. */
  constructor(turn, actions) {
    this.#turn = turn;
    this.#actions = actions;
    this.answer = h('div.answer');
    this.element = h('article.turn', {},
      say(h('h2.unseen'), 'you'),
      h('p.question', { dir: 'auto', lang: languageOf(turn.ask) || null }, turn.ask),
      say(h('h2.unseen'), 'it'),
      this.answer);
    this.show();
  }

  get #shown() { return this.#turn.answers[this.#turn.shown]; }

  /** The chosen answer from its beginning. */
  show() {
    this.#drawn = { text: 0, reasoning: 0 };
    this.#text = new Prose(h('div.prose'));
    this.#thoughts = new Prose(h('div.prose'));
    this.#summary = say(h('summary'), 'thinking');
    this.#details = h('details.thoughts', { hidden: true }, this.#summary, this.#thoughts.element);
    this.#foot = h('footer', { hidden: true });
    this.answer.replaceChildren(h('span.sign', {}, mark()), this.#details, this.#text.element, this.#foot);
    this.#draw();
    if (this.#shown?.end) this.#ending();
  }

  /** There is more of the answer: it is drawn with the next frame. */
  grown() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** The answer has ended: what is left of it is drawn now, and what can be done with it. */
  ended() {
    this.#draw();
    this.#ending();
    grown();
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const answer = this.#shown;
    this.element.toggleAttribute('data-busy', !!answer && !answer.end);
    if (!answer) return;
    this.#thoughts.grow(answer.reasoning.slice(this.#drawn.reasoning));
    this.#text.grow(answer.text.slice(this.#drawn.text));
    this.#drawn = { text: answer.text.length, reasoning: answer.reasoning.length };
    this.#details.hidden = !answer.reasoning;
    const word = answer.text || answer.end ? 'thoughts' : 'thinking';
    if (this.#summary.dataset.say !== word) say(this.#summary, word);
    const language = languageOf(answer.text);
    if (language && this.#text.element.lang !== language) this.#text.element.lang = language;
    grown();
  }

  #ending() {
    const answer = this.#shown, { answers, shown } = this.#turn;
    const again = h('button.quiet.last', { type: 'button', onclick: this.#actions.again }, icon('again'), say(h('span'), 'again'));
    this.#foot.replaceChildren();
    if (endings[answer.end]) {
      const key = answer.end === 'stopped' && !answer.text ? 'end.unsaid' : endings[answer.end];
      this.#foot.append(say(h('p.ending'), key, { said: answer.said ?? '' }));
    }
    this.#foot.append(again);
    if (answer.text) this.#foot.append(...[copyButton(() => answer.text)].filter(Boolean));
    if (answers.length > 1) this.#foot.append(this.#siblings(answers.length, shown));
    if (answer.tokens) this.#foot.append(this.#measure(answer));
    this.#foot.hidden = false;
  }

  #measure({ tokens, seconds }) {
    const words = [say(h('span'), 'tokens', { n: tokens })];
    if (seconds > 0 && tokens > 1) words.push(' · ', say(h('span'), 'speed', { speed: round((tokens - 1) / seconds) }));
    return h('span.measure', {}, ...words);
  }

  #siblings(count, shown) {
    const step = (by, key, sign) => name(h('button.quiet', {
      type: 'button', disabled: shown + by < 0 || shown + by >= count, onclick: () => this.#actions.choose(shown + by),
    }, icon(sign)), key);
    return h('span.siblings.last', {},
      step(-1, 'before', 'before'), say(h('span'), 'sibling', { i: shown + 1, count }), step(1, 'after', 'after'));
  }
}
