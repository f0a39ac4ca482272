/* global document, setInterval */
// Counts down to the end of the sign-in. Both sites renew the cookie that says when that is, so what one does in another tab
// counts here. Nothing depends on it: the server ends the sign-in, with or without this script.
const place = document.getElementById('ending');
const minuteMs = 60_000;
let shown;

const times = () => {
  const [, idle, absolute] = /_shared_org_until=(\d{13})\.(\d{13})/.exec(document.cookie) ?? [];
  return idle && { idleMs: idle - Date.now(), absoluteMs: absolute - Date.now() };
};

const span = (ms) => {
  const minutes = Math.floor(ms / minuteMs);
  return minutes > 0 ? `${minutes} min` : 'less than a minute';
};

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const show = (key, tone, title, ...advice) => {
  if (key === shown) return;
  shown = key;
  const parts = [element('strong', {}, title), element('div', {}, ...advice)];
  place.replaceChildren(...(title ? [element('div', { className: `alert ${tone}` }, ...parts)] : []));
};

const look = () => {
  const left = times();
  if (!left) return;
  const leftMs = Math.min(left.idleMs, left.absoluteMs);
  if (leftMs > place.dataset.warnMs) return show('none');
  if (leftMs > 0) {
    const advice = left.absoluteMs <= left.idleMs ? place.dataset.absolute : place.dataset.idle;
    return show(span(leftMs) + advice, 'warning', `Your sign-in ends in ${span(leftMs)}.`, advice);
  }
  const link = element('a', { href: place.dataset.signIn }, 'Sign in again');
  show('over', 'warning', 'Your sign-in has ended.', link, ' to go on from here.');
};

if (place) {
  look();
  setInterval(look, 5000);
  document.addEventListener('visibilitychange', look);
}
