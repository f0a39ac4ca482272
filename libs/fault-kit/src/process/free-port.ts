import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the kernel's ephemeral range (32768 and up on Linux, 49152 on macOS). A port inside that range can be
// taken by any outgoing connection while its server is down, and a client that keeps dialling a dead port
// inside it will sooner or later connect to itself.
const LOWEST = 15_000;
const HIGHEST = 32_000;
const TRIES = 50;

/**
 * A TCP port of 127.0.0.1 that nobody listens on, outside the ephemeral range, so that a server can be killed
 * and started again on it.
 *
 * @throws Error when 50 random ports in a row are taken.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`Found no free port between ${LOWEST} and ${HIGHEST} in ${TRIES} tries.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
