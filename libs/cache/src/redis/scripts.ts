import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';

/** A Lua script, sent by its digest; a server that does not know it yet is told once. */
export class Script {
  readonly #digest: string;

  constructor(private readonly text: string) {
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(
    redis: Redis,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args] as const;
    try {
      return await redis.evalsha(this.#digest, ...rest);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return redis.eval(this.text, ...rest);
    }
  }
}

// MGET takes a key of another type as absent, where GET would fail.
const readVersions = `
local versions = redis.call('MGET', unpack(KEYS, 3))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** The versions that are absent begin, as ARGV[1]. @param life where their life is, in milliseconds */
const mint = (life: 'ARGV[3]' | 'ARGV[5]') => `
for i, version in ipairs(versions) do
  if not version then
    redis.call('SET', KEYS[i + 2], ARGV[1], 'PX', ${life})
    versions[i] = ARGV[1]
  end
end
`;

// ARGV: id, fresh ms, life ms, encoding, tags, payload. No functions: Redis would make them anew for every call.
// A version must outlive every entry made under it; one that is lost costs its entries, and nothing else.
const write = `
local freshUntil = string.format('%d', now + ARGV[2])
local head = ARGV[4] .. ' ' .. ARGV[1] .. ' ' .. freshUntil .. ' ' .. table.concat(versions, '.') .. ' ' .. ARGV[5]
redis.call('SET', KEYS[1], head .. '\\n' .. ARGV[6], 'PX', ARGV[3])
redis.call('UNLINK', KEYS[2])
for i = 3, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[3], 'GT') end
`;

/**
 * Asks for the lease to load a value. KEYS: value, lease, versions. ARGV: id, lease ms, id of the entry that the caller
 * has seen ('' for none), 'steal' or '', life of new versions ms.
 *
 * Answers `['changed']` when another entry stands there by now, `['busy']`, `['back-off', ms]`, or
 * `['granted', time, version, ...]`.
 */
export const beginLoad = new Script(`
local head = redis.pcall('GETRANGE', KEYS[1], 0, 63)
local seen = type(head) == 'string' and string.match(head, '^%S (%S+) ') or ''
if seen ~= ARGV[3] and ARGV[4] == '' then return {'changed'} end
local lease = redis.call('MGET', KEYS[2])[1]
if lease and ARGV[4] == '' then
  if string.sub(lease, 1, 1) ~= '!' then return {'busy'} end
  return {'back-off', redis.call('PTTL', KEYS[2])}
end
${readVersions}
${mint('ARGV[5]')}
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {'granted', now, unpack(versions)}
`);

/**
 * Keeps a loaded value, if nothing has invalidated it since the load began: an invalidation takes away the lease or a
 * version. KEYS: value, lease, versions. ARGV: id, fresh ms, life ms, encoding, tags, payload, version, ...
 *
 * Answers whether it was kept, and the time.
 */
export const endLoad = new Script(`
if redis.call('MGET', KEYS[2])[1] ~= ARGV[1] then return {0} end
${readVersions}
for i = 3, #KEYS do
  if versions[i - 2] ~= ARGV[i + 4] then
    redis.call('UNLINK', KEYS[2])
    return {0}
  end
end
${write}
return {1, now}
`);

/**
 * Writes a value regardless of what is there, overtakes a load that is under way, and tells every process. KEYS: value,
 * lease, versions. ARGV: id, fresh ms, life ms, encoding, tags, payload, channel, message.
 */
export const put = new Script(`
${readVersions}
${mint('ARGV[3]')}
${write}
redis.call('PUBLISH', ARGV[7], ARGV[8])
return now
`);

/** Prolongs a lease that is still one's own. KEYS: lease. ARGV: id, ms. */
export const renewLease = new Script(`
if redis.call('MGET', KEYS[1])[1] ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

/** Gives one's own lease back, or turns it into a back-off. KEYS: lease. ARGV: id, back-off ms or 0. */
export const endLease = new Script(`
if redis.call('MGET', KEYS[1])[1] ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('UNLINK', KEYS[1]) end
redis.call('SET', KEYS[1], '!', 'PX', ARGV[2])
return 1
`);
