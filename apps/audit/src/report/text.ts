import { type Audit } from '../audit.js';
import { type MeasuredKey } from '../redis/scan.js';
import { printableName } from '../tally/key-name.js';
import { Sum } from '../tally/sum.js';
import { remarks } from './remarks.js';
import { wrapped, table, type Column } from './table.js';
import { readableBytes, readableCount, readableSeconds, readableShare } from './units.js';

type NamedSum = readonly [name: string, sum: Sum];

/** The whole report for a person; fits 80 columns. */
export function textReport(audit: Audit, top: number): string {
  const { total, types, expiry, topKeys } = audit;
  const sections: [string, string[]][] = [
    ['Server', serverLines(audit)],
    ['By type', table(types, sumColumns('TYPE', total))],
    ['By pattern', table(patternRows(audit, top), sumColumns('PATTERN', total))],
    ['Expires', table(total.keys > 0 ? expiry : [], expiryColumns(total))],
    ['Largest keys', table(topKeys, keyColumns(total))],
    ['Worth a look', remarks(audit).flatMap((sentence) => wrapped(sentence, '  - ', '    '))],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  return [headLines(audit), ...shown.map(([title, lines]) => [title, ...lines])]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function headLines({ label, database, match, server, ...scan }: Audit): string[] {
  const { total, expectedKeys, isComplete, vanished, seconds } = scan;
  const looked = `${readableCount(total.keys)} keys looked at in ${seconds.toFixed(1)} s`;
  const filter = match === undefined ? '' : `, only those that match ${match}`;
  const gone = vanished === 0 ? '' : `, ${readableCount(vanished)} vanished meanwhile`;
  const share =
    expectedKeys === undefined
      ? ''
      : `, ${readableShare(total.keys, expectedKeys)} of ${readableCount(expectedKeys)}`;
  const early = isComplete ? '' : ` - STOPPED EARLY${share}`;
  return [
    `Redis ${server.version} at ${label.replaceAll(',', ', ')}, database ${database}`,
    `${server.role}, up ${readableSeconds(server.uptimeSeconds)}`,
    looked + filter + gone + early,
  ].flatMap((line) => wrapped(line));
}

function serverLines({ server, total }: Audit): string[] {
  const { usedBytes, maxBytes, peakBytes, datasetBytes, residentBytes } = server;
  const limit =
    maxBytes === 0 ? 'no limit' : `${readableShare(usedBytes, maxBytes)} of ${readableBytes(maxBytes)}`;
  const rows: [string, string][] = [
    ['used', `${readableBytes(usedBytes)}, ${limit}; peak ${readableBytes(peakBytes)}`],
    ['data', `${readableBytes(datasetBytes)}; the keys below ${readableBytes(total.bytes)}`],
    ['resident', `${readableBytes(residentBytes)}, fragmentation ${server.fragmentationRatio}`],
    ['policy', server.policy],
    [
      'since start',
      `${readableCount(server.evictedKeys)} evicted, ${readableCount(server.expiredKeys)} expired`,
    ],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(11)}  ${value}`);
}

function patternRows({ patterns, otherPatterns }: Audit, top: number): NamedSum[] {
  const hidden = patterns.slice(top);
  const rest = hidden.reduce((sum, [, more]) => sum.merge(more), new Sum()).merge(otherPatterns);
  const more = otherPatterns.keys > 0 ? 'more than ' : '';
  const restRow: NamedSum[] =
    rest.keys > 0 ? [[`(${more}${readableCount(hidden.length)} other patterns)`, rest]] : [];
  return [...patterns.slice(0, top), ...restRow];
}

function sumColumns(title: string, total: Sum): Column<NamedSum>[] {
  return [
    { title: 'MEMORY', cell: ([, sum]) => readableBytes(sum.bytes) },
    { title: 'SHARE', cell: ([, sum]) => readableShare(sum.bytes, total.bytes) },
    { title: 'KEYS', cell: ([, sum]) => readableCount(sum.keys) },
    { title: 'AVERAGE', cell: ([, sum]) => readableBytes(sum.bytes / sum.keys) },
    { title: 'NO TTL', cell: ([, sum]) => readableCount(sum.withoutTtl) },
    { title, cell: ([name]) => name },
  ];
}

function expiryColumns(total: Sum): Column<NamedSum>[] {
  return [
    { title: 'MEMORY', cell: ([, sum]) => readableBytes(sum.bytes) },
    { title: 'SHARE', cell: ([, sum]) => readableShare(sum.bytes, total.bytes) },
    { title: 'KEYS', cell: ([, sum]) => readableCount(sum.keys) },
    { title: 'WHEN', cell: ([span]) => span },
  ];
}

function keyColumns(total: Sum): Column<MeasuredKey>[] {
  return [
    { title: 'MEMORY', cell: ({ bytes }) => readableBytes(bytes) },
    { title: 'SHARE', cell: ({ bytes }) => readableShare(bytes, total.bytes) },
    { title: 'TYPE', align: 'left', cell: ({ type }) => type },
    {
      title: 'TTL',
      align: 'left',
      cell: ({ ttlMs }) => (ttlMs === null ? 'none' : readableSeconds(ttlMs / 1_000)),
    },
    { title: 'KEY', cell: ({ name }) => printableName(name) },
  ];
}
