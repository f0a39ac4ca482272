import { expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  addressList,
  choice,
  flag,
  hostName,
  httpUrl,
  mailbox,
  port,
  postgresUrl,
  readEnvironment,
  redisUrl,
  secret,
  secretList,
  smtpUrl,
  text,
} from './index.js';

const KEY = 'k'.repeat(32);

const read = (field: z.ZodType, value?: string) => readEnvironment(z.object({ X: field }), { X: value }).X;

const accepted: [string, z.ZodType, string | undefined, unknown][] = [
  ['port', port(), '0', 0],
  ['port', port(3001), undefined, 3001],
  ['redisUrl', redisUrl(), 'redis://user:p%40ss@h:6379/2', 'redis://user:p%40ss@h:6379/2'],
  ['redisUrl', redisUrl(), 'rediss://[::1]:6379', 'rediss://[::1]:6379'],
  ['redisUrl', redisUrl(), 'redis-sentinel://u:p@a:1,b:2,c/0#m', 'redis-sentinel://u:p@a:1,b:2,c/0#m'],
  ['redisUrl', redisUrl(), 'rediss-sentinel://[::1]:26379#m', 'rediss-sentinel://[::1]:26379#m'],
  ['postgresUrl', postgresUrl(), 'postgres://u:p@h/db', 'postgres://u:p@h/db'],
  ['httpUrl', httpUrl(), 'http://learn.trivet.localhost:3002', 'http://learn.trivet.localhost:3002'],
  ['smtpUrl', smtpUrl(), 'smtps://u:p%40@mail.example.org:465', 'smtps://u:p%40@mail.example.org:465'],
  ['mailbox', mailbox(), 'a@example.org', 'a@example.org'],
  ['mailbox', mailbox(), 'Trivet Academy <a@trivet.localhost>', 'Trivet Academy <a@trivet.localhost>'],
  ['hostName', hostName(), 'trivet.localhost', 'trivet.localhost'],
  ['hostName', hostName(), '0.0.0.0', '0.0.0.0'],
  ['secret', secret(), KEY, KEY],
  ['secretList', secretList(), `${KEY}, ${KEY}x`, [KEY, `${KEY}x`]],
  ['choice', choice(['json', 'pretty'], 'json'), 'pretty', 'pretty'],
  ['choice', choice(['json', 'pretty'], 'json'), undefined, 'json'],
  ['flag', flag(false), 'true', true],
  ['flag', flag(true), '0', false],
  ['flag', flag(true), undefined, true],
  ['addressList', addressList(), undefined, []],
  ['addressList', addressList(), '10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ['text', text(), 'a b', 'a b'],
];

it.each(accepted)('%s accepts %#: %s', (_name, field, value, expected) => {
  expect(read(field, value)).toEqual(expected);
});

const refused: [string, z.ZodType, string | undefined, string][] = [
  ['port', port(), '65536', 'got something else (example: 3001)'],
  ['port', port(3102), '1e3', 'got something else (example: 3102)'],
  ['redisUrl', redisUrl(), 'localhost:6379', 'got something else'],
  ['redisUrl', redisUrl(), 'redis:///0', 'names no host'],
  ['redisUrl', redisUrl(), 'redis://h/zero', 'the database after the slash is not a number'],
  ['redisUrl', redisUrl(), 'redis-sentinel://a:1,b:2/0', 'is not of the form redis-sentinel://'],
  ['redisUrl', redisUrl(), 'redis-cluster://a:1,b:2', 'redis-cluster:// is not supported: tags and scripts'],
  ['postgresUrl', postgresUrl(), 'mysql://h/db', 'got something else'],
  ['postgresUrl', postgresUrl(), 'postgresql://h', 'names no database'],
  ['httpUrl', httpUrl(), 'https://learn.example.org/', 'got something else'],
  ['httpUrl', httpUrl(), 'https://learn.example.org/path', 'got something else'],
  ['httpUrl', httpUrl(), 'https://user@learn.example.org', 'got something else'],
  ['smtpUrl', smtpUrl(), 'mail.example.org:25', 'got something else'],
  ['smtpUrl', smtpUrl(), 'smtp://h/inbox', 'holds a path'],
  ['mailbox', mailbox(), 'Academy', 'expected a mail address'],
  ['mailbox', mailbox(), 'a@b@c.org', 'got something else'],
  ['mailbox', mailbox(), 'A <a@b.org>\r\nBcc: c@d.org', 'got something else'],
  ['hostName', hostName(), '.example.org', 'got something else'],
  ['hostName', hostName(), 'http://example.org', 'got something else'],
  ['secret', secret(), 'k'.repeat(31), 'characters, has 31 characters (example: the output of'],
  ['secretList', secretList(), `${KEY},`, 'item 2 has 0 characters'],
  ['choice', choice(['json', 'pretty'], 'json'), 'xml', 'expected one of json, pretty, got something else'],
  ['flag', flag(false), 'yes please', 'expected true or false, got something else (example: false)'],
  ['addressList', addressList(), 'all', 'item 1 would trust everybody'],
  ['addressList', addressList(), '*', 'item 1 would trust everybody'],
  ['addressList', addressList(), 'true', 'item 1 would trust everybody'],
  ['addressList', addressList(), '127.0.0.1,0.0.0.0/0', 'item 2 would trust everybody'],
  ['addressList', addressList(), '::/0', 'item 1 would trust everybody'],
  ['addressList', addressList(), '10.0.0.0/33', 'item 1 is neither'],
  ['addressList', addressList(), '10.0.0.0/8/8', 'item 1 is neither'],
  ['addressList', addressList(), 'proxy.local', 'item 1 is neither'],
  ['text', text(), undefined, 'expected a text, is missing'],
];

it.each(refused)('%s refuses %#: %s', (_name, field, value, sentence) => {
  expect(() => read(field, value)).toThrow(sentence);
});
