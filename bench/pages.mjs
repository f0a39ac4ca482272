// Requests a second of a signed-in learner's lesson, from the cache: Trivet beside the plain stack, both built apps.
import { Browser, send } from './beside/browser.mjs';
import { inPairs, perSecond } from './beside/pairs.mjs';
import { withBothStacks } from './beside/stacks.mjs';

const pairs = 11;
const lanes = 20;
const ms = 1_500;
const lesson = 'three-kinds-of-data';

/** Asks for what is measured, with the cookies of somebody who has opened the page before. */
function reader({ doors }, browser, path) {
  const headers = { cookie: browser.cookie('learn'), accept: path.startsWith('/api') ? '*/*' : 'text/html' };
  return async () => {
    const { status } = await send({ doors, app: 'learn', path, headers });
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  };
}

await withBothStacks(async (stacks) => {
  const browsers = new Map();
  for (const stack of stacks) {
    const browser = new Browser(stack.doors);
    await browser.signIn('learner-001');
    await browser.open('learn', `/lessons/${lesson}`);
    browsers.set(stack, browser);
  }
  for (const path of [`/lessons/${lesson}`, `/api/lessons/${lesson}`]) {
    const measure = (stack) => perSecond(reader(stack, browsers.get(stack), path), { lanes, ms });
    for (const stack of stacks) await measure(stack); // Warm.
    const { ours, theirs, ratio, from, to } = await inPairs(stacks, pairs, measure);
    console.log(
      `${path}: Trivet ${Math.round(ours)}/s, plain ${Math.round(theirs)}/s, ` +
        `ratio median ${ratio.toFixed(2)}, ${from.toFixed(2)} to ${to.toFixed(2)} over ${pairs} pairs, ${lanes} in flight`,
    );
  }
});
