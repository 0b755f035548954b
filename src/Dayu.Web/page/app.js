import { byId, h } from './dom.js';
import { forGood } from './kept.js';
import { language, name, preferred, say, speak, t } from './words.js';
import { models, Trouble } from './api.js';
import { Talk } from './talk.js';
import { Composer } from './composer.js';
import { clear, notice } from './notice.js';

try {
  await speak(preferred());
} catch (error) {
  document.body.textContent = 'The page did not arrive whole: load it again. 页面没有完整送达，请重新加载。';
  document.documentElement.removeAttribute('data-loading');
  throw error;
}

const picker = byId('model'), status = byId('status'), log = byId('log');

const composer = new Composer({
  send: text => { clear(); talk.ask(text); },
  stop: () => talk.stop(),
});

const talk = new Talk(log, {
  async model() {
    if (!picker.value) await offer();
    if (!picker.value) throw new Trouble('none');
    return picker.value;
  },
  changed,
  ended(answer) {                                                     // read out once, whole, when it is there
    if (answer.end === 'stopped') say(status, 'end.stopped');
    else { delete status.dataset.say; status.textContent = answer.text; }
  },
  failed(trouble, retry, question) {
    status.textContent = '';
    composer.restore(question);
    if (trouble.kind === 'gone') offer().catch(() => {});             // which are there now
    if (trouble.kind === 'long' && talk.turns.length) notice(trouble, fresh, 'fresh');
    else notice(trouble, retry ?? (() => composer.send()));
  },
});

function changed() {
  const empty = talk.turns.length === 0;
  document.body.toggleAttribute('data-empty', empty);
  byId('fresh').hidden = empty;
  byId('back').hidden = !talk.hasBefore;
  log.setAttribute('aria-live', talk.busy ? 'off' : 'polite');
  log.setAttribute('aria-busy', talk.busy);
  if (talk.busy) say(status, 'generating');
  composer.busy(talk.busy);
}

/** Asks the server for its models and offers them; one alone is no choice, and only named. */
async function offer() {
  const ids = await models();
  const chosen = ids.includes(forGood.get('model')) ? forGood.get('model') : ids[0] ?? '';
  picker.replaceChildren(...ids.map(id => h('option', { value: id, selected: id === chosen }, id)));
  picker.hidden = ids.length < 2;
  byId('only').textContent = ids.length === 1 ? ids[0] : '';
  if (!ids.length) throw new Trouble('none');
  about();
}

function about() {
  if (picker.value) say(byId('about'), 'about', { model: picker.value });
}

async function begin() {
  try {
    await offer();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    notice(error, begin);
  }
}

const themes = ['system', 'light', 'dark'];

function theme(chosen) {
  forGood.set('theme', chosen === 'system' ? null : chosen);
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  byId('theme').dataset.now = chosen;
  name(byId('theme'), `theme.${chosen}`);
}

byId('theme').addEventListener('click', event => {
  const { now } = event.currentTarget.dataset;
  theme(themes[(themes.indexOf(now) + 1) % themes.length]);
});

async function otherLanguage() {
  const next = language() === 'en' ? 'zh-Hans' : 'en';
  try {
    await speak(next);
    forGood.set('language', next);
  } catch {
    notice(new Trouble('away'), otherLanguage);
  }
}

byId('language').addEventListener('click', otherLanguage);
function fresh() {
  clear();
  talk.fresh();
  composer.focus();
}

byId('fresh').addEventListener('click', fresh);
byId('back').addEventListener('click', () => { talk.back(); composer.focus(); });
log.addEventListener('click', event => { if (event.target.closest('.last')) composer.focus(); });
picker.addEventListener('change', () => { forGood.set('model', picker.value); about(); });
for (const starter of document.querySelectorAll('.starter')) {
  starter.addEventListener('click', () => { clear(); talk.ask(t(starter.dataset.say)); composer.focus(); });
}

theme(themes.includes(document.documentElement.dataset.theme) ? document.documentElement.dataset.theme : 'system');
talk.restore();
changed();
document.documentElement.removeAttribute('data-loading');
composer.focus();
await begin();
