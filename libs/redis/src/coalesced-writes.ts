import type { Redis } from 'ioredis';

/**
 * Lets commands leave together: one that follows others still under way waits for the end of this turn of the event loop, and
 * for whatever else comes until then. A single one leaves at once. ioredis makes a write for each, and the system call costs more
 * than the command.
 */
export function coalesceWrites(redis: Redis): void {
  redis.on('connect', () => {
    const { stream } = redis;
    const write: typeof stream.write = stream.write.bind(stream);
    const uncork = () => stream.uncork();
    stream.write = ((...args: Parameters<typeof write>) => {
      // A command is in the queue once it has been written, so this is about others.
      if (redis.commandQueue.length > 0 && stream.writableCorked === 0) {
        stream.cork();
        setImmediate(uncork);
      }
      return write(...args);
    }) as typeof stream.write;
  });
}
