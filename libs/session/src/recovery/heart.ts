/** What the data set says about itself, in the reply of every script. */
export interface Heart {
  /** Made with the data set; another one means other data. Empty when there is none: the data are new, and nobody has noticed yet. */
  readonly mark: string;
  /** The latest moment that the data have seen; it only ever grows, unless writes were lost. */
  readonly beat: number;
  /** When the data began, or were last found to have lost something, milliseconds since the epoch. */
  readonly since: number;
}

/** Scripts call `heart()` for their reply, and `beat()` when they have written something. */
export const heartPrelude = `
local function heart()
  local values = redis.call('HMGET', 'sess:heart', 'mark', 'beat', 'since')
  return { values[1] or '', values[2] or '0', values[3] or '0' }
end

local function beat()
  local last = tonumber(redis.call('HGET', 'sess:heart', 'beat') or now)
  if now > last then redis.call('HSET', 'sess:heart', 'beat', now) end
end
`;

/** @param reply of `heart()`. */
export function readHeart(reply: unknown): Heart {
  const [mark = '', beat = '0', since = '0'] = reply as string[];
  return { mark, beat: Number(beat), since: Number(since) };
}
