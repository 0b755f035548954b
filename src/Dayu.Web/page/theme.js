// Before the first paint, so that nobody who chose the dark is blinded by a white page: the only script that is no module.
try {
  const theme = JSON.parse(localStorage.getItem('dayu.theme'));
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* a browser that keeps nothing has no choice kept */ }
