import { byId } from './dom.js';

/**
 * The page follows a growing answer only while its reader is at the end: whoever scrolls up stays where they are, and
 * is shown a button down. Decided by the position alone.
 */
const page = document.documentElement;
const below = byId('below');
let following = true;
let last = 0;

const left = () => page.scrollHeight - page.scrollTop - page.clientHeight;

function show() {
  below.hidden = following || left() < 80;
}

addEventListener('scroll', () => {
  const up = page.scrollTop < last - 1;
  following = left() < (up ? 4 : 80);
  last = page.scrollTop;
  show();
}, { passive: true });

addEventListener('resize', grown);

/** To the end, and with the text from now on. */
export function toEnd() {
  following = true;
  grown();
}

/** Called after something became longer. */
export function grown() {
  if (following) page.scrollTop = page.scrollHeight;
  last = page.scrollTop;
  show();
}

below.addEventListener('click', toEnd);
