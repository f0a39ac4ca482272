import { type RedisRow } from './redis-rows.js';

/** The rows for a person, one Redis a line. */
export function redisTable(rows: readonly RedisRow[]): string {
  return rows
    .map((row) => `${row.group.padEnd(8)} ${row.role}  ${row.host}:${row.port}  ${stateOf(row)}\n`)
    .join('');
}

function stateOf({ pid, up }: RedisRow): string {
  if (pid === null) return 'down';
  return `${up ? 'up' : 'hangs'} (process ${pid})`;
}
