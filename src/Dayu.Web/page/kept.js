/**
 * What the browser keeps: choices for good, the draft and the conversation as long as their tab. A browser that keeps
 * nothing (private windows, full storage) is no error: the page then forgets.
 */
const place = name => {
  try { return window[name]; } catch { return null; }
};

const keep = store => ({
  get(key) {
    try { return JSON.parse(store.getItem(`dayu.${key}`)); } catch { return null; }
  },
  /** @returns whether it was kept. */
  set(key, value) {
    try {
      if (value == null || value === '') store.removeItem(`dayu.${key}`);
      else store.setItem(`dayu.${key}`, JSON.stringify(value));
      return true;
    } catch { return false; }
  },
});

export const forGood = keep(place('localStorage'));
export const forTheTab = keep(place('sessionStorage'));
