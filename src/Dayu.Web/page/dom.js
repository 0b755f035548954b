/**
 * An element by tag and classes ('p.note'), attributes and children. A child that is a string becomes a text node:
 * nothing on this page is ever read as markup. Attributes that begin with 'on' are listeners.
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child != null));
  return element;
}

/** The element of an id: those of index.html. */
export const byId = id => document.getElementById(id);

const strokes = {
  again: 'M20 12a8 8 0 1 1-2.6-5.9M20 4v4.5h-4.5',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  copied: 'M5 12.5l4.5 4.5L19 7.5',
  before: 'M14.5 6l-6 6 6 6',
  after: 'M9.5 6l6 6-6 6',
};

/** A small drawing beside a word, or instead of one that is said to screen readers only. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  path.setAttribute('d', strokes[name]);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  return svg;
}

/** Three streams that become one: the sign of this page; it flows while an answer is written. */
export function mark() {
  const sign = byId('mark').cloneNode(true);
  sign.removeAttribute('id');
  return sign;
}
