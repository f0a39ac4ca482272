import { type Audit } from '../audit.js';
import { printableName } from '../tally/key-name.js';
import { type Sum } from '../tally/sum.js';
import { remarks } from './remarks.js';

/** The whole report for machines: bytes, counts, milliseconds; shares from 0 to 1. */
export function jsonReport(audit: Audit): string {
  const { total, server, match = null, expectedKeys = null } = audit;
  const row = (sum: Sum) => ({
    keys: sum.keys,
    bytes: sum.bytes,
    share: total.bytes > 0 ? sum.bytes / total.bytes : 0,
    averageBytes: sum.keys > 0 ? sum.bytes / sum.keys : 0,
    largestBytes: sum.largestBytes,
    withoutTtl: sum.withoutTtl,
  });
  const report = {
    redis: { at: audit.label, database: audit.database, ...server },
    scan: {
      match,
      complete: audit.isComplete,
      seconds: audit.seconds,
      expectedKeys,
      vanishedKeys: audit.vanished,
    },
    total: row(total),
    types: audit.types.map(([type, sum]) => ({ type, ...row(sum) })),
    patterns: audit.patterns.map(([pattern, sum]) => ({ pattern, ...row(sum) })),
    otherPatterns: row(audit.otherPatterns),
    expiry: audit.expiry.map(([when, sum]) => ({ when, ...row(sum) })),
    topKeys: audit.topKeys.map(({ name, ...key }) => ({ key: printableName(name), ...key })),
    remarks: remarks(audit),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
