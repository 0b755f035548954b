import { forGood } from './kept.js';

/** The languages there are: the code that a document's lang has, and the file of its words. */
const files = { en: './words/en.json', 'zh-Hans': './words/zh.json' };

let words = {};
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');

/** The language of the page now. */
export const language = () => document.documentElement.lang;

/** What to begin with: what was chosen before, else the first language of the browser that there are words in. */
export function preferred(browser = navigator.languages) {
  const chosen = forGood.get('language');
  if (files[chosen]) return chosen;
  for (const tag of browser) {
    if (/^zh\b/i.test(tag)) return 'zh-Hans';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/**
 * A text by its key. `{name}` in it is replaced by args.name, numbers in the language's own writing; with a number `n`
 * the key is `key.one` or `key.other`, as the language counts.
 */
export function t(key, args = {}) {
  const counted = typeof args.n === 'number' ? `${key}.${plurals.select(args.n) === 'one' ? 'one' : 'other'}` : key;
  const text = words[counted] ?? words[key];
  if (text === undefined) throw new Error(`no words for ${key} in ${language()}`);
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof args[name] === 'number' ? numbers.format(args[name]) : args[name]);
}

/** Says a text in an element, and says it anew when the language changes. */
export function say(element, key, args) {
  element.dataset.say = key;
  if (args) element.dataset.args = JSON.stringify(args); else delete element.dataset.args;
  element.textContent = t(key, args);
  return element;
}

/** Gives an element a name for screen readers and the mouse, likewise. */
export function name(element, key, args) {
  element.dataset.name = key;
  if (args) element.dataset.nameArgs = JSON.stringify(args); else delete element.dataset.nameArgs;
  const text = t(key, args);
  element.setAttribute('aria-label', text);
  if (element.matches('button')) element.title = text;
  return element;
}

/** Takes the words of a language and says everything on the page in it. */
export async function speak(code) {
  const answer = await fetch(new URL(files[code], import.meta.url));
  if (!answer.ok) throw new Error(`${files[code]}: ${answer.status}`);
  words = await answer.json();
  plurals = new Intl.PluralRules(code);
  numbers = new Intl.NumberFormat(code, { maximumFractionDigits: 1 });
  document.documentElement.lang = code;
  document.title = t('title');
  const parsed = text => (text ? JSON.parse(text) : undefined);
  for (const e of document.querySelectorAll('[data-say]')) say(e, e.dataset.say, parsed(e.dataset.args));
  for (const e of document.querySelectorAll('[data-name]')) name(e, e.dataset.name, parsed(e.dataset.nameArgs));
  for (const e of document.querySelectorAll('[data-placeholder]')) e.placeholder = t(e.dataset.placeholder);
}

/** The language that a text seems to be written in, by its characters; empty where they do not tell. */
export function languageOf(text) {
  if (/[\u3040-\u30ff]/.test(text)) return 'ja';
  if (/[\uac00-\ud7af]/.test(text)) return 'ko';
  if (/\p{Script=Han}/u.test(text)) return 'zh-Hans';
  return /^[\p{ASCII}\p{P}\p{S}\s]*$/u.test(text) && /[a-z]/i.test(text) ? 'en' : '';
}
