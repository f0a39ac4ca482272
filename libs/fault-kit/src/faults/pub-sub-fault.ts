import { setTimeout as sleep } from 'node:timers/promises';
import { once } from '../undo.js';
import type { Fault } from './fault.js';

const CUT_EVERY_MS = 10;

/** Messages published meanwhile are lost, as they always are for a subscriber that is away. */
export const pubSubCut: Fault = {
  name: 'pubSubCut',
  summary: 'Subscribers are disconnected (CLIENT KILL TYPE pubsub), again and again; all else works.',
  topology: 'standalone',
  apply: async ({ server }) => {
    const control = await server.connect();
    const cut = () => control.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    let isOn = true;
    const keepCutting = async () => {
      for (; isOn; await sleep(CUT_EVERY_MS)) await cut();
    };
    await cut();
    // A server that is gone has no subscribers left to cut.
    const cutting = keepCutting().catch(() => control.close());
    return once(async () => {
      isOn = false;
      await cutting;
      control.close();
    });
  },
};
