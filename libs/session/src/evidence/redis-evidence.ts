import type { GuardedRedis } from '@trivet/redis';
import { randomUUID } from 'node:crypto';
import { heartPrelude, readHeart } from '../recovery/heart.js';
import type { HeartWatch } from '../recovery/heart-watch.js';
import { RedisScript } from '../redis-script.js';
import type { SessionClock } from '../session.clock.js';
import { evenWhenFull, evidencePrelude } from './evidence.lua.js';
import { decode, encode, type Testimony } from './testimony.js';
import type { EvidenceStore } from './witness.js';

const pageSize = 2000;

/**
 * Reads what was given since the last pulse and lets the heart beat. Writes are tried only: a read-only or full server still tells.
 * A data set is found to have lost something when it has forgotten a moment that this process knows it had seen, or was without
 * any process for so long that it may be an old dump.
 */
const pulse = new RedisScript(`${evidencePrelude}${heartPrelude}
local after, known, isSuspect, silence = ARGV[3], tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
if redis.call('EXISTS', 'sess:heart') == 0 then redis.pcall('HSET', 'sess:heart', 'mark', ARGV[7], 'beat', now, 'since', now) end
local found = heart()
local last = tonumber(found[2])
if last < known or now - last > silence or isSuspect == '1' then
  redis.pcall('HSET', 'sess:heart', 'since', later(now, found[3]))
end
if now > last then redis.pcall('HSET', 'sess:heart', 'beat', now) end
for _, item in ipairs(redis.call('ZRANGE', 'sess:evidence:log', 0, 99)) do
  if tonumber(string.match(item, '(%d+)$')) > now - life then break end
  redis.pcall('ZREM', 'sess:evidence:log', item)
end
local page = redis.call('ZRANGEBYSCORE', 'sess:evidence:log', '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, ${pageSize})
return { found, heart(), page }
`);

const testify = new RedisScript(`${evenWhenFull}${evidencePrelude}
for i = 3, #ARGV do testify(ARGV[i]) end
`);

const read = { name: 'session.pulse', kind: 'read' } as const;
const write = { name: 'session.testify', kind: 'write-when-full' } as const;

/** The evidence in the session Redis itself, in the order in which it came. */
export class RedisEvidence implements EvidenceStore {
  readonly name = 'redis';
  #after = '0';

  constructor(
    private readonly redis: GuardedRedis,
    private readonly clock: SessionClock,
    private readonly heart: HeartWatch,
    private readonly lifeMs: number,
  ) {}

  startOver(): void {
    this.#after = '0';
  }

  async read(): Promise<Testimony[]> {
    const items: Testimony[] = [];
    for (;;) {
      const after = this.#after;
      const page = await this.#page(after);
      // Somebody found meanwhile that the data are not what they were.
      if (after !== this.#after) continue;
      items.push(...page.flatMap((text, i) => (i % 2 === 0 ? (decode(text) ?? []) : [])));
      this.#after = page.at(-1) ?? after;
      if (page.length < 2 * pageSize) return items;
    }
  }

  async write(items: readonly Testimony[]): Promise<void> {
    for (let i = 0; i < items.length; i += pageSize) {
      const page = items.slice(i, i + pageSize).map(encode);
      await this.redis.attempt(write, (client) =>
        testify.run(client, [this.clock.now(), this.lifeMs, ...page]),
      );
    }
  }

  async #page(after: string): Promise<string[]> {
    const before = this.heart.known;
    const [found, now, page] = (await this.redis.attempt(read, (client) =>
      pulse.run(client, [
        ...[this.clock.now(), this.lifeMs, after, before.beat],
        ...[before.isSuspect ? 1 : 0, this.heart.silenceMs, randomUUID()],
      ]),
    )) as [unknown, unknown, string[]];
    this.heart.see(readHeart(found), before);
    this.heart.adopt(readHeart(now));
    return page;
  }
}
