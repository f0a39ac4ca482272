import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SentinelCluster } from '@trivet/fault-kit';
import { run } from './cli.js';

let cluster: SentinelCluster;

beforeAll(async () => {
  cluster = await SentinelCluster.start({ replicas: 1, name: 'trivet-session' });
}, 30_000);
afterAll(() => cluster.stop());

async function outcomeOf(...argv: string[]): Promise<string> {
  let written = '';
  const output = { write: (text: string) => (written += text) };
  const code = await run(argv, { stdout: output, stderr: output, interrupt: new AbortController().signal });
  return `${code} ${written}`;
}

it('looks at the master that the Sentinels name, though the first of them is down', async () => {
  await (await cluster.master()).command('SET', 'sess:1', 'x');
  await cluster.sentinels[0]?.kill();
  const report = await outcomeOf(cluster.url);
  expect(report).toMatch(
    /^0 Redis [\d.]+ at 127\.0\.0\.1:\d+, [^#]*#trivet-session, database 0\nmaster, up /,
  );
  expect(report).toContain('sess:*');
  expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('says that no Sentinel knows the master', async () => {
  expect(await outcomeOf(cluster.url.replace('#trivet-session', '#other'))).toMatch(
    /^2 Redis at .*#other could not be found: no Sentinel in the URL answered with the address of that master\.\n$/,
  );
});
