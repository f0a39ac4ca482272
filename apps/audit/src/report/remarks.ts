import { type Audit } from '../audit.js';
import { printableName } from '../tally/key-name.js';
import { readableBytes, readableCount, readableShare } from './units.js';

const MEBIBYTE = 1_048_576;

type Check = (audit: Audit) => string | undefined;

const checks: readonly Check[] = [
  ({ server: { maxBytes } }) =>
    maxBytes === 0
      ? 'No maxmemory is set: Redis grows until the system kills it. Set maxmemory and maxmemory-policy.'
      : undefined,

  ({ server: { usedBytes, maxBytes, policy } }) => {
    if (maxBytes === 0 || usedBytes < 0.8 * maxBytes) return undefined;
    const next = policy === 'noeviction' ? 'Redis refuses writes' : `${policy} evicts keys`;
    return `${readableShare(usedBytes, maxBytes)} of maxmemory is used; when it is full, ${next}.`;
  },

  ({ server: { evictedKeys } }) =>
    evictedKeys > 0
      ? `${readableCount(evictedKeys)} keys were evicted since the start: fine for a cache, a loss for sessions or jobs.`
      : undefined,

  ({ server: { policy }, total, expiry }) => {
    const never = expiry.find(([span]) => span === 'never')?.[1];
    if (!policy.startsWith('volatile-') || never === undefined || never.keys === 0) return undefined;
    return `${policy} never evicts the ${readableCount(never.keys)} keys without a TTL: ${readableBytes(never.bytes)}, ${readableShare(never.bytes, total.bytes)} of the memory in keys.`;
  },

  ({ server: { fragmentationRatio, usedBytes } }) =>
    fragmentationRatio > 1.5 && usedBytes > 64 * MEBIBYTE
      ? `Fragmentation is ${fragmentationRatio}: the process holds that many times what it uses. Look at activedefrag.`
      : undefined,

  ({ topKeys: [largest], total }) =>
    largest !== undefined && largest.bytes >= MEBIBYTE && largest.bytes > 0.1 * total.bytes
      ? `One key holds ${readableShare(largest.bytes, total.bytes)} of the memory in keys: ${printableName(largest.name)}`
      : undefined,

  ({ server: { keysByDatabase }, database }) => {
    const others = Object.entries(keysByDatabase).filter(([number]) => Number(number) !== database);
    if (others.length === 0) return undefined;
    const list = others.map(([number, keys]) => `${readableCount(keys)} in database ${number}`).join(', ');
    return `Keys not looked at: ${list}. Put the number at the end of the URL.`;
  },

  ({ server: { isClusterNode } }) =>
    isClusterNode ? 'This is one node of a cluster: only its own keys were looked at.' : undefined,
];

/** Patterns where nearly all keys expire and a few do not: usually an EXPIRE that was forgotten. */
function forgottenTtls({ patterns }: Audit): string[] {
  return patterns
    .filter(([, { keys, withoutTtl }]) => withoutTtl > 0 && withoutTtl <= 0.1 * keys)
    .slice(0, 5)
    .map(
      ([pattern, { keys, withoutTtl }]) =>
        `${readableCount(withoutTtl)} of ${readableCount(keys)} ${pattern} never expire, the others do.`,
    );
}

/** What a person should look at, in whole sentences. */
export function remarks(audit: Audit): string[] {
  const sentences = checks.map((check) => check(audit)).filter((sentence) => sentence !== undefined);
  return [...sentences, ...forgottenTtls(audit)];
}
