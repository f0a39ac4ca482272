import type { Redis } from 'ioredis';

/**
 * Lets the commands of one turn of the event loop leave in two writes: the first at once, so that a single one does not wait, and
 * the others together at the end of the turn. ioredis makes one for each, and the system call costs more than the command.
 */
export function coalesceWrites(redis: Redis): void {
  redis.on('connect', () => {
    const { stream } = redis;
    const write: typeof stream.write = stream.write.bind(stream);
    let isFirst = true;
    const endTurn = () => {
      isFirst = true;
      if (stream.writableCorked > 0) stream.uncork();
    };
    stream.write = ((...args: Parameters<typeof write>) => {
      if (isFirst) {
        isFirst = false;
        setImmediate(endTurn);
      } else if (stream.writableCorked === 0) stream.cork();
      return write(...args);
    }) as typeof stream.write;
  });
}
