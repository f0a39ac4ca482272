import { expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hangUp } from './client.js';
import { Load } from './load.js';

it('ends with what it accompanies, by an error too, and knows what became of each request', async () => {
  const door = createServer((_, response) => response.writeHead(202).end('[{"id":"1","placed":"queue"}]'));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const load = new Load([(door.address() as AddressInfo).port], 200);
  try {
    const failing = load.during(async () => {
      await sleep(100);
      throw new Error('its own');
    });
    await expect(failing).rejects.toThrow('its own');
    const { sent } = load;
    expect(sent).toBeGreaterThan(0);
    expect(load.accepted).toHaveLength(sent);
    await sleep(50);
    expect(load.sent).toBe(sent);
  } finally {
    hangUp();
    door.close();
  }
});
