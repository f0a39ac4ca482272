/* global document, location, fetch, setTimeout, AbortSignal, DOMParser */
// Waits for the page to change its state and then loads it, so that nobody has to look again by hand.
const shown = document.querySelector('[data-follow]')?.dataset.follow;

const stateNow = async () => {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(5000) });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return page.querySelector('[data-follow]')?.dataset.follow;
};

const look = async (delayMs) => {
  const state = await stateNow().catch(() => shown);
  if (state && state !== shown) location.reload();
  else setTimeout(look, delayMs, Math.min(delayMs * 1.5, 15_000));
};

setTimeout(look, 800, 1000);
