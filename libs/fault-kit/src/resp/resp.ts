import { ReplyError } from '../errors.js';

/** What Redis answers: status and bulk strings, integers, nil, arrays; an error reply is a value inside an array. */
export type Reply = string | number | null | ReplyError | Reply[];

/** One command as RESP bytes. */
export function encode(args: readonly (string | number)[]): string {
  return args.reduce<string>((bytes, arg) => {
    const text = String(arg);
    return `${bytes}$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  }, `*${args.length}\r\n`);
}

/** Incremental RESP2 parser: give it chunks, take whole replies. */
export class RespParser {
  #bytes = Buffer.alloc(0);

  push(chunk: Buffer): Reply[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const replies: Reply[] = [];
    for (let next = this.#read(0); next; next = this.#read(0)) {
      replies.push(next.reply);
      this.#bytes = this.#bytes.subarray(next.end);
    }
    return replies;
  }

  #read(start: number): { reply: Reply; end: number } | undefined {
    const type = this.#bytes.toString('latin1', start, start + 1);
    if (!'+-:$*'.includes(type)) throw new Error(`Not a RESP reply: it starts with ${JSON.stringify(type)}`);
    const lineEnd = this.#bytes.indexOf('\r\n', start);
    if (lineEnd < 0) return undefined;
    const line = this.#bytes.toString('utf8', start + 1, lineEnd);
    const end = lineEnd + 2;
    switch (type) {
      case '+':
        return { reply: line, end };
      case '-':
        return { reply: new ReplyError(line), end };
      case ':':
        return { reply: Number(line), end };
      case '$':
        return this.#readBulk(Number(line), end);
      default:
        return this.#readArray(Number(line), end);
    }
  }

  #readBulk(length: number, start: number): { reply: Reply; end: number } | undefined {
    if (length < 0) return { reply: null, end: start };
    const end = start + length;
    if (this.#bytes.length < end + 2) return undefined;
    return { reply: this.#bytes.toString('utf8', start, end), end: end + 2 };
  }

  #readArray(length: number, start: number): { reply: Reply; end: number } | undefined {
    if (length < 0) return { reply: null, end: start };
    const items: Reply[] = [];
    let end = start;
    for (let index = 0; index < length; index++) {
      const item = this.#read(end);
      if (!item) return undefined;
      items.push(item.reply);
      end = item.end;
    }
    return { reply: items, end };
  }
}
