// Before the first paint: the theme this reader chose, if any. A plain script, so that nothing flashes.
try {
  const chosen = localStorage.getItem('tandem-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is forbidden: the system's theme it is.
}
