import { expect, it } from '@jest/globals';
import { ReplyError } from '../errors.js';
import { encode, RespParser } from './resp.js';

const BYTES = Buffer.from(
  '+OK\r\n$-1\r\n*3\r\n:7\r\n$4\r\nä\r\n\r\n*1\r\n-ERR no such key\r\n$0\r\n\r\n*-1\r\n',
);
const REPLIES = ['OK', null, [7, 'ä\r\n', [new ReplyError('ERR no such key')]], '', null];

it('reads the same replies however the bytes are cut', () => {
  for (let size = 1; size <= BYTES.length; size++) {
    const parser = new RespParser();
    const replies = [];
    for (let start = 0; start < BYTES.length; start += size) {
      replies.push(...parser.push(BYTES.subarray(start, start + size)));
    }
    expect(replies).toEqual(REPLIES);
  }
});

it('refuses bytes that are no reply at their first one', () => {
  expect(() => new RespParser().push(Buffer.from('HTTP/1.1'))).toThrow(
    'Not a RESP reply: it starts with "H"',
  );
});

it('counts bytes, not characters, of a command', () => {
  expect(encode(['ECHO', 'ä', 7])).toBe('*3\r\n$4\r\nECHO\r\n$2\r\nä\r\n$1\r\n7\r\n');
});
