import { answer as written, Trouble } from './api.js';
import { forTheTab } from './kept.js';
import { TurnView } from './turn.js';
import { toEnd } from './scroll.js';

/**
 * The conversation: turns of one question and one or several answers, { ask, answers: [{ text, reasoning, end, said,
 * tokens, seconds }], shown }. It lasts as long as its tab, reloads included.
 */
export class Talk {
  #log; #hooks; #views = []; #before = null; #stop = null;
  turns = [];

  /** hooks: model() says whom to ask; changed() after any change; ended(answer); failed(trouble, retry, question). */
  constructor(log, hooks) {
    this.#log = log;
    this.#hooks = hooks;
    addEventListener('pagehide', () => {
      this.stop();
      this.#keep();
    });
  }

  get busy() { return this.#stop !== null; }

  /** There was a conversation before this one, which can be had back. */
  get hasBefore() { return this.#before !== null; }

  /** Shows the conversation that the tab still has. */
  restore() {
    const turns = forTheTab.get('turns');
    if (!Array.isArray(turns)) return;
    for (const answer of turns.flatMap(turn => turn.answers)) answer.end ??= 'stopped';
    this.#show(turns.filter(turn => turn.answers.length));
  }

  /** Asks a question. */
  ask(text) {
    const turn = { ask: text, answers: [], shown: 0 };
    this.#add(turn);
    return this.#write(turn);
  }

  /** Asks the last question once more; the answers it has stay. */
  again() {
    const turn = this.turns.at(-1);
    if (turn && !this.busy) return this.#write(turn);
  }

  /** Stops the answer that is being written; what there is of it stays. */
  stop() { this.#stop?.abort(); }

  /** A new conversation; the old one is kept aside until another takes its place. */
  fresh() {
    if (!this.turns.length) return;
    this.stop();
    this.#before = this.turns;
    this.#show([]);
  }

  /** The conversation before this one. */
  back() {
    if (!this.#before) return;
    const turns = this.#before;
    this.#before = null;
    this.#show(turns);
    toEnd();
  }

  #show(turns) {
    this.turns = [];
    this.#views = [];
    this.#log.replaceChildren();
    for (const turn of turns) this.#add(turn);
    this.#keep();
    this.#hooks.changed();
  }

  #add(turn) {
    const view = new TurnView(turn, { again: () => this.again(), choose: i => this.#choose(turn, i) });
    this.turns.push(turn);
    this.#views.push(view);
    this.#log.append(view.element);
  }

  #choose(turn, index) {
    if (this.busy) return;
    turn.shown = index;
    this.#views[this.turns.indexOf(turn)].show();
    this.#keep();
    this.#hooks.changed();
  }

  #messages(turn) {
    const said = this.turns.slice(0, this.turns.indexOf(turn)).filter(t => t.answers[t.shown].text);
    return [
      ...said.flatMap(t => [
        { role: 'user', content: t.ask },
        { role: 'assistant', content: t.answers[t.shown].text },
      ]),
      { role: 'user', content: turn.ask },
    ];
  }

  async #write(turn) {
    const view = this.#views[this.turns.indexOf(turn)];
    const answer = { text: '', reasoning: '', end: null, said: '' };
    const stop = this.#stop = new AbortController();
    const before = turn.shown;
    turn.shown = turn.answers.push(answer) - 1;
    view.show();
    this.#hooks.changed();
    toEnd();
    let trouble = null;
    try {
      await this.#listen(turn, answer, view, stop.signal);
      answer.end ??= 'stop';
    } catch (error) {
      if (error.name === 'AbortError') answer.end = 'stopped';
      else if (error instanceof Trouble) trouble = error;
      else throw error;
    } finally {
      if (this.#stop === stop) this.#stop = null;
      if (trouble && !answer.text && !answer.reasoning) this.#unask(turn, before, view, trouble);
      else {
        if (trouble) Object.assign(answer, { end: trouble.kind === 'cut' || !trouble.said ? 'cut' : 'failed', said: trouble.said });
        answer.end ??= 'cut';
        view.ended();
        if (this.turns.includes(turn)) this.#hooks.ended(answer);
      }
      this.#keep();
      this.#hooks.changed();
    }
  }

  async #listen(turn, answer, view, signal) {
    const model = await this.#hooks.model();
    let first = 0;
    for await (const piece of written(model, this.#messages(turn), signal)) {
      if (piece.text || piece.reasoning) first ||= performance.now();
      answer.text += piece.text ?? '';
      answer.reasoning += piece.reasoning ?? '';
      if (piece.finish) {
        answer.finish = piece.finish;
        answer.seconds = (performance.now() - first) / 1000;
      }
      if (piece.tokens) answer.tokens = piece.tokens;
      view.grown();
    }
    answer.end = answer.finish ?? 'stop';
  }

  /** Nothing came: the question was not asked, and goes back to the box. */
  #unask(turn, before, view, trouble) {
    turn.answers.pop();
    turn.shown = before;
    if (turn.answers.length) {
      view.show();
      this.#hooks.failed(trouble, () => this.again(), '');
      return;
    }
    const index = this.turns.indexOf(turn);
    if (index >= 0) {
      this.turns.splice(index, 1);
      this.#views.splice(index, 1);
    }
    view.element.remove();
    this.#hooks.failed(trouble, null, turn.ask);
  }

  #keep() {
    forTheTab.set('turns', this.turns.length ? this.turns : null);
  }
}
