// What a session costs: Trivet beside express-session + connect-redis in the plain stack, both built apps. Round trips are
// counted from outside: every reply of the session Redis is held back for some milliseconds, and an answer comes later by
// that much for each trip it waits for, its last byte included.
import { performance } from 'node:perf_hooks';
import { Browser, send } from './beside/browser.mjs';
import { inPairs, median, perSecond } from './beside/pairs.mjs';
import { withBothStacks } from './beside/stacks.mjs';

const delayMs = 40;
const samples = 25;
const pairs = 11;
const lanes = 20;
const ms = 1_500;

async function msOf(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** In pairs: a sign-in's password takes longer than the round trips, and never the same. */
async function roundTrips({ targets }, work) {
  await work();
  const trips = [];
  for (let pair = 0; pair < samples; pair += 1) {
    const atOnce = await msOf(work);
    const undo = targets.session.proxy.delay({ ms: delayMs });
    try {
      trips.push(((await msOf(work)) - atOnce) / delayMs);
    } finally {
      await undo();
    }
  }
  return median(trips);
}

/** Reads who is signed in. */
async function whoAmI(stack) {
  const browser = new Browser(stack.doors);
  await browser.signIn('learner-001');
  await browser.open('learn', '/');
  const headers = { cookie: browser.cookie('learn') };
  return async () => {
    const { status } = await send({ doors: stack.doors, app: 'learn', path: '/api/me', headers });
    if (status !== 200) throw new Error(`/api/me answered ${status}`);
  };
}

await withBothStacks(async (stacks) => {
  const readers = new Map();
  for (const stack of stacks) readers.set(stack, await whoAmI(stack));
  for (const stack of stacks) {
    const read = await roundTrips(stack, readers.get(stack));
    const login = await roundTrips(stack, () => new Browser(stack.doors).signIn('learner-002'));
    console.log(`${stack.name}: round trips per read ${read.toFixed(1)}, per sign-in ${login.toFixed(1)}`);
  }
  const measure = (stack) => perSecond(readers.get(stack), { lanes, ms });
  for (const stack of stacks) await measure(stack); // Warm.
  const { ours, theirs, ratio, from, to } = await inPairs(stacks, pairs, measure);
  console.log(
    `/api/me: Trivet ${Math.round(ours)}/s, plain ${Math.round(theirs)}/s, ` +
      `ratio median ${ratio.toFixed(2)}, ${from.toFixed(2)} to ${to.toFixed(2)} over ${pairs} pairs, ${lanes} in flight`,
  );
});
