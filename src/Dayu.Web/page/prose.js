import { h } from './dom.js';
import { codeBlock } from './code.js';

const fence = /^ {0,3}```/;
const heading = /^(#{1,6}) +(.*)$/;
const item = /^(\s*)([-*+•]|\d{1,9}[.)])\s+(.*)$/;
const rule = /^\s*([-*_])(\s*\1){2,}\s*$/;

/**
 * A model's text as it grows: paragraphs, headings, lists, code; whatever else it is, it stays the text it is. A block
 * that has ended is drawn once and never touched again: only the last, open one is drawn anew.
 */
export class Prose {
  #open = '';                                                         // text of the open block
  #drawn = [];                                                        // its elements

  constructor(element) { this.element = element; }

  /** More text, whole characters, wherever it was cut. */
  grow(text) {
    if (!text) return;
    this.#open += text;
    for (let end; (end = blockEnd(this.#open)) > 0; this.#open = this.#open.slice(end)) {
      this.#draw(this.#open.slice(0, end));
      this.#drawn = [];
    }
    this.#draw(this.#open);
  }

  #draw(block) {
    const [first] = this.#drawn;
    const code = codeIn(block);
    if (code && first?.grow) { first.grow(code); return; }            // keeps its scroll position and its button
    const elements = code ? [codeBlock(code)] : blocks(block);
    for (const element of this.#drawn) element.remove();
    this.element.append(...elements);
    this.#drawn = elements;
  }
}

/** Where the first block of a text ends; 0 while it may still go on. */
function blockEnd(text) {
  let at = text.search(/[^\n]/);
  if (at < 0) return 0;
  const inFence = fence.test(lineAt(text, at));
  for (let first = true; ; first = false) {
    const line = lineAt(text, at), next = at + line.length + 1;
    if (!inFence && !first && (line.trim() === '' || fence.test(line)) && (next <= text.length || fence.test(line))) return at;
    if (next > text.length) return 0;
    if (inFence && !first && /^ {0,3}```\s*$/.test(line)) return next;
    if (!inFence && first && (heading.test(line) || rule.test(line))) return next;
    at = next;
  }
}

function lineAt(text, at) {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? text.length : end);
}

/** Of a fenced block its language and its code, though it be without its end; null of another. */
function codeIn(block) {
  const lines = block.replace(/^\n+/, '').split('\n');
  if (!fence.test(lines[0])) return null;
  const closed = lines.findIndex((line, i) => i > 0 && /^ {0,3}```\s*$/.test(line));
  const language = lines[0].trim().slice(3).trim().split(/\s/)[0];
  return { language, text: lines.slice(1, closed < 0 ? undefined : closed).join('\n') };
}

/** A block that is not code: a heading, a rule, or paragraphs and lists in turn. */
function blocks(block) {
  const elements = [];
  let paragraph = [], items = [];
  const flush = () => {
    if (paragraph.length) elements.push(h('p', { dir: 'auto' }, ...inline(paragraph.join('\n').trim())));
    if (items.length) elements.push(...lists(items));
    paragraph = [];
    items = [];
  };
  for (const line of block.split('\n')) {
    const title = heading.exec(line), point = item.exec(line);
    if (line.trim() === '') continue;
    if (title) {
      flush();
      elements.push(h(`h${Math.min(title[1].length + 2, 6)}`, { dir: 'auto' }, ...inline(title[2].replace(/\s#+$/, ''))));
    } else if (rule.test(line)) {
      flush();
      elements.push(h('hr'));
    } else if (point) {
      if (paragraph.length) flush();
      items.push({ indent: point[1].length, number: parseInt(point[2], 10), text: point[3] });
    } else if (items.length && /^\s/.test(line)) items.at(-1).text += `\n${line.trim()}`;
    else {
      if (items.length) flush();
      paragraph.push(line);
    }
  }
  flush();
  return elements;
}

function lists(items) {
  const top = [], open = [];
  for (const { indent, number, text } of items) {
    const ordered = !Number.isNaN(number);
    while (open.length > 1 && indent < open.at(-1).indent) open.pop();
    if (open.length && indent <= open.at(-1).indent + 1 && ordered !== open.at(-1).ordered) open.pop();
    if (!open.length || indent > open.at(-1).indent + 1) {
      const list = h(ordered ? 'ol' : 'ul', ordered && number !== 1 ? { start: number } : {});
      if (open.length && open.length < 6) open.at(-1).list.lastElementChild.append(list); else top.push(list);
      open.push({ indent, ordered, list });
    }
    open.at(-1).list.append(h('li', { dir: 'auto' }, ...inline(text)));
  }
  return top;
}

const spans = /`([^`]+)`|\*\*([^*]+)\*\*|(?<![A-Za-z0-9*])\*(?![\s*])([^*]*[^*\s])\*(?![A-Za-z0-9*])/g;

/** Code, strong and stressed words of a line; a star or a backtick without its like is itself. */
function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(spans)) {
    nodes.push(text.slice(at, match.index));
    const [whole, code, strong, stressed] = match;
    nodes.push(code ? h('code', {}, code) : h(strong ? 'strong' : 'em', {}, ...inline(strong ?? stressed)));
    at = match.index + whole.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter(node => node !== '');
}
